/**
 * For broken-zones-elsewhere.test.ts, in a network namespace of its own: serves every broken zone of the lab at port 53
 * of loopback addresses, asks Unbound the question of each, and prints what it made of them.
 */

import { Flag } from '../../src/dns/wire/compose.ts';
import type { Expected } from '../../src/lab/breakage.ts';
import { allBroken } from '../../src/lab/broken-internet.ts';
import { hintsToText } from '../../src/lab/demo-internet.ts';
import { planInternet } from '../../src/lab/internet.ts';
import { createLoopbackServer } from '../../src/lab/loopback-server.ts';
import { systemClock } from '../../src/system/clock.ts';
import { startUnbound } from '../differential/unbound.ts';
import { queryFor, readResponse } from '../support/messages.ts';
import { exchangeOverUdp } from '../support/plain-exchange.ts';

export type Verdict = {
  readonly kind: string;
  /** `silence` where it was still trying. */
  readonly rcode: string;
  readonly isSecure: boolean;
};

/** Where servers are silent it tries for longer than anybody has to wait for, and elsewhere it is only slow. */
const patienceMs = ({ state }: Expected): number => (state === 'indeterminate' ? 2000 : 30_000);

const { plan, cases } = allBroken();
const { hosts, hints, trustAnchors } = planInternet(plan, systemClock);
const servers = hosts.map((host) => createLoopbackServer({ ...host, latencyMs: 0, port: 53 }, { clock: systemClock }));
for (const server of servers) {
  const started = await server.start();
  if (started.kind === 'failed') throw new Error(started.why);
}
const unbound = await startUnbound({ hints: hintsToText(hints), trustAnchors, port: 5399 });
const verdicts = await Promise.all(
  cases.map(async ({ kind, question, expected }): Promise<Verdict> => {
    const query = queryFor(question, { flags: Flag.RD | Flag.AD });
    const response = await exchangeOverUdp({ address: '127.0.0.1', port: unbound.port }, query, patienceMs(expected));
    if (response === undefined) return { kind, rcode: 'silence', isSecure: false };
    const { rcode, flags } = readResponse(response);
    return { kind, rcode, isSecure: flags.includes('AD') };
  }),
);
await unbound.stop();
await Promise.all(servers.map((server) => server.stop()));
process.stdout.write(JSON.stringify(verdicts));
