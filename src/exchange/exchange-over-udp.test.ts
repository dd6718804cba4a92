import { describe, expect, test } from 'vitest';
import { name } from '../dns/name.ts';
import { Type } from '../dns/record-type.ts';
import { createHandClock, type HandClock } from '../../test/support/hand-clock.ts';
import { createScriptedNetwork, type ScriptedFlow } from '../../test/support/scripted-network.ts';
import { createSeededRandom } from '../../test/support/seeded-random.ts';
import { createExchange, type ExchangeRoomEvent } from './create-exchange.ts';
import type { ExchangeRequest, PendingExchange } from './exchange.ts';
import type { UdpHandlers } from './network.ts';

const server = { address: '192.0.2.1', port: 53 };
const request: ExchangeRequest = {
  server,
  transport: 'udp',
  qname: name('www.example.'),
  qtype: Type.A,
  recursionDesired: false,
  payloadSize: 1232,
  dnssecOk: true,
  randomiseCase: true,
  withCookie: false,
  timeoutMs: 400,
};

type Begun = {
  readonly pending: PendingExchange;
  readonly clock: HandClock;
  readonly flow: ScriptedFlow<UdpHandlers>;
  readonly events: ExchangeRoomEvent[];
  /** What was sent, with QR set. */
  readonly response: Uint8Array;
};

function begin(): Begun {
  const clock = createHandClock();
  const network = createScriptedNetwork();
  const events: ExchangeRoomEvent[] = [];
  const random = createSeededRandom(6);
  const pending = createExchange({ network, clock, random, report: (event) => void events.push(event) })(request);
  const [flow] = network.udp;
  const response = flow.sent[0].slice();
  response[2] |= 0x80;
  return { pending, clock, flow, events, response };
}

/** Whatever happened, the flow was closed once and no timer is left. */
function expectReleased({ flow, clock }: Begun): void {
  expect(flow.closed).toBe(1);
  expect(clock.pending()).toBe(0);
}

test('one datagram goes to the server', () => {
  const { flow } = begin();
  expect(flow.server).toEqual(server);
  expect(flow.sent).toHaveLength(1);
});

test('the response ends the exchange, with the time it took', async () => {
  const begun = begin();
  begun.clock.advance(25);
  begun.flow.handlers.datagram(begun.response);
  const outcome = await begun.pending.outcome;
  expect(outcome).toMatchObject({ kind: 'response', roundTripMs: 25 });
  expect(outcome.kind === 'response' && outcome.message.octets).toEqual(begun.response);
  expectReleased(begun);
});

test('silence is a time-out', async () => {
  const begun = begin();
  begun.clock.advance(400);
  expect(await begun.pending.outcome).toEqual({ kind: 'timeout', waitedMs: 400 });
  expectReleased(begun);
});

test('a server that cannot be reached ends the exchange at once, with the reason', async () => {
  const begun = begin();
  begun.clock.advance(3);
  begun.flow.handlers.failed('ECONNREFUSED');
  expect(await begun.pending.outcome).toEqual({ kind: 'unreachable', code: 'ECONNREFUSED', waitedMs: 3 });
  expectReleased(begun);
});

test('a wrong ID ends the exchange at once: a forger has no second guess', async () => {
  const begun = begin();
  begun.response[0] ^= 1;
  begun.flow.handlers.datagram(begun.response);
  expect(await begun.pending.outcome).toEqual({ kind: 'mismatch', why: 'wrong-id', waitedMs: 0 });
  expect(begun.events).toEqual([{ kind: 'response-mismatch', server: '192.0.2.1', why: 'wrong-id' }]);
  expectReleased(begun);
});

describe('junk', () => {
  test('is passed over and reported, and the response behind it counts', async () => {
    const begun = begin();
    begun.flow.handlers.datagram(Uint8Array.of(1, 2, 3));
    begun.flow.handlers.datagram(begun.flow.sent[0]);
    begun.flow.handlers.datagram(begun.response);
    expect(await begun.pending.outcome).toMatchObject({ kind: 'response' });
    expect(begun.events).toEqual([
      { kind: 'datagram-ignored', server: '192.0.2.1', why: 'shorter than a header' },
      { kind: 'datagram-ignored', server: '192.0.2.1', why: 'not a response' },
    ]);
    expectReleased(begun);
  });

  test('with nothing better until time is up makes the exchange malformed, for the first reason', async () => {
    const begun = begin();
    begun.flow.handlers.datagram(Uint8Array.of(1, 2, 3));
    begun.flow.handlers.datagram(begun.flow.sent[0]);
    begun.clock.advance(400);
    expect(await begun.pending.outcome).toEqual({ kind: 'malformed', why: 'shorter than a header', waitedMs: 400 });
    expectReleased(begun);
  });
});

describe('a refusal that repeats nothing of the question', () => {
  const bareRefusal = ({ response }: Begun): Uint8Array => Uint8Array.of(response[0], response[1], 0x80, 5, ...EMPTY);
  const EMPTY = new Uint8Array(8);

  test('does not count when the response comes behind it', async () => {
    const begun = begin();
    begun.clock.advance(20);
    begun.flow.handlers.datagram(bareRefusal(begun));
    begun.clock.advance(30);
    begun.flow.handlers.datagram(begun.response);
    expect(await begun.pending.outcome).toMatchObject({ kind: 'response', roundTripMs: 50, message: { rcode: 0 } });
    expectReleased(begun);
  });

  test('is the response after as long again, with the time it took itself', async () => {
    const begun = begin();
    begun.clock.advance(80);
    begun.flow.handlers.datagram(bareRefusal(begun));
    begun.clock.advance(79);
    begun.flow.handlers.datagram(bareRefusal(begun));
    expect(begun.flow.closed).toBe(0);
    begun.clock.advance(1);
    expect(await begun.pending.outcome).toMatchObject({ kind: 'response', roundTripMs: 80, message: { rcode: 5 } });
    expectReleased(begun);
  });

  test('is waited behind for 50 ms at least, and not beyond the time-out', async () => {
    const begun = begin();
    begun.flow.handlers.datagram(bareRefusal(begun));
    begun.clock.advance(49);
    expect(begun.flow.closed).toBe(0);
    const late = begin();
    late.clock.advance(390);
    late.flow.handlers.datagram(bareRefusal(late));
    late.clock.advance(10);
    expect(await late.pending.outcome).toMatchObject({ kind: 'response', roundTripMs: 390 });
    expectReleased(late);
  });
});

describe('cancelling', () => {
  test('ends the exchange', async () => {
    const begun = begin();
    begun.clock.advance(7);
    begun.pending.cancel();
    expect(await begun.pending.outcome).toEqual({ kind: 'cancelled', waitedMs: 7 });
    expectReleased(begun);
  });

  test('has no effect on an exchange that has ended', async () => {
    const begun = begin();
    begun.flow.handlers.datagram(begun.response);
    begun.pending.cancel();
    expect(await begun.pending.outcome).toMatchObject({ kind: 'response' });
    expectReleased(begun);
  });
});

test('whatever comes after the end changes nothing and is not reported', async () => {
  const begun = begin();
  begun.pending.cancel();
  begun.flow.handlers.datagram(Uint8Array.of(1, 2, 3));
  begun.flow.handlers.datagram(begun.response);
  begun.flow.handlers.failed('ECONNREFUSED');
  begun.clock.advance(1000);
  expect(await begun.pending.outcome).toMatchObject({ kind: 'cancelled' });
  expect(begun.events).toEqual([]);
  expectReleased(begun);
});
