/** RFC 5011: keys that a zone rolls over, and keys that somebody would have us believe in. */

import { beforeEach, describe, expect, test } from 'vitest';

import { createHandClock, type HandClock } from '../../test/support/hand-clock.ts';
import { createMemoryFiles, type MemoryFiles } from '../../test/support/memory-files.ts';
import { asDnskey, withSignatures } from '../../test/support/signed-records.ts';
import { ROOT } from '../dns/name.ts';
import { Type } from '../dns/record-type.ts';
import { rrset, type RRset } from '../dns/rrset.ts';
import { makeSignature } from '../lab/rrsig.ts';
import { dsFields, DigestType } from '../lab/signer.ts';
import { Algorithm, KeyFlag, createSigningKey, dnskeyRdata, keyTagOf, type SigningKey } from '../lab/signing-keys.ts';
import { createAnchorKeeper, type AnchorEvent, type AnchorKeeper } from './anchor-keeper.ts';
import type { TrustPoint } from './key-set.ts';
import { defaultPolicy } from './policy.ts';

const HOUR_MS = 3_600_000;
const DAY = 86_400;
const TTL = 2 * DAY;
const path = '/state/anchors.json';

const keySigning = (label: string): SigningKey =>
  createSigningKey(label, Algorithm.ED25519, KeyFlag.ZONE | KeyFlag.SEP);
const revoked = (key: SigningKey): SigningKey => ({ ...key, flags: key.flags | KeyFlag.REVOKE });
const first = keySigning('first');
const second = keySigning('second');
const zoneKey = createSigningKey('zone', Algorithm.ED25519, KeyFlag.ZONE);

let clock: HandClock;
let files: MemoryFiles;
let events: AnchorEvent[];
let changes: number;
let looks: number;
/** What the zone publishes now; undefined: it does not answer. */
let published: { keys: readonly SigningKey[]; signers: readonly SigningKey[] } | undefined;
beforeEach(() => {
  clock = createHandClock();
  files = createMemoryFiles();
  events = [];
  changes = 0;
  looks = 0;
  published = { keys: [first, zoneKey], signers: [first] };
});

function keySet(keys: readonly SigningKey[], signers: readonly SigningKey[]): RRset {
  const now = Math.floor(clock.wallMs() / 1000);
  const set = rrset(ROOT, Type.DNSKEY, TTL, keys.map(dnskeyRdata));
  const signatures = signers.map((key) =>
    makeSignature(
      {
        typeCovered: Type.DNSKEY,
        algorithm: key.algorithm,
        labels: 0,
        originalTtl: TTL,
        expiration: now + 14 * DAY,
        inception: now - DAY,
        keyTag: keyTagOf(key),
        signer: ROOT,
      },
      key,
      ROOT,
      keys.map(dnskeyRdata),
    ),
  );
  return withSignatures(set, signatures);
}

const byDs: TrustPoint = { zone: ROOT, ds: [dsFields(ROOT, first, DigestType.SHA256)] };
const byKey: TrustPoint = { zone: ROOT, ds: [], keys: [asDnskey(first)] };

async function keeper(configured: readonly TrustPoint[] = [byDs]): Promise<AnchorKeeper> {
  const made = createAnchorKeeper(
    { path },
    {
      clock,
      files,
      fetchKeys() {
        looks++;
        return Promise.resolve(published && keySet(published.keys, published.signers));
      },
      report: (event) => events.push(event),
      changed: () => changes++,
    },
  );
  made.use(configured, defaultPolicy, true);
  await made.start();
  await pass(0);
  return made;
}

/** Lets time pass an hour at a time, and what is due then happen. */
async function pass(days: number): Promise<void> {
  for (let hours = Math.round(days * 24); hours >= 0; hours--) {
    clock.advance(hours === 0 ? 1 : HOUR_MS);
    for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
  }
}

const states = (kept: AnchorKeeper): Record<string, string> =>
  Object.fromEntries(kept.list()[0].keys.map(({ key, state }) => [nameOf(key.tag), state]));
const nameOf = (tag: number): string =>
  ({ [keyTagOf(first)]: 'first', [keyTagOf(second)]: 'second', [keyTagOf(zoneKey)]: 'zone' })[tag] ?? String(tag);
