/**
 * E10: tricks with DNS cookies (RFC 7873, RFC 9018; 2026, CVE-2026-54478): a cookie shown again from another address or
 * after its time, cookies of impossible length, and answers that have client and server go round with BADCOOKIE.
 *
 * A server cookie is good for the client cookie and the address that it was made for, for an hour, and over one change
 * of the secret (access/server-cookies.ts). Any other is as good as none: the query is answered, with a sound cookie.
 * BADCOOKIE is said only to a client that asks for nothing but whether its cookie is good (RFC 7873 §5.4), with one
 * that is.
 */

import { describe, expect, test } from 'vitest';
import { Option, readCookie, readOptions } from '../../src/dns/edns.ts';
import { readMessage, type MessageView } from '../../src/dns/wire/message-view.ts';
import { queryOctets } from '../support/client-query.ts';
import { createSeededRandom } from '../support/seeded-random.ts';
import { lanClient, serveInternet, type Served } from '../support/served-internet.ts';
import { clientInternet } from './client-internet.ts';
import { recordFigure } from './figures.ts';

const HOUR_MS = 3_600_000;
const clientCookie = Uint8Array.of(8, 7, 6, 5, 4, 3, 2, 1);

function withCookie(data: Uint8Array): Uint8Array {
  return queryOctets({ edns: { options: [{ code: Option.COOKIE, data }] } });
}

function cookieIn(reply: Uint8Array | undefined): Uint8Array | undefined {
  const view = readMessage(reply!) as MessageView;
  return readOptions(view.opt()!.options)!.find(({ code }) => code === Option.COOKIE)?.data;
}

/** Whether the cookie counts: with one reply a second, only a proven address gets two. */
async function proves(internet: Served, cookie: Uint8Array, address = lanClient.address): Promise<boolean> {
  internet.clock.advance(1000);
  const replies = [
    await internet.ask(withCookie(cookie), { address }),
    await internet.ask(withCookie(cookie), { address }),
  ];
  return replies.every((reply) => reply !== undefined && (readMessage(reply) as MessageView).answerCount === 1);
}

const limited = (): Served =>
  serveInternet(clientInternet(), { access: { rateLimit: { repliesPerSecond: 1, errorsPerSecond: 100, slip: 1 } } });

async function givenBy(internet: Served): Promise<Uint8Array> {
  internet.clock.advance(1000);
  return cookieIn(await internet.ask(withCookie(clientCookie)))!;
}

describe('a cookie counts', () => {
  test('for the address that it was given to', async () => {
    const internet = limited();
    const cookie = await givenBy(internet);
    expect(readCookie(cookie)).toMatchObject({ client: clientCookie, server: { length: 16 } });
    expect(await proves(internet, cookie)).toBe(true);
  });

  test('over a change of the secret, and for an hour', async () => {
    const internet = limited();
    internet.clock.advance(24 * HOUR_MS - HOUR_MS / 2);
    const cookie = await givenBy(internet);
    internet.clock.advance(HOUR_MS - 5000);
    expect(await proves(internet, cookie)).toBe(true);
  });
});

describe('a cookie does not count', () => {
  const random = createSeededRandom(10);
  test.each<[string, (cookie: Uint8Array) => Uint8Array, string, number]>([
    ['from another address', (cookie) => cookie, '10.0.0.8', 0],
    ['after more than an hour', (cookie) => cookie, lanClient.address, HOUR_MS],
    ['after two changes of the secret', (cookie) => cookie, lanClient.address, 48 * HOUR_MS],
    [
      'with another client cookie',
      (cookie) => cookie.map((octet, i) => (i === 0 ? octet ^ 1 : octet)),
      lanClient.address,
      0,
    ],
    ['cut to 16 octets', (cookie) => cookie.subarray(0, 16), lanClient.address, 0],
    ['grown to 40 octets', (cookie) => Uint8Array.of(...cookie, ...new Uint8Array(16)), lanClient.address, 0],
    ['of the client alone', (cookie) => cookie.subarray(0, 8), lanClient.address, 0],
  ])('%s', async (_, change, address, waitMs) => {
    const internet = limited();
    const cookie = change(await givenBy(internet));
    internet.clock.advance(waitMs);
    expect(await proves(internet, cookie, address)).toBe(false);
  });

  test('that is guessed, 10,000 times', async () => {
    const internet = serveInternet(clientInternet());
    const guesses = Array.from({ length: 10_000 }, () => {
      const guess = Uint8Array.from({ length: 24 }, () => random.below(256));
      guess.set([1, 0, 0, 0], 8);
      return internet.send(withCookie(guess));
    });
    await internet.clock.run(Promise.all(guesses));
    const believed = internet.finished.filter((one) => one.kind === 'answered' && one.query.isAddressProven);
    recordFigure('E10', 'of 10,000 guessed cookies believed', believed.length, 0);
  });
});

test('whatever cookie is shown, BADCOOKIE is never said, and a client that follows is done in one more query', async () => {
  const internet = serveInternet(clientInternet());
  const random = createSeededRandom(11);
  let most = 0;
  for (let octets = 0; octets <= 64; octets++) {
    let shown = Uint8Array.from({ length: octets }, () => random.below(256));
    let queries = 0;
    for (let isSettled = false; !isSettled; queries++) {
      const reply = await internet.ask(withCookie(shown));
      const view = readMessage(reply!) as MessageView;
      expect([0, 1]).toContain(view.rcode);
      const given = view.rcode === 0 ? cookieIn(reply) : undefined;
      isSettled = given === undefined || Buffer.from(given).equals(shown);
      if (given !== undefined) shown = Uint8Array.from(given);
    }
    most = Math.max(most, queries);
  }
  recordFigure('E10', 'queries until a client has a cookie that stays', most, 2);
});

test('a client without a question is told once that its cookie is not good, with one that is', async () => {
  const internet = serveInternet(clientInternet());
  const bare = (cookie: Uint8Array): Uint8Array => {
    const asked = withCookie(cookie);
    return Uint8Array.of(...asked.subarray(0, 4), 0, 0, ...asked.subarray(6, 12), ...asked.subarray(29));
  };
  const first = await internet.ask(bare(Uint8Array.of(...clientCookie, ...new Uint8Array(16))));
  expect((readMessage(first!) as MessageView).rcode).toBe(23);
  const second = await internet.ask(bare(cookieIn(first)!));
  expect((readMessage(second!) as MessageView).rcode).toBe(0);
  expect(cookieIn(second)).toEqual(cookieIn(first));
  recordFigure('E10', 'octets more than a query that shows a cookie', first!.length - bare(cookieIn(first)!).length, 0);
});

test.each([7, 9, 15, 41, 200])('a cookie of %d octets is a format error that asks nobody', async (octets) => {
  const internet = serveInternet(clientInternet());
  const reply = await internet.ask(withCookie(new Uint8Array(octets)));
  expect((readMessage(reply!) as MessageView).rcode).toBe(1);
  recordFigure('E10', `exchanges for a cookie of ${octets} octets`, internet.exchanges(), 0);
});
