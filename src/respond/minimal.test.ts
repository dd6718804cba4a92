import { describe, expect, test } from 'vitest';
import { clientQuery } from '../../test/support/client-query.ts';
import { name } from '../dns/name.ts';
import { Rcode, Type, parseType, typeToText } from '../dns/record-type.ts';
import { rrset, type RRset } from '../dns/rrset.ts';
import type { Reply } from '../query/reply.ts';
import { neededRecords } from './minimal.ts';

function sets(types: string): RRset[] {
  return types
    .split(' ')
    .filter((type) => type !== '')
    .map((type) => rrset(name('example.'), parseType(type)!, 60, [Uint8Array.of(0)]));
}

function typesOf(list: readonly RRset[]): string {
  return list.map((set) => typeToText(set.type)).join(' ');
}

function needed(qtype: string, dnssecOk: boolean, rcode: number, answer: string, authority: string): string {
  const reply: Reply = {
    rcode,
    isAuthoritative: false,
    answer: sets(answer),
    authority: sets(authority),
    errors: [],
    source: 'recursion',
  };
  const left = neededRecords(clientQuery({ qtype, edns: { dnssecOk } }), reply);
  return `${typesOf(left.answer)} | ${typesOf(left.authority)}`;
}

const { NOERROR, NXDOMAIN, SERVFAIL } = Rcode;

describe('what is sent', () => {
  test.each<[string, string, boolean, number, string, string, string]>([
    ['an answer without the NS set that came along', 'A', false, NOERROR, 'A', 'NS', 'A | '],
    ['an answer without a stray SOA', 'A', false, NOERROR, 'A', 'SOA', 'A | '],
    ['NXDOMAIN with its SOA', 'A', false, NXDOMAIN, '', 'SOA NS', ' | SOA'],
    ['NODATA with its SOA', 'AAAA', false, NOERROR, '', 'SOA', ' | SOA'],
    ['an alias to nothing of that type, with the SOA', 'AAAA', false, NOERROR, 'CNAME', 'SOA', 'CNAME | SOA'],
    ['an alias itself, when it was asked for', 'CNAME', false, NOERROR, 'CNAME', 'SOA', 'CNAME | '],
    ['a failure alone', 'A', false, SERVFAIL, '', 'SOA', ' | '],
    ['no signatures to a client without DO', 'A', false, NOERROR, 'CNAME RRSIG A RRSIG', '', 'CNAME A | '],
    ['signatures to a client with DO', 'A', true, NOERROR, 'A RRSIG', '', 'A RRSIG | '],
    ['signatures that were asked for', 'RRSIG', false, NOERROR, 'RRSIG', '', 'RRSIG | '],
    ['NSEC that was asked for', 'NSEC', false, NOERROR, 'NSEC RRSIG', '', 'NSEC | '],
    ['keys and DS to everyone', 'DNSKEY', false, NOERROR, 'DNSKEY', '', 'DNSKEY | '],
    ['no proofs without DO', 'A', false, NXDOMAIN, '', 'SOA RRSIG NSEC RRSIG', ' | SOA'],
    ['the proofs with DO', 'A', true, NXDOMAIN, '', 'SOA RRSIG NSEC3 RRSIG', ' | SOA RRSIG NSEC3 RRSIG'],
    [
      'with DO the proof beside a wildcard’s answer',
      'A',
      true,
      NOERROR,
      'A RRSIG',
      'NS NSEC RRSIG',
      'A RRSIG | NSEC RRSIG',
    ],
  ])('%s', (_, qtype, dnssecOk, rcode, answer, authority, left) => {
    expect(needed(qtype, dnssecOk, rcode, answer, authority)).toBe(left);
  });
});

test('a client without EDNS has no DO', () => {
  const reply: Reply = {
    rcode: NOERROR,
    isAuthoritative: false,
    answer: sets('A RRSIG'),
    authority: [],
    errors: [],
    source: 'cache',
  };
  expect(neededRecords(clientQuery(), reply).answer.map((set) => set.type)).toEqual([Type.A]);
});
