/**
 * E3: loop attacks (2024, CVE-2024-2169): one packet with a forged sender sets two servers to answering each other's
 * errors for ever; and senders that nothing can be sent to, or that answer anything (chargen).
 *
 * A message with QR=1 is never answered, whatever else it is (access/read-query.ts), so of two servers that keep to this
 * rule none answers the other's reply. Source port 0 is dropped before anything looks at the octets (listen/udp.ts).
 * Port 53 is not: forwarders ask from there.
 */

import { expect, test } from 'vitest';
import type { BatchHandlers, Datagram } from '../../src/listen/batch.ts';
import { createUdpListener } from '../../src/listen/udp.ts';
import { queryOctets } from '../support/client-query.ts';
import { createHandClock } from '../support/hand-clock.ts';
import { createSeededRandom } from '../support/seeded-random.ts';
import { serveInternet } from '../support/served-internet.ts';
import { clientInternet } from './client-internet.ts';
import { recordFigure } from './figures.ts';

test('nothing with QR=1 is answered: any opcode, any RCODE, any length', async () => {
  const internet = serveInternet(clientInternet());
  const random = createSeededRandom(3);
  let replies = 0;
  let sent = 0;
  for (let flags = 0x8000; flags <= 0xffff; flags += 0x11) {
    const whole = queryOctets({ flags, edns: {} });
    const { octets } = await internet.send(whole.subarray(0, 12 + random.below(whole.length - 11)));
    sent++;
    if (octets !== undefined) replies++;
  }
  expect(sent).toBeGreaterThan(1900);
  recordFigure('E3', 'replies to messages with QR=1', replies, 0);
});

test.each<[string, Uint8Array]>([
  ['a query', queryOctets({ edns: {} })],
  ['a query that is refused', queryOctets({ qtype: 'AXFR' })],
  ['a broken query', queryOctets().subarray(0, 17)],
  ['another opcode', queryOctets({ flags: 0x2000 })],
  ['a response', queryOctets({ flags: 0x8182 })],
  ['a response of another opcode', queryOctets({ flags: 0xa004 })],
])('two resolvers, each taken for the other by %s, fall silent at once', async (_, spark) => {
  const servers = [serveInternet(clientInternet()), serveInternet(clientInternet())];
  const addresses = ['10.0.0.1', '10.0.0.2'];
  let messages = 0;
  let packet: Uint8Array | undefined = spark;
  for (let to = 0; packet !== undefined && messages < 100; to = 1 - to) {
    packet = await servers[to].ask(packet, { address: addresses[1 - to], port: 53 });
    if (packet !== undefined) messages++;
  }
  recordFigure('E3', 'messages that one forged packet sets off', messages, 1);
});

test('of 1,000 datagrams from port 0 none is handed on or answered; from ports 19, 53 and 123 each is', async () => {
  const seen: number[] = [];
  const sent: Datagram[] = [];
  const dropped: string[] = [];
  let handlers: BatchHandlers | undefined;
  const listener = createUdpListener(
    { address: '192.0.2.53', port: 53 },
    {
      clock: createHandClock(),
      handler: (octets, client, send) => {
        seen.push(client.port);
        send(octets);
      },
      report: (event) => void (event.kind === 'message-dropped' && dropped.push(event.reason)),
      openBatch: (_address, port, given) => {
        handlers = given;
        const batch = {
          port,
          send: (datagrams: readonly Datagram[]) => void sent.push(...datagrams),
          close: () => Promise.resolve(),
        };
        return Promise.resolve({ kind: 'open', batch });
      },
    },
  );
  await listener.start();
  const from = (port: number): Datagram => ({ octets: queryOctets(), address: '10.0.0.1', port });
  for (let i = 0; i < 1000; i++) handlers!.received([from(0)]);
  for (const port of [19, 53, 123]) handlers!.received([from(port)]);
  await listener.stop(0);
  recordFigure('E3', 'datagrams from port 0 that were handed on', seen.filter((port) => port === 0).length, 0);
  recordFigure('E3', 'replies to port 0', sent.filter(({ port }) => port === 0).length, 0);
  expect([seen, dropped.length, sent.length]).toEqual([[19, 53, 123], 1000, 3]);
});
