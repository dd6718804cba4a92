/**
 * DNS cookies for clients (RFC 7873, RFC 9018): a client that shows the server cookie which we gave to its address gets
 * our replies, so the address is not forged.
 *
 * What a proven address is worth is decided elsewhere (rate-limit.ts, walk-share.ts, the size of errors). A cookie that
 * is not ours, too old, for another address or of another layout is none, and the client is told a sound one with its
 * answer: a question is never answered BADCOOKIE (RFC 7873 §5.2.3 leaves that to us), so there is nothing that can go round.
 *
 * The secret is drawn at the start, and again every day (RFC 7873 §7.1); the one before it counts for as long as a
 * cookie lives.
 */

import { timingSafeEqual } from 'node:crypto';
import { addressFromText } from '../dns/address.ts';
import { readCookie, readServerCookie, writeServerCookie, type ServerCookie } from '../dns/edns.ts';
import { sipHash24 } from '../dns/siphash.ts';
import type { ClientCookie } from '../query/client-query.ts';
import type { Clock } from '../system/clock.ts';
import type { Random } from '../system/random.ts';

export type ServerCookies = {
  /** `option` is a COOKIE option of possible length (`readCookie`), `address` who sent it. */
  judge(option: Uint8Array, address: string): ClientCookie;
};

/** RFC 9018 §4.3: a cookie is good for an hour, and from five minutes ahead where clocks of one server group differ. */
const LIFE_SECONDS = 3600;
const AHEAD_SECONDS = 300;
/** RFC 9018 §4.3: one older than this is replaced while it is still good. */
const RENEW_SECONDS = 1800;
/** Version, reserved octets, timestamp (RFC 9018 §4). */
const HEAD_OCTETS = 8;
const SECRET_LIFE_MS = 24 * 3_600_000;

export function createServerCookies({ clock, random }: { clock: Clock; random: Random }): ServerCookies {
  let secret = drawSecret(random);
  let former: Uint8Array | undefined;
  let drawnAt = clock.now();

  const rollSecret = (): void => {
    const age = clock.now() - drawnAt;
    if (age < SECRET_LIFE_MS) return;
    // When nobody has asked for longer than that, the former secret's cookies are all too old as well.
    former = age < 2 * SECRET_LIFE_MS ? secret : undefined;
    secret = drawSecret(random);
    drawnAt = clock.now();
  };

  return {
    judge(option, address) {
      rollSecret();
      const { client, server } = readCookie(option)!;
      const sender = addressFromText(address);
      const wasShown = server !== undefined;
      if (sender === undefined) return { wasShown, isValid: false, reply: client };
      const now = Math.floor(clock.wallMs() / 1000) >>> 0;
      const shown = server === undefined ? undefined : readServerCookie(server);
      const ageSeconds = shown === undefined ? undefined : ageOf(shown, now);
      const isInTime = ageSeconds !== undefined && ageSeconds >= -AHEAD_SECONDS && ageSeconds <= LIFE_SECONDS;
      const isBy = (key: Uint8Array): boolean =>
        timingSafeEqual(shown!.hash, hashOf(key, client, server!.subarray(0, HEAD_OCTETS), sender));

      const isCurrent = isInTime && isBy(secret);
      const isValid = isCurrent || (isInTime && former !== undefined && isBy(former));
      if (isCurrent && ageSeconds < RENEW_SECONDS) return { wasShown, isValid, reply: option };
      const head = writeServerCookie({ timestamp: now, hash: new Uint8Array() });
      return { wasShown, isValid, reply: Uint8Array.of(...client, ...head, ...hashOf(secret, client, head, sender)) };
    },
  };
}

function drawSecret(random: Random): Uint8Array {
  return Uint8Array.from({ length: 16 }, () => random.below(256));
}

/** RFC 9018 §4.4: over client cookie, version to timestamp (the reserved octets as they are), and the client's address. */
function hashOf(secret: Uint8Array, client: Uint8Array, head: Uint8Array, sender: Uint8Array): Uint8Array {
  return sipHash24(secret, Uint8Array.of(...client, ...head, ...sender));
}

/** RFC 9018 §4.3: seconds modulo 2^32 are compared as serial numbers (RFC 1982). */
function ageOf({ timestamp }: ServerCookie, now: number): number {
  return (now - timestamp) | 0;
}
