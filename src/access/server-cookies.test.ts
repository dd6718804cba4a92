import { describe, expect, test } from 'vitest';
import { createHandClock } from '../../test/support/hand-clock.ts';
import { createSeededRandom } from '../../test/support/seeded-random.ts';
import { createServerCookies } from './server-cookies.ts';

const HOUR_MS = 3_600_000;
const client = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
const address = '192.0.2.53';

function cookies(clock = createHandClock()) {
  return { clock, cookies: createServerCookies({ clock, random: createSeededRandom(1) }) };
}

describe('RFC 9018 appendix A', () => {
  /** A secret written out, in the place of one that is drawn. */
  const withSecret = (hex: string, unixSeconds: number) => {
    const octets = Buffer.from(hex, 'hex');
    let at = 0;
    const clock = createHandClock({ wallMs: unixSeconds * 1000 });
    return createServerCookies({ clock, random: { below: () => octets[at++] } });
  };
  const hex = (octets: Uint8Array): string => Buffer.from(octets).toString('hex');

  test('A.1: a client that asks for the first time is given a server cookie', () => {
    const answered = withSecret('e5e973e5a6b2a43f48e7dc849e37bfcf', 1559731985).judge(
      Buffer.from('2464c4abcf10c957', 'hex'),
      '198.51.100.100',
    );
    expect(answered.isValid).toBe(false);
    expect(hex(answered.reply)).toBe('2464c4abcf10c957010000005cf79f111f8130c3eee29480');
  });

  test('A.2: a cookie of 40 minutes is good, and another is given for it', () => {
    const answered = withSecret('e5e973e5a6b2a43f48e7dc849e37bfcf', 1559734385).judge(
      Buffer.from('2464c4abcf10c957010000005cf79f111f8130c3eee29480', 'hex'),
      '198.51.100.100',
    );
    expect(answered.isValid).toBe(true);
    expect(hex(answered.reply)).toBe('2464c4abcf10c957010000005cf7a871d4a564a1442aca77');
  });

  test('A.3: the reserved octets need not be zero, and are in the hash as they are', () => {
    const shown = Buffer.from('fc93fc62807ddb8601abcdef5cf78f71a314227b6679ebf5', 'hex');
    const judgedAt = (unixSeconds: number) =>
      withSecret('e5e973e5a6b2a43f48e7dc849e37bfcf', unixSeconds).judge(shown, '203.0.113.203');
    expect(judgedAt(0x5cf78f71)).toEqual({ wasShown: true, isValid: true, reply: shown });
    expect(hex(judgedAt(0x5cf7a9ac).reply)).toBe('fc93fc62807ddb86010000005cf7a9acf73a7810aca2381e');
  });
});

test('the cookie that a client was given proves its address, and is given again', () => {
  const { cookies: own } = cookies();
  const given = own.judge(client, address);
  expect(own.judge(given.reply, address)).toEqual({ wasShown: true, isValid: true, reply: given.reply });
});

test('an IPv6 address has its cookie too', () => {
  const { cookies: own } = cookies();
  expect(own.judge(own.judge(client, '2001:db8::53').reply, '2001:db8::53').isValid).toBe(true);
});

describe('a cookie is none', () => {
  const { cookies: own } = cookies();
  const given = own.judge(client, address).reply;
  const changed = (at: number): Uint8Array => given.map((octet, i) => (i === at ? octet ^ 1 : octet));

  test.each([
    ['at another address', given, '192.0.2.54'],
    ['with another client cookie', changed(0), address],
    ['of another version', changed(8), address],
    ['with other reserved octets', changed(9), address],
    ['with another time', changed(15), address],
    ['with another hash', changed(23), address],
    ['of 8 octets, as other servers make them', given.subarray(0, 16), address],
    ['of 32 octets', Uint8Array.of(...given, ...new Uint8Array(16)), address],
  ])('%s, and a sound one is told', (_, shown, sender) => {
    const answered = own.judge(shown, sender);
    expect(answered.isValid).toBe(false);
    expect(own.judge(answered.reply, sender).isValid).toBe(true);
  });
});

test('a cookie is good for an hour and not longer, and renewed from half an hour on', () => {
  const { clock, cookies: own } = cookies();
  const given = own.judge(client, address).reply;
  clock.advance(HOUR_MS / 2 - 1000);
  expect(own.judge(given, address).reply).toEqual(given);
  clock.advance(1000);
  expect(own.judge(given, address).reply).not.toEqual(given);
  clock.advance(HOUR_MS / 2);
  expect(own.judge(given, address).isValid).toBe(true);
  clock.advance(1000);
  expect(own.judge(given, address).isValid).toBe(false);
});

test('a cookie from more than five minutes ahead of our clock is none', () => {
  const made = createHandClock({ wallMs: Date.UTC(2026, 0, 1, 0, 5) });
  const later = cookies(made).cookies.judge(client, address).reply;
  expect(cookies(createHandClock({ wallMs: Date.UTC(2026, 0, 1, 0, 0) })).cookies.judge(later, address).isValid).toBe(
    true,
  );
  expect(
    cookies(createHandClock({ wallMs: Date.UTC(2025, 11, 31, 23, 59, 59) })).cookies.judge(later, address).isValid,
  ).toBe(false);
});

test('when the secret rolls, a cookie of the former one is still good for its hour, and replaced at once', () => {
  const { clock, cookies: own } = cookies();
  clock.advance(24 * HOUR_MS - 60_000);
  const given = own.judge(client, address).reply;
  clock.advance(60_000);
  const answered = own.judge(given, address);
  expect(answered.isValid).toBe(true);
  expect(answered.reply).not.toEqual(given);
  clock.advance(24 * HOUR_MS);
  expect(own.judge(given, address).isValid).toBe(false);
});
