/**
 * A delegation that the parent has taken back is gone within its TTL, whatever the child does to be kept in the cache:
 * "ghost domain names" (Jiang et al., 2012), and sub-delegations that are to outlive it ("phoenix domains", Li et al., 2023).
 */

import { expect, test } from 'vitest';

import { replaceServer } from '../support/replace-server.ts';
import type { SimulatedInternet } from '../support/simulated-internet.ts';
import { simulatedInternet } from '../support/walking-resolver.ts';

const PARENT = '192.0.2.53';
const CHILD = '192.0.2.66';
const DELEGATION_TTL = 600;
/** A ghost is asked this often, so that it may renew itself. */
const EVERY_MS = 60_000;

const ghost = (records: string) =>
  simulatedInternet()
    .zone('.', { at: '198.51.100.1' })
    .zone('test.', { at: PARENT, delegationTtl: DELEGATION_TTL })
    .zone('ghost.test.', { at: CHILD, nsTtl: 86_400, records });

function takeBack(internet: SimulatedInternet): void {
  replaceServer(internet, PARENT, { 'test.': '@ 60 SOA ns1 hostmaster 1 7200 3600 1209600 60\nns1 A 192.0.2.53' });
}

/** Simulated seconds until a name in the zone is denied, the child being asked all the time by `questions`. */
async function deniedAfter(internet: SimulatedInternet, questions: (minute: number) => string[]): Promise<number> {
  for (let minute = 1; minute <= 60; minute++) {
    internet.wait(EVERY_MS);
    for (const question of questions(minute)) await internet.ask(question);
    const { reply } = await internet.ask(`fresh${minute}.ghost.test. A`);
    if (reply.rcode === 3) return (minute * EVERY_MS) / 1000;
  }
  return Infinity;
}

test.each<[string, (minute: number) => string[]]>([
  ['nothing is asked', () => []],
  ['its NS set is asked for again and again', () => ['ghost.test. NS']],
  ['its SOA and its server are asked for', () => ['ghost.test. SOA', 'ns1.ghost.test. A']],
  ['new names are asked for', (minute) => [`a${minute}.ghost.test. A`, `b${minute}.ghost.test. TXT`]],
])('a zone that was taken back is gone within its TTL when %s', async (_, questions) => {
  const internet = ghost('* A 203.0.113.66');
  expect((await internet.ask('www.ghost.test. A')).reply).toAnswer('www.ghost.test. 300 A 203.0.113.66');
  takeBack(internet);
  expect(await deniedAfter(internet, questions)).toBeLessThanOrEqual(DELEGATION_TTL);
});

test('new delegations below it, each learned through the last, end when it ends', async () => {
  const internet = ghost('* A 203.0.113.66');
  await internet.ask('www.ghost.test. A');
  takeBack(internet);
  let [apex, server] = ['ghost.test.', CHILD];
  for (let minute = 1; minute < 20; minute++) {
    internet.wait(EVERY_MS);
    // Every minute the last of the zones delegates a new one, for a day, to a server of its own.
    const [child, next] = [`p${minute}.${apex}`, `192.0.2.${100 + minute}`];
    replaceServer(internet, server, { [apex]: `p${minute} 86400 NS ns.p${minute}\nns.p${minute} 86400 A ${next}` });
    replaceServer(internet, next, { [child]: 'www 10 A 203.0.113.66' });
    const { reply } = await internet.ask(`www.${child} A`);
    if (minute * 60 < DELEGATION_TTL) expect(reply).toAnswer(`www.${child} 10 A 203.0.113.66`);
    else expect(reply).toDeny('nxdomain');
    if (minute * 60 < DELEGATION_TTL) [apex, server] = [child, next];
  }
});

test('a parent that names other servers is believed as soon as the old delegation has ended', async () => {
  const internet = ghost('www 10 A 203.0.113.66');
  await internet.ask('www.ghost.test. A');
  replaceServer(internet, PARENT, { 'test.': 'ghost NS ns.ghost\nns.ghost A 192.0.2.9' });
  replaceServer(internet, '192.0.2.9', { 'ghost.test.': 'www 10 A 203.0.113.9' });
  internet.wait(DELEGATION_TTL * 1000);
  expect((await internet.ask('www.ghost.test. A')).reply).toAnswer('www.ghost.test. 10 A 203.0.113.9');
});
