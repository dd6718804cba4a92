/** What a forger or a careless server sends beside the response never changes what the response is. */

import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createExchange } from '../../src/exchange/create-exchange.ts';
import type { ExchangeRequest } from '../../src/exchange/exchange.ts';
import { name, nameFromWire, prepend, ROOT, type Name } from '../../src/dns/name.ts';
import { createHandClock } from '../support/hand-clock.ts';
import { createScriptedNetwork } from '../support/scripted-network.ts';
import { createSeededRandom } from '../support/seeded-random.ts';

const anyLabel = fc.uint8Array({ minLength: 1, maxLength: 20 }).map((octets) => String.fromCharCode(...octets));
const anyName = fc
  .array(anyLabel, { maxLength: 6 })
  .map((labels) => labels.reduce<Name>((below, label) => prepend(label, below) ?? below, ROOT));

/** Octets that can be no response to any query: too short, QR = 0, another OPCODE, or a name that runs past the end. */
const anyJunk = fc.oneof(
  fc.uint8Array({ maxLength: 11 }),
  fc.uint8Array({ minLength: 12, maxLength: 600 }).map((octets) => ((octets[2] &= 0x7f), octets)),
  fc.uint8Array({ minLength: 12, maxLength: 600 }).map((octets) => ((octets[2] |= 0xf8), octets)),
  fc.uint8Array({ minLength: 12, maxLength: 12 }).map((octets) => (octets.set([0, 1], 4), octets)),
  fc.uint8Array({ minLength: 1233, maxLength: 1400 }),
);

function requestFor(qname: Name): ExchangeRequest {
  return {
    server: { address: '192.0.2.1', port: 53 },
    transport: 'udp',
    qname,
    qtype: 1,
    recursionDesired: false,
    payloadSize: 1232,
    dnssecOk: true,
    randomiseCase: true,
    withCookie: false,
    timeoutMs: 400,
  };
}

test('any junk before the response gives the response', async () => {
  await fc.assert(
    fc.asyncProperty(anyName, fc.array(anyJunk, { maxLength: 8 }), fc.integer(), async (qname, junk, seed) => {
      const network = createScriptedNetwork();
      const clock = createHandClock();
      const pending = createExchange({ network, clock, random: createSeededRandom(seed) })(requestFor(qname));
      const [flow] = network.udp;
      const response = flow.sent[0].slice();
      response[2] |= 0x80;

      for (const octets of [...junk, response]) flow.handlers.datagram(octets);

      const outcome = await pending.outcome;
      expect(outcome.kind === 'response' && outcome.message.octets).toEqual(response);
      expect(flow.closed).toBe(1);
      expect(clock.pending()).toBe(0);
    }),
    { numRuns: 1000 },
  );
});

test('a name is asked for as it is, whatever its letter case becomes', () => {
  fc.assert(
    fc.property(anyName, fc.integer(), (qname, seed) => {
      const network = createScriptedNetwork();
      createExchange({ network, clock: createHandClock(), random: createSeededRandom(seed) })(requestFor(qname));
      expect(nameFromWire(network.udp[0].sent[0], 12, 12 + qname.length)).toBe(qname);
    }),
  );
});

test('over TCP, a response cut anywhere is put together', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat({ max: 60 }), { maxLength: 20 }), async (cuts) => {
      const network = createScriptedNetwork();
      const around = { network, clock: createHandClock(), random: createSeededRandom(1) };
      const pending = createExchange(around)({ ...requestFor(name('www.example.')), transport: 'tcp' });
      const [flow] = network.tcp;
      flow.handlers.connected();
      const framed = flow.sent[0].slice();
      framed[4] |= 0x80;

      const ends = [...cuts.filter((cut) => cut < framed.length), framed.length].toSorted((a, b) => a - b);
      ends.forEach((end, i) => flow.handlers.data(framed.subarray(ends[i - 1] ?? 0, end)));

      const outcome = await pending.outcome;
      expect(outcome.kind === 'response' && outcome.message.octets).toEqual(framed.subarray(2));
    }),
  );
});
