/**
 * D15. The life of a trust anchor (RFC 5011; Unbound 2026: a state file that overflows ends the hold-down): whoever has
 * stolen a key introduces one of his own, and waits; or has the state forgotten, in which a key waits or is revoked.
 *
 * Here a new key waits for 30 unbroken days, however many wait beside it (validate/anchor-state.ts); a revoked one never
 * comes back; the file is replaced whole and believed whole or not at all (system/kept-file.ts,
 * validate/anchor-file.ts): what is damaged is set aside, and the anchors are those of the configuration again.
 */

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import type { Dnskey } from '../../src/validate/dnskey.ts';
import { readAnchorFile, writeAnchorFile } from '../../src/validate/anchor-file.ts';
import { afterSighting, trustPointOf, type AnchorKey } from '../../src/validate/anchor-state.ts';
import type { TrustPoint } from '../../src/validate/key-set.ts';
import { ROOT } from '../../src/dns/name.ts';
import { Algorithm, KeyFlag, createSigningKey } from '../../src/lab/signing-keys.ts';
import { asDnskey } from '../support/signed-records.ts';
import { anchorsOfLife } from './anchors-of-life.ts';
import { recordFigure } from './figures.ts';

const DAY = 86_400;
const START = Date.UTC(2026, 0, 1) / 1000;

const keyOf = (label: string): Dnskey =>
  asDnskey(createSigningKey(label, Algorithm.ED25519, KeyFlag.ZONE | KeyFlag.SEP));
const own = keyOf('own');
const configured: TrustPoint = { zone: ROOT, ds: [], keys: [own] };

/** What is seen each day, from the first; `trusted` tells from which day on a key was. */
function live(days: number, seen: (day: number) => { present: Dnskey[]; revoked?: Dnskey[] }) {
  let keys: readonly AnchorKey[] = [];
  const trusted = new Map<number, number>();
  for (let day = 0; day <= days; day++) {
    const { present, revoked = [] } = seen(day);
    keys = afterSighting(keys, configured, {
      present,
      revoked,
      originalTtl: DAY,
      nowSeconds: START + day * DAY,
    });
    const now = trustPointOf(configured, keys)?.keys ?? [];
    for (const { tag } of now) if (!trusted.has(tag)) trusted.set(tag, day);
  }
  const atEnd = trustPointOf(configured, keys)?.keys ?? [];
  return {
    since: (key: Dnskey) => trusted.get(key.tag) ?? Infinity,
    trustsAtEnd: (key: Dnskey) => atEnd.some(({ tag }) => tag === key.tag),
  };
}

test('a rogue key is trusted after 30 unbroken days, never before', () => {
  const rogue = keyOf('rogue');
  const whole = live(40, (day) => ({ present: day < 1 ? [own] : [own, rogue] }));
  recordFigure('D15', 'days until a new key is trusted', whole.since(rogue), { atLeast: 31 });
  const oneDay = live(60, (day) => ({ present: day === 1 ? [own, rogue] : [own] }));
  const broken = live(60, (day) => ({ present: day % 29 === 28 ? [own] : [own, rogue] }));
  const never = [oneDay, broken].filter(({ since }) => since(rogue) < Infinity);
  recordFigure('D15', 'keys trusted that were not there for 30 days on end', never.length, 0);
});

test('a crowd of new keys shortens nobody’s time', () => {
  const crowd = Array.from({ length: 100 }, (_, i) => keyOf(`crowd ${i}`));
  const rogue = keyOf('rogue');
  const life = live(40, (day) => ({ present: [own, ...(day === 20 ? crowd : []), ...(day >= 10 ? [rogue] : [])] }));
  recordFigure('D15', 'days from its coming until a key in a crowd is trusted', life.since(rogue) - 10, {
    atLeast: 30,
  });
  expect(life.trustsAtEnd(own)).toBe(true);
  expect(crowd.filter((key) => life.since(key) < Infinity)).toEqual([]);
});

test('a revoked key never comes back, though the configuration names it and the zone shows it', () => {
  const next = keyOf('next');
  const life = live(400, (day) => {
    const isRevoked = day >= 40 && day < 60;
    return { present: isRevoked ? [next] : [own, next], revoked: isRevoked ? [own] : [] };
  });
  recordFigure('D15', 'revoked keys trusted after a year', Number(life.trustsAtEnd(own)), 0);
  expect(life.trustsAtEnd(next)).toBe(true);
});

test('a state file that ends anywhere, or has any octet changed, is believed in no part', () => {
  const text = writeAnchorFile(anchorsOfLife(0));
  expect(readAnchorFile(text)).toMatchObject({ zones: [{ zone: ROOT }] });
  let believed = 0;
  for (let at = 0; at < text.trimEnd().length; at++) {
    if ('zones' in readAnchorFile(text.slice(0, at))) believed++;
    const changed = text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ 1) + text.slice(at + 1);
    // White space between the parts says nothing.
    if ('zones' in readAnchorFile(changed) && /\S/.test(text[at])) believed++;
  }
  recordFigure('D15', 'damaged state files believed', believed, 0);
});

test('kill -9 while the states are written leaves the former file or the new one', { timeout: 30_000 }, async () => {
  const directory = mkdtempSync(join(tmpdir(), 'anchors-'));
  try {
    const path = join(directory, 'anchors.json');
    let torn = 0;
    for (let round = 0; round < 8; round++) {
      const child = fork(join(import.meta.dirname, 'd15-anchors.child.ts'), [path]);
      await once(child, 'message');
      child.kill('SIGKILL');
      await once(child, 'exit');
      if (!('zones' in readAnchorFile(readFileSync(path, 'utf8')))) torn++;
    }
    recordFigure('D15', 'torn state files of 8 kills', torn, 0);
  } finally {
    rmSync(directory, { recursive: true });
  }
});
