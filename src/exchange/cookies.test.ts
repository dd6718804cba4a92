import { describe, expect, test } from 'vitest';
import { cookieOption, writeOptions, type Cookie } from '../dns/edns.ts';
import { MessageView, readMessage } from '../dns/wire/message-view.ts';
import { createHandClock } from '../../test/support/hand-clock.ts';
import { createSeededRandom } from '../../test/support/seeded-random.ts';
import { SECRET_LIFE_MS, compareCookie, createCookieJar } from './cookies.ts';

const A = '192.0.2.1';
const B = '2001:db8::1';

function jarWithClock(seed = 1) {
  const clock = createHandClock();
  return { clock, jar: createCookieJar({ clock, random: createSeededRandom(seed) }) };
}

/** A response whose OPT record has these octets as its cookie; none at all where they are left out. */
function response(data?: Uint8Array): MessageView {
  const options = data === undefined ? new Uint8Array(0) : writeOptions([{ code: 10, data }]);
  const opt = [0, 0, 41, 4, 208, 0, 0, 0, 0, 0, options.length, ...options];
  const view = readMessage(Uint8Array.of(0, 1, 0x80, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 1, ...opt));
  if (!(view instanceof MessageView)) throw new Error(view.why);
  return view;
}
const echoOf = (cookie: Cookie, server: Uint8Array | undefined) =>
  response(cookieOption({ client: cookie.client, server }).data);
const serverPart = Uint8Array.from({ length: 16 }, (_, i) => i);
const otherPart = serverPart.map((octet) => octet + 1);

describe('the client cookie (RFC 9018 §3)', () => {
  test('has eight octets, is the same for the same server, and tells no server what another gets', () => {
    const { jar } = jarWithClock();
    expect(jar.cookieFor(A).client).toHaveLength(8);
    expect(jar.cookieFor(A).client).toEqual(jar.cookieFor(A).client);
    expect(jar.cookieFor(A).client).not.toEqual(jar.cookieFor(B).client);
  });

  test('depends on a secret', () => {
    expect(jarWithClock(1).jar.cookieFor(A).client).not.toEqual(jarWithClock(2).jar.cookieFor(A).client);
  });

  test('is another one when the secret has been renewed, and the server is to give its own anew', () => {
    const { jar, clock } = jarWithClock();
    const before = jar.cookieFor(A);
    jar.learn(A, before, echoOf(before, serverPart));
    clock.advance(SECRET_LIFE_MS - 1);
    expect(jar.cookieFor(A).server).toEqual(serverPart);
    clock.advance(1);
    expect(jar.cookieFor(A)).toMatchObject({ server: undefined, isOwed: false });
    expect(jar.cookieFor(A).client).not.toEqual(before.client);
    jar.learn(A, before, echoOf(before, serverPart));
    expect(jar.cookieFor(A).server).toBeUndefined();
  });
});

describe("the server's cookie", () => {
  test('is sent back and owed from then on, the latest that was given', () => {
    const { jar } = jarWithClock();
    expect(jar.cookieFor(A).isOwed).toBe(false);
    jar.learn(A, jar.cookieFor(A), echoOf(jar.cookieFor(A), serverPart));
    expect(jar.cookieFor(A)).toMatchObject({ server: serverPart, isOwed: true });
    jar.learn(A, jar.cookieFor(A), echoOf(jar.cookieFor(A), otherPart));
    expect(jar.cookieFor(A)).toMatchObject({ server: otherPart, isOwed: true });
    expect(jar.cookieFor(B).server).toBeUndefined();
  });

  test('is not taken beside a client cookie that is not ours', () => {
    const { jar } = jarWithClock();
    jar.learn(A, jar.cookieFor(A), echoOf(jar.cookieFor(B), serverPart));
    expect(jar.cookieFor(A).server).toBeUndefined();
  });

  test('is forgotten when the server gives none to who brings it', () => {
    const { jar } = jarWithClock();
    jar.learn(A, jar.cookieFor(A), echoOf(jar.cookieFor(A), serverPart));
    jar.learn(A, jar.cookieFor(A), response());
    expect(jar.cookieFor(A)).toMatchObject({ server: undefined, isOwed: false });
  });

  test('stays when a response to an earlier query, sent without it, has none', () => {
    const { jar } = jarWithClock();
    const first = jar.cookieFor(A);
    jar.learn(A, first, echoOf(first, serverPart));
    jar.learn(A, first, response());
    expect(jar.cookieFor(A).server).toEqual(serverPart);
  });

  test('is sent but no longer owed when the server has given none twice', () => {
    const { jar } = jarWithClock();
    for (let i = 0; i < 2; i++) {
      jar.learn(A, jar.cookieFor(A), echoOf(jar.cookieFor(A), serverPart));
      expect(jar.cookieFor(A).isOwed).toBe(true);
      jar.learn(A, jar.cookieFor(A), response());
    }
    jar.learn(A, jar.cookieFor(A), echoOf(jar.cookieFor(A), serverPart));
    expect(jar.cookieFor(A)).toMatchObject({ server: serverPart, isOwed: false });
  });
});

test.each([
  ['ours again', (cookie: Cookie) => echoOf(cookie, undefined), 'right'],
  ["ours with the server's", (cookie: Cookie) => echoOf(cookie, serverPart), 'right'],
  ['another one', (cookie: Cookie) => echoOf({ ...cookie, client: serverPart.subarray(0, 8) }, serverPart), 'wrong'],
  ['octets that are none', () => response(Uint8Array.of(1, 2, 3)), 'wrong'],
  ['none', () => response(), 'absent'],
])('a response with %s', (_, make, expected) => {
  const cookie = jarWithClock().jar.cookieFor(A);
  expect(compareCookie(make(cookie), cookie)).toBe(expected);
  expect(compareCookie(make(cookie), undefined)).toBe('not-sent');
});
