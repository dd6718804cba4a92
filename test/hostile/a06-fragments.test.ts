/**
 * A6. Fragment replacement (Herzberg and Shulman, 2012; CVE-2025-59024; RFC 9715): the second fragment of a large UDP
 * response is forged. Port, ID, letter case and cookie all stand in the first, so they protect nothing of it.
 *
 * Here servers are offered 1232 octets, which cross every ordinary path in one piece; a response that is larger all the
 * same is dropped unread, and the question asked again over TCP. What is left is a path with an MTU below 1260, where a
 * response of the offered size can still come in pieces: the system puts them together and no program sees it, so
 * packet filters should drop fragments to the resolver. Our own replies over UDP have 1232 octets at most.
 */

import { fileURLToPath } from 'node:url';

import { describe, expect, onTestFinished, test } from 'vitest';

import { rrset } from '../../src/dns/rrset.ts';
import { name } from '../../src/dns/name.ts';
import { Type } from '../../src/dns/record-type.ts';
import { forges, only } from '../../src/lab/misbehaviour.ts';
import { createNamespace, namespacesAreMissing } from '../support/namespace.ts';
import { resolverIn } from '../support/resolver-in.ts';
import { simulatedInternet } from '../support/walking-resolver.ts';
import { clientTo } from './client-to.ts';
import { recordFigure } from './figures.ts';

const SERVER = '192.0.2.1';
const OFFERED = 1232;

/** The tail of the response, where the second fragment would be, has a forged address of the server in it. */
const planted = rrset(name('ns1.example.'), Type.A, 86_400, [Uint8Array.of(203, 0, 113, 66)]);

const zone = (octets: number) =>
  simulatedInternet()
    .zone('.', { at: '198.51.100.1' })
    .zone('example.', { at: SERVER, records: 'www A 203.0.113.7' })
    .server(
      SERVER,
      only({ transport: 'udp' }, forges('additional', planted)),
      only({ transport: 'udp' }, { kind: 'huge', octets }),
    );

describe('a response larger than was offered', () => {
  test.each([1233, 1400, 1500, 2000, 4000, 65_000])('of %i octets is dropped, and TCP asked', async (octets) => {
    const resolver = resolverIn(zone(octets));
    expect(await resolver.ask('www.example. A')).toAnswer('www.example. 300 A 203.0.113.7');
    const seen = resolver.seen(SERVER);
    const poisoned = resolver.cached().filter((line) => /203\.0\.113\.66/.test(line)).length;
    recordFigure('A6', `records from a forged fragment of ${octets} octets that were kept`, poisoned, 0);
    recordFigure('A6', `exchanges after a response of ${octets} octets`, seen.length, 2);
    expect(seen.filter((query) => / over TCP/.test(query))).toHaveLength(1);
  });
});

test('a response of exactly the size that was offered is taken', async () => {
  const resolver = resolverIn(zone(OFFERED));
  expect(await resolver.ask('www.example. A')).toAnswer('www.example. 300 A 203.0.113.7');
  expect(resolver.seen(SERVER)).toEqual(['www.example. A']);
});

test('our own replies over UDP are never larger, whatever the client says it can take', async () => {
  const texts = Array.from({ length: 60 }, (_, i) => `big TXT "${'x'.repeat(100)}${i}"`).join('\n');
  const internet = simulatedInternet()
    .zone('.', { at: '198.51.100.1' })
    .zone('example.', { at: SERVER, records: texts });
  const client = clientTo(internet);
  const reply = await client.ask({ qname: 'big.example.', qtype: 'TXT', edns: { payloadSize: 65_535 } });
  expect(reply?.isTruncated).toBe(true);
  recordFigure('A6', 'octets of our largest reply over UDP', reply!.octets.length, OFFERED);
});

test.skipIf(namespacesAreMissing)(
  `real fragments on a path of MTU 576, to a real socket${because(namespacesAreMissing)}`,
  async () => {
    const namespace = await createNamespace();
    onTestFinished(() => namespace.remove());
    await namespace.run('ip', 'link', 'set', 'lo', 'mtu', '576');
    const child = fileURLToPath(new URL('a06-fragments.child.ts', import.meta.url));
    // 4,000 octets come in eight pieces, which the system puts together; 1,200 in three.
    expect(JSON.parse(await namespace.run(process.execPath, child))).toEqual({
      piecesPutTogether: true,
      tooLarge: 'mismatch: too-large',
      asOffered: 'response',
    });
  },
);

function because(why: string | undefined): string {
  return why === undefined ? '' : ` (skipped: ${why})`;
}
