import { expect, test } from 'vitest';

import { defaultConfig } from '../config/settle.ts';
import type { ConfigInput } from '../config/schema.ts';
import { nameToText } from '../dns/name.ts';
import { zonesToForget } from './dnssec-reload.ts';

type Dnssec = NonNullable<ConfigInput>['dnssec'];
const dnssec = (changes: Dnssec) => defaultConfig({ dnssec: changes }).dnssec;
const forgotten = (before: Dnssec, after: Dnssec): string[] =>
  zonesToForget(dnssec(before), dnssec(after)).map(nameToText);

test('a negative trust anchor that comes, goes or changes has its own zone forgotten, and no other', () => {
  const kept = { zone: 'kept.example', reason: 'as before' };
  const broken = { zone: 'broken.example', reason: 'its DS is stale' };
  expect(forgotten({ negativeTrustAnchors: [kept] }, { negativeTrustAnchors: [kept, broken] })).toEqual([
    'broken.example.',
  ]);
  expect(forgotten({ negativeTrustAnchors: [kept, broken] }, { negativeTrustAnchors: [kept] })).toEqual([
    'broken.example.',
  ]);
});

test('other rules of judging concern every zone; the same rules none', () => {
  expect(forgotten({ maxNsec3Iterations: 50 }, { maxNsec3Iterations: 0 })).toEqual(['.']);
  expect(forgotten({ acceptRsaSha1: true }, {})).toEqual([]);
});
