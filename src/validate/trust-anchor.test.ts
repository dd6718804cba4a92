import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

import { name, nameToText } from '../dns/name.ts';
import { packageDirectory } from '../system/package-directory.ts';
import { anchorFor, readTrustAnchors } from './trust-anchor.ts';

test('the anchors that come with us are those of the root, keys 20326 and 38696', () => {
  const text = readFileSync(join(packageDirectory, 'root-hints', 'root-anchors.ds'), 'utf8');
  const { anchors, problems } = readTrustAnchors(text);
  expect(problems).toEqual([]);
  expect(anchors.map(({ zone, ds }) => [nameToText(zone), ds.map(({ keyTag }) => keyTag)])).toEqual([
    ['.', [20326, 38696]],
  ]);
});

const KEY = '257 3 15 l02Woi0iS8Aa25FQkUd9RMzZHJpBoRQwAQEX1SxZJA4=';
const DS = '3613 15 2 3aa5ab37efce57f737fc1627013fee07bdf241bd10f3b1964ab55c78e79a304b';

test('a file may have DS and DNSKEY records of several zones', () => {
  const { anchors, problems } = readTrustAnchors(`
; two ways to say it
example.com.     IN DS     ${DS}
example.com.     IN DNSKEY ${KEY}
$ORIGIN example.
sub 3600         IN DNSKEY ${KEY}`);
  expect(problems).toEqual([]);
  expect(
    anchors.map(({ zone, ds, keys = [] }) => [
      nameToText(zone),
      ds.map(({ keyTag }) => keyTag),
      keys.map(({ tag }) => tag),
    ]),
  ).toEqual([
    ['example.com.', [3613], [3613]],
    ['sub.example.', [], [3613]],
  ]);
});

test.each([
  ['example. IN A 192.0.2.1', /A is no trust anchor: only DS and DNSKEY are/],
  ['example. IN DNSKEY 1 3 15 l02Woi0iS8Aa25FQkUd9RMzZHJpBoRQwAQEX1SxZJA4=', /is not a zone key/],
  ['example. IN DNSKEY 385 3 15 l02Woi0iS8Aa25FQkUd9RMzZHJpBoRQwAQEX1SxZJA4=', /is revoked/],
  ['example. IN DS 1 2', /DS/],
  ['nonsense', /./],
])('%j is a problem with its line, and the other anchors count', (line, why) => {
  const { anchors, problems } = readTrustAnchors(`example.com. DS ${DS}\n${line}\n`);
  expect(problems).toEqual([{ line: 2, why: expect.stringMatching(why) as string }]);
  expect(anchors).toHaveLength(1);
});

describe('of several anchors', () => {
  const { anchors } = readTrustAnchors(`. DS ${DS}\ncorp.example. DS ${DS}\ndeep.corp.example. DS ${DS}`);

  test.each([
    ['www.example.', '.'],
    ['corp.example.', 'corp.example.'],
    ['www.corp.example.', 'corp.example.'],
    ['a.deep.corp.example.', 'deep.corp.example.'],
    ['.', '.'],
  ])('for %s that of %s counts', (qname, zone) => {
    expect(nameToText(anchorFor(name(qname), anchors)!.zone)).toBe(zone);
  });

  test('none counts for a name beside them', () => {
    expect(anchorFor(name('test.'), anchors.slice(1))).toBeUndefined();
  });
});
