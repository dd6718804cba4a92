import { describe, expect, test } from 'vitest';

import { asDnskey } from '../../test/support/signed-records.ts';
import { ROOT, name } from '../dns/name.ts';
import { Algorithm, KeyFlag, createSigningKey } from '../lab/signing-keys.ts';
import { seal } from '../system/kept-file.ts';
import { readAnchorFile, writeAnchorFile } from './anchor-file.ts';
import type { AnchorKey, ZoneAnchors } from './anchor-state.ts';

const { ZONE, SEP, REVOKE } = KeyFlag;
const keyWith = (flags: number) => asDnskey(createSigningKey('key', Algorithm.ED25519, flags));
const at = Date.UTC(2026, 0, 1) / 1000;

const every: readonly AnchorKey[] = [
  { key: keyWith(ZONE | SEP), state: 'valid', since: at },
  { key: keyWith(ZONE | SEP), state: 'add-pending', since: at, until: at + 2_592_000 },
  { key: keyWith(ZONE | SEP), state: 'missing', since: at },
  { key: keyWith(ZONE | SEP), state: 'revoked', since: at, until: at + 2_592_000 },
  { key: keyWith(ZONE | SEP), state: 'removed', since: at },
];
const zones: readonly ZoneAnchors[] = [
  { zone: ROOT, keys: every, dueAt: at + 3600 },
  { zone: name('example.'), keys: [], dueAt: at },
];

test('states that were written are read again, each with its dates', () => {
  expect(readAnchorFile(writeAnchorFile(zones))).toEqual({ zones });
});

describe('a file with a right checksum is read strictly all the same', () => {
  const written = (change: (key: Record<string, unknown>) => Record<string, unknown>): string => {
    const [zone] = (JSON.parse(writeAnchorFile(zones)) as { content: Record<string, unknown>[] }).content;
    const [key] = zone['keys'] as Record<string, unknown>[];
    return seal('rootwalk trust anchors 1', [{ ...zone, keys: [change(key)] }]);
  };

  test('unchanged it is read', () => {
    expect(readAnchorFile(written((key) => key))).toHaveProperty('zones');
  });

  test.each<[string, Record<string, unknown>]>([
    ['a state that there is not', { state: 'trusted' }],
    ['a state that waits, without a date', { state: 'add-pending' }],
    ['a date that is none', { since: 'yesterday' }],
    ['a key that is none', { dnskey: 'AAAA' }],
    ['a zone signing key', { dnskey: Buffer.from(keyWith(ZONE).rdata).toString('base64') }],
    ['a revoked key', { dnskey: Buffer.from(keyWith(ZONE | SEP | REVOKE).rdata).toString('base64') }],
  ])('%s spoils all of it', (_, change) => {
    expect(readAnchorFile(written((key) => ({ ...key, ...change })))).toHaveProperty('why');
  });

  test.each([['no list'], [{ zones: [] }], [[{ zone: '..', keys: [], nextLook: '2026-01-01T00:00:00Z' }]]])(
    '%j',
    (content) => {
      expect(readAnchorFile(seal('rootwalk trust anchors 1', content))).toHaveProperty('why');
    },
  );
});
