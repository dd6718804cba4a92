/** Which records of a proof are verified, and what those that do not hold can do. */

import { expect, test } from 'vitest';

import { countingBudget, setsFromText } from '../../test/support/signed-records.ts';
import { name, nameToText } from '../dns/name.ts';
import { octetsToBase32Hex } from '../dns/text/dnssec-fields.ts';
import { denialFrom, proveNodata, proveNxdomain } from './denial.ts';
import { hashName } from './nsec3-hash.ts';
import { defaultPolicy } from './policy.ts';

const ZONE = name('example.');

/** `holds` says of each owner whether the zone has signed it; the owners that were asked about are in `asked`. */
function denialOf(records: string, holds: (owner: string) => boolean = () => true) {
  const asked: string[] = [];
  const denial = denialFrom(ZONE, setsFromText(records), defaultPolicy, ({ owner }) => {
    asked.push(nameToText(owner));
    return holds(nameToText(owner));
  });
  return { denial, asked };
}

const apex = 'example. NSEC b.example. NS SOA RRSIG NSEC DNSKEY\n';
const span = 'b.example. NSEC d.example. A RRSIG NSEC\n';
const others = Array.from({ length: 50 }, (_, i) => `x${i}.example. NSEC x${i}a.example. A RRSIG NSEC\n`).join('');

test('records that the proof has no need of are not verified', () => {
  const { denial, asked } = denialOf(others + apex + others + span);
  expect(proveNxdomain(name('c.example.'), denial, countingBudget()).kind).toBe('proven');
  expect([...new Set(asked)].sort()).toEqual(['b.example.', 'example.']);
});

test('a record that does not hold proves nothing', () => {
  for (const owner of ['example.', 'b.example.']) {
    const { denial } = denialOf(apex + span, (one) => one !== owner);
    expect(proveNxdomain(name('c.example.'), denial, countingBudget())).toMatchObject({ check: 'denial-wrong' });
  }
});

test('another record may stand in for one that does not hold', () => {
  const wider = 'a.example. NSEC e.example. A RRSIG NSEC\n';
  const { denial } = denialOf(apex + span + wider, (one) => one !== 'b.example.');
  expect(proveNxdomain(name('c.example.'), denial, countingBudget()).kind).toBe('proven');
});

const hashOf = (owner: string): string =>
  octetsToBase32Hex(Buffer.from(hashName(name(owner), 0, new Uint8Array(0)), 'latin1'));

test('an NSEC3 with too many iterations that the zone has not signed does not make it insecure', () => {
  const all = '0'.repeat(32);
  const forged = `${all}.example. NSEC3 1 0 65535 - ${'v'.repeat(32)} A\n`;
  const own = `${hashOf('www.example.')}.example. NSEC3 1 0 0 - ${'v'.repeat(32)} A RRSIG\n`;
  const { denial } = denialOf(forged + own, (owner) => owner !== `${all}.example.`);
  expect(proveNodata(name('www.example.'), 28, denial, countingBudget()).kind).toBe('proven');
  const { denial: signed } = denialOf(forged + own);
  expect(proveNodata(name('www.example.'), 28, signed, countingBudget())).toMatchObject({ check: 'nsec3-iterations' });
});
