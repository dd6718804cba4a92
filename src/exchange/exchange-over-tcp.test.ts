import { describe, expect, test } from 'vitest';
import { name } from '../dns/name.ts';
import { Type } from '../dns/record-type.ts';
import { createHandClock, type HandClock } from '../../test/support/hand-clock.ts';
import { createScriptedNetwork, type ScriptedFlow } from '../../test/support/scripted-network.ts';
import { createSeededRandom } from '../../test/support/seeded-random.ts';
import { createExchange } from './create-exchange.ts';
import type { ExchangeRequest, PendingExchange } from './exchange.ts';
import type { TcpHandlers } from './network.ts';

const request: ExchangeRequest = {
  server: { address: '2001:db8::1', port: 53 },
  transport: 'tcp',
  qname: name('www.example.'),
  qtype: Type.A,
  recursionDesired: false,
  payloadSize: 1232,
  dnssecOk: true,
  randomiseCase: true,
  withCookie: false,
  timeoutMs: 800,
};

type Begun = {
  readonly pending: PendingExchange;
  readonly clock: HandClock;
  readonly flow: ScriptedFlow<TcpHandlers>;
};

function begin(): Begun {
  const clock = createHandClock();
  const network = createScriptedNetwork();
  const pending = createExchange({ network, clock, random: createSeededRandom(6) })(request);
  return { pending, clock, flow: network.tcp[0] };
}

/** Connects, and gives what was sent with QR set, behind its length. */
function connect({ flow }: Begun): Uint8Array {
  flow.handlers.connected();
  const framed = flow.sent[0].slice();
  framed[4] |= 0x80;
  return framed;
}

function expectReleased({ flow, clock }: Begun): void {
  expect(flow.closed).toBe(1);
  expect(clock.pending()).toBe(0);
}

test('the query goes out behind its length, in one piece, once there is a connection', () => {
  const begun = begin();
  expect(begun.flow.sent).toEqual([]);
  begun.flow.handlers.connected();
  const [framed] = begun.flow.sent;
  expect(begun.flow.sent).toHaveLength(1);
  expect((framed[0] << 8) | framed[1]).toBe(framed.length - 2);
});

describe('the response', () => {
  const whole = connect(begin());

  test.each(Array.from({ length: whole.length - 1 }, (_, i) => i + 1))(
    'cut behind octet %i is put together',
    async (cut) => {
      const begun = begin();
      const framed = connect(begun);
      begun.clock.advance(30);
      begun.flow.handlers.data(framed.subarray(0, cut));
      begun.flow.handlers.data(framed.subarray(cut));
      const outcome = await begun.pending.outcome;
      expect(outcome).toMatchObject({ kind: 'response', roundTripMs: 30 });
      expect(outcome.kind === 'response' && outcome.message.octets).toEqual(framed.subarray(2));
      expectReleased(begun);
    },
  );

  test('in single octets, with another message behind it, is the first message', async () => {
    const begun = begin();
    const framed = connect(begun);
    for (const octet of Uint8Array.of(...framed, ...framed)) begun.flow.handlers.data(Uint8Array.of(octet));
    const outcome = await begun.pending.outcome;
    expect(outcome.kind === 'response' && outcome.message.octets).toEqual(framed.subarray(2));
    expectReleased(begun);
  });

  test('need not have the letter case of the question: nobody forges into a connection', async () => {
    const begun = begin();
    const framed = connect(begun);
    for (let at = 14; at < 27; at++) if (framed[at] >= 0x41) framed[at] ^= 0x20;
    begun.flow.handlers.data(framed);
    expect(await begun.pending.outcome).toMatchObject({ kind: 'response' });
  });
});

test.each<[string, (framed: Uint8Array) => Uint8Array, string]>([
  ['a message of no octets', () => Uint8Array.of(0, 0), 'shorter than a header'],
  ['a query', (framed) => ((framed[4] &= 0x7f), framed), 'not a response'],
  ['a response with another ID', (framed) => ((framed[2] ^= 1), framed), 'wrong-id'],
  ['a response to another question', (framed) => ((framed[15] = 0x30), framed), 'wrong-question'],
])('%s is malformed at once', async (_, change, why) => {
  const begun = begin();
  begun.flow.handlers.data(change(connect(begun)));
  expect(await begun.pending.outcome).toEqual({ kind: 'malformed', why, waitedMs: 0 });
  expectReleased(begun);
});

test.each<[string, string | undefined, string]>([
  ['is refused', 'ECONNREFUSED', 'ECONNREFUSED'],
  ['is reset', 'ECONNRESET', 'ECONNRESET'],
  ['ends without an error', undefined, 'EOF'],
])('a connection that %s before the response is unreachable', async (_, code, expected) => {
  const begun = begin();
  begun.clock.advance(12);
  begun.flow.handlers.closed(code);
  expect(await begun.pending.outcome).toEqual({ kind: 'unreachable', code: expected, waitedMs: 12 });
  expectReleased(begun);
});

test.each<[string, (begun: Begun) => void]>([
  ['nobody who answers the connection', () => {}],
  ['a server that says nothing', (begun) => void connect(begun)],
  ['a server that stops in the middle', (begun) => begun.flow.handlers.data(connect(begun).subarray(0, 20))],
])('time runs out with %s', async (_, happen) => {
  const begun = begin();
  happen(begun);
  begun.clock.advance(800);
  expect(await begun.pending.outcome).toEqual({ kind: 'timeout', waitedMs: 800 });
  expectReleased(begun);
});

test('cancelling closes the connection, and what comes later changes nothing', async () => {
  const begun = begin();
  const framed = connect(begun);
  begun.pending.cancel();
  begun.flow.handlers.data(framed);
  begun.flow.handlers.closed('ECONNRESET');
  expect(await begun.pending.outcome).toEqual({ kind: 'cancelled', waitedMs: 0 });
  expectReleased(begun);
});