const trusts = (kept: AnchorKeeper): string[] =>
  kept
    .trustPoints()
    .flatMap(({ keys = [], ds }) => [
      ...keys.map(({ tag }) => nameOf(tag)),
      ...ds.map(({ keyTag }) => `DS of ${nameOf(keyTag)}`),
    ]);

describe.each([
  ['a DS', byDs],
  ['a DNSKEY', byKey],
])('an anchor that is configured as %s', (_, configured) => {
  test('is valid at once, and zone signing keys never are', async () => {
    const kept = await keeper([configured]);
    expect(states(kept)).toEqual({ first: 'valid' });
    expect(trusts(kept)).toEqual(['first']);
  });
});

describe('a new key', () => {
  test('is trusted after 30 days and one more look, and the old one ends when it is revoked', async () => {
    const kept = await keeper();
    published = { keys: [first, second, zoneKey], signers: [first] };
    await pass(2);
    expect(states(kept)).toEqual({ first: 'valid', second: 'add-pending' });
    await pass(28);
    expect(trusts(kept)).toEqual(['first']);
    await pass(3);
    expect(trusts(kept)).toEqual(['first', 'second']);

    published = { keys: [revoked(first), second, zoneKey], signers: [revoked(first), second] };
    await pass(2);
    expect(states(kept)).toEqual({ first: 'revoked', second: 'valid' });
    // Though the configuration goes on naming it.
    expect(trusts(kept)).toEqual(['second']);

    published = { keys: [second, zoneKey], signers: [second] };
    await pass(32);
    expect(states(kept)).toEqual({ first: 'removed', second: 'valid' });
    published = { keys: [first, second, zoneKey], signers: [first, second] };
    await pass(40);
    expect(trusts(kept)).toEqual(['second']);
  });

  test('that was missing for a moment waits for 30 days anew', async () => {
    const kept = await keeper();
    published = { keys: [first, second], signers: [first] };
    await pass(29);
    published = { keys: [first], signers: [first] };
    await pass(2);
    expect(states(kept)).toEqual({ first: 'valid' });
    published = { keys: [first, second], signers: [first] };
    await pass(29);
    expect(states(kept)).toEqual({ first: 'valid', second: 'add-pending' });
  });

  test('of a thief of the old key is gone when the zone is heard again within 30 days', async () => {
    const kept = await keeper();
    published = { keys: [first, second, zoneKey], signers: [first] };
    await pass(28);
    expect(trusts(kept)).toEqual(['first']);
    published = { keys: [first, zoneKey], signers: [first] };
    await pass(2);
    expect(states(kept)).toEqual({ first: 'valid' });
  });

  test('in a set that no key in force has signed is not even noted', async () => {
    const kept = await keeper();
    published = { keys: [first, second], signers: [second] };
    await pass(40);
    expect(states(kept)).toEqual({ first: 'valid' });
    expect(events.at(-1)).toMatchObject({ kind: 'anchors-not-refreshed' });
  });

  test('in a crowd of new keys waits like each of them; no more than eight do', async () => {
    const kept = await keeper();
    const crowd = Array.from({ length: 12 }, (_, i) => keySigning(`crowd ${i}`));
    published = { keys: [first, ...crowd], signers: [first] };
    await pass(2);
    published = { keys: [first, second, ...crowd], signers: [first] };
    await pass(2);
    expect(kept.list()[0].keys.filter(({ state }) => state === 'add-pending')).toHaveLength(8);
    await pass(24);
    expect(trusts(kept)).toEqual(['first']);
  });
});

