/**
 * What attacks by DNSSEC cost in processor time: `node bench/hostile-dnssec.ts`, for docs/security.md. The work itself is
 * counted by test/hostile/d*.ts, on any machine.
 *
 * Each query is asked of the real resolver in a small internet in memory; what its servers take for their answers is
 * taken off. The median of the queries is shown; whatever else the machine does can only add.
 */

import { performance } from 'node:perf_hooks';
import { Type } from '../src/dns/record-type.ts';
import { together } from '../src/lab/tampering.ts';
import { forgedSignatures, fullP384Trap, rsa, trap, zoneKeyTwins } from '../test/hostile/keytrap-zones.ts';
import { validatedIn, type Validated } from '../test/hostile/validated.ts';
import { simulatedInternet, type SimulatedInternet } from '../test/support/simulated-internet.ts';

const QUERIES = 40;

await keyTrap();
await fullPacket();
for (const iterations of [0, 50]) await longNames(iterations);

async function keyTrap(): Promise<void> {
  const tampering = together([zoneKeyTwins(120), forgedSignatures(Type.A, 100)]);
  show('D1', '120 keys, 100 signatures: each query', await each(trap(tampering, rsa), (i) => `n${i}.trap. A`), 'ms');
  show('D1', 'the same zone in order: each query', await each(trap({}, rsa), (i) => `n${i}.trap. A`), 'ms');
}

async function fullPacket(): Promise<void> {
  // No turn of the event loop can be longer than all of them together.
  show('D1', 'P-384, 560 keys, 440 signatures: each query', await each(fullP384Trap(), (i) => `n${i}.trap. A`), 'ms');
}

async function longNames(iterations: number): Promise<void> {
  const internet = (): SimulatedInternet =>
    simulatedInternet()
      .zone('.', { at: '198.51.100.1', signed: true })
      .zone('nsec3.', { at: '192.0.2.1', records: 'www A 203.0.113.7', signed: { denial: 'nsec3', iterations } });
  const cost = await each(internet(), (i) => `${'n.'.repeat(99)}x${i}.nsec3. A`, true);
  show('D2', `100 labels, ${iterations} iterations: each denial`, cost, 'ms');
}

/** Processor time of the resolver for each query, ms, when the keys of the zone are known; denials of others may be forgotten. */
async function each(
  internet: SimulatedInternet,
  question: (i: number) => string,
  isForgetful = false,
): Promise<number> {
  const lab = timedServers(internet);
  const resolver = validatedIn(internet);
  await resolver.ask(question(-1));
  const costs: number[] = [];
  for (let i = 0; i < QUERIES; i++) {
    if (isForgetful) resolver.resolver.cache.ranges.clear();
    costs.push(await timed(resolver, question(i), lab));
  }
  return costs.sort((a, b) => a - b)[QUERIES >> 1];
}

async function timed(resolver: Validated, question: string, lab: { ms: number }): Promise<number> {
  const labBefore = lab.ms;
  const before = process.cpuUsage();
  await resolver.ask(question);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 - (lab.ms - labBefore);
}

function timedServers(internet: SimulatedInternet): { ms: number } {
  const lab = { ms: 0 };
  for (const server of internet.build().servers.values()) {
    const react = server.react.bind(server);
    Object.assign(server, {
      react(...given: Parameters<typeof react>) {
        const start = performance.now();
        try {
          return react(...given);
        } finally {
          lab.ms += performance.now() - start;
        }
      },
    });
  }
  return lab;
}

function show(id: string, what: string, value: number, unit: string): void {
  process.stdout.write(`${id.padEnd(4)}${what.padEnd(76)}${value.toFixed(2).padStart(8)} ${unit}\n`);
}