describe('a key in force', () => {
  test('that is missing stays trusted, and is valid when it comes back', async () => {
    const kept = await keeper();
    published = { keys: [first, second], signers: [first] };
    await pass(34);
    published = { keys: [second], signers: [second] };
    await pass(100);
    expect(states(kept)).toEqual({ first: 'missing', second: 'valid' });
    expect(trusts(kept)).toEqual(['first', 'second']);
    published = { keys: [first, second], signers: [second] };
    await pass(2);
    expect(states(kept)).toEqual({ first: 'valid', second: 'valid' });
  });

  test('is not revoked by others: the revocation has to be signed by itself', async () => {
    const kept = await keeper();
    published = { keys: [first, second], signers: [first] };
    await pass(34);
    published = { keys: [revoked(first), second], signers: [second] };
    await pass(2);
    expect(states(kept)).toEqual({ first: 'missing', second: 'valid' });
  });

  test('that was the last and revokes itself leaves the zone without anchor, and that is told', async () => {
    const kept = await keeper();
    published = { keys: [revoked(first)], signers: [revoked(first)] };
    await pass(2);
    expect(kept.trustPoints()).toEqual([]);
    expect(events).toContainEqual({ kind: 'anchors-all-revoked', zone: ROOT });
    expect(changes).toBe(1); // that the DS became a key at the start changed nothing for anybody
  });
});

describe('when to look (RFC 5011 §2.3)', () => {
  test('half a TTL after a success, a tenth of it after a failure', async () => {
    await keeper();
    expect(looks).toBe(1);
    await pass(0.95);
    expect(looks).toBe(1);
    published = { keys: [first], signers: [second] };
    await pass(0.1);
    expect(looks).toBe(2);
    await pass(0.1);
    expect(looks).toBe(2);
    await pass(0.1);
    expect(looks).toBe(3);
  });

  test('every hour while nobody answers', async () => {
    published = undefined;
    await keeper();
    await pass(0.5);
    expect(looks).toBeGreaterThanOrEqual(12);
    expect(looks).toBeLessThanOrEqual(14);
  });
});

describe('a restart', () => {
  test('goes on where the states had come to, without looking before it is time', async () => {
    const before = await keeper();
    published = { keys: [first, second], signers: [first] };
    await pass(16);
    before.stop();
    looks = 0;
    const kept = await keeper();
    expect(looks).toBe(0);
    expect(states(kept)).toEqual({ first: 'valid', second: 'add-pending' });
    await pass(17);
    expect(trusts(kept)).toEqual(['first', 'second']);
  });

  test.each([
    ['is torn', (text: string) => text.slice(0, -40)],
    ['was changed', (text: string) => text.replace('add-pending', 'valid')],
    ['is something else', () => '. IN DS 20326 8 2 00'],
  ])('with a file that %s begins with the configured anchors, and keeps the file for a look', async (_, damage) => {
    const before = await keeper();
    published = { keys: [first, second], signers: [first] };
    await pass(16);
    before.stop();
    files.contents.set(path, damage(files.contents.get(path)!));
    published = undefined;
    const kept = await keeper();
    expect(trusts(kept)).toEqual(['DS of first']);
    expect(events).toContainEqual(expect.objectContaining({ kind: 'state-file-set-aside', aside: `${path}.bad` }));
  });

  test('with other anchors in the configuration begins anew with those', async () => {
    (await keeper()).stop();
    published = { keys: [second], signers: [second] };
    const kept = await keeper([{ zone: ROOT, ds: [dsFields(ROOT, second, DigestType.SHA256)] }]);
    expect(states(kept)).toEqual({ second: 'valid' });
  });

  test('with one more anchor in the configuration trusts it at once', async () => {
    const before = await keeper();
    published = { keys: [first, second], signers: [first] };
    await pass(3);
    before.stop();
    const ds = [first, second].map((key) => dsFields(ROOT, key, DigestType.SHA256));
    const kept = await keeper([{ zone: ROOT, ds }]);
    await pass(2);
    expect(states(kept)).toEqual({ first: 'valid', second: 'valid' });
  });
});

test('a file that cannot be written is told, and the states hold all the same', async () => {
  files.failure = 'EROFS';
  const kept = await keeper();
  expect(states(kept)).toEqual({ first: 'valid' });
  expect(events).toContainEqual({ kind: 'state-file-not-written', path, why: 'EROFS' });
});

test('without roll-over the anchors are those of the configuration, and nobody is asked', async () => {
  const kept = await keeper([]);
  kept.use([byDs], defaultPolicy, false);
  looks = 0;
  await pass(3);
  expect(looks).toBe(0);
  expect(kept.trustPoints()).toEqual([byDs]);
});
