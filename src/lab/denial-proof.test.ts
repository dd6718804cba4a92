import { describe, expect, test } from 'vitest';

import { queryFor, readResponse } from '../../test/support/messages.ts';
import { labelsOf, name, nameToText } from '../dns/name.ts';
import { parseType } from '../dns/record-type.ts';
import { answerQuery } from './authoritative.ts';
import { hashedOwner } from './nsec3-hash.ts';
import { signZone, type Signing } from './signer.ts';
import { createZone, createZoneSet, readZoneText, type Zone } from './zone.ts';

const apex = name('example.');
const text = `
@         SOA ns admin 1 7200 3600 1209600 60
@         NS   ns
ns        A    192.0.2.1
www       A    203.0.113.7
*.wild    TXT  "any"
*.alias   CNAME www
a.b       A    203.0.113.8
child     NS   ns.child
child     DS   1 13 2 ${'00'.repeat(32)}
open      NS   ns.open
`;

function signed(signing: Signing): Zone {
  return createZone(apex, signZone(apex, readZoneText(apex, text, 300), signing, 1_767_225_600));
}

/** The parts of the proof for `www A`, each with its owner as `told` shows it. */
function proof(zone: Zone, question: string, told: (owner: string) => string): string[] {
  const [owner, type] = question.split(' ');
  const qname = owner === '@' ? apex : name(`${owner}.example.`);
  const found = zone.lookup(qname, parseType(type)!);
  return zone.prove(qname, found).map(({ part, set }) => `${part} ${told(nameToText(set.owner))}`);
}

describe('in a zone with NSEC (RFC 4035 §3.1.3)', () => {
  const zone = signed({});
  test.each([
    ['what is there needs none', 'www A', []],
    ['a type that is not there', 'www TXT', ['match www.example.']],
    ['a name that does not exist, and its wildcard', 'none A', ['next-closer child.example.', 'wildcard example.']],
    ['one record may cover both', 'a.a A', ['next-closer example.']],
    ['an empty non-terminal', 'b A', ['match *.alias.example.']],
    ['an answer from a wildcard', 'x.wild TXT', ['next-closer *.wild.example.']],
    ['an alias from a wildcard', 'x.alias A', ['next-closer *.alias.example.']],
    ['a wildcard without the type', 'a.wild A', ['wildcard *.wild.example.']],
    ['a referral to a zone that is signed', 'www.child A', []],
    ['a referral to one that is not', 'www.open A', ['match open.example.']],
    ['DS at that cut', 'open DS', ['match open.example.']],
  ])('%s', (_, question, expected) => {
    expect(proof(zone, question, (owner) => owner)).toEqual(expected);
  });
});

describe('in a zone with NSEC3 (RFC 5155 §7.2)', () => {
  const parameters = { iterations: 1, salt: Uint8Array.of(0xab) };
  const zone = signed({ denial: 'nsec3', iterations: 1, salt: 'ab' });
  const optOut = signed({ denial: 'nsec3', iterations: 1, salt: 'ab', optOut: true });
  const names = ['@', 'ns', 'www', '*.wild', 'wild', '*.alias', 'alias', 'a.b', 'b', 'child', 'open'];
  const inOrder = (leftOut?: string): { told: string; label: string }[] =>
    names
      .filter((told) => told !== leftOut)
      .map((told) => ({ told, label: hashOf(told) }))
      .sort((a, b) => (a.label < b.label ? -1 : 1));
  function hashOf(told: string): string {
    return labelsOf(hashedOwner(told === '@' ? apex : name(`${told}.example.`), apex, parameters))[0];
  }
  const told = (owner: string): string => inOrder().find(({ label }) => owner === `${label}.example.`)!.told;
  /** Whose record covers a name. */
  const before = (covered: string, leftOut?: string): string => {
    const list = inOrder(leftOut);
    return (list.findLast(({ label }) => label < hashOf(covered)) ?? list.at(-1)!).told;
  };

  test.each([
    ['what is there needs none', 'www A', []],
    ['a type that is not there', 'www TXT', ['match www']],
    ['an empty non-terminal', 'b A', ['match b']],
    ['an answer from a wildcard', 'x.y.wild TXT', [`next-closer ${before('y.wild')}`]],
    ['a referral to one that is not signed', 'www.open A', ['match open']],
  ])('%s', (_, question, expected) => {
    expect(proof(zone, question, told)).toEqual(expected);
  });

  test('a name that does not exist: closest encloser, next closer, wildcard', () => {
    expect(new Set(proof(zone, 'x.none A', told).map((part) => part.split(' ')[1]))).toEqual(
      new Set(['@', before('none'), before('*')]),
    );
  });

  test('a wildcard without the type', () => {
    expect(new Set(proof(zone, 'x.wild A', told).map((part) => part.split(' ')[1]))).toEqual(
      new Set(['wild', before('x.wild'), '*.wild']),
    );
  });

  test('under opt-out, a delegation without a record of its own: the closest encloser and the span (RFC 5155 §7.2.4)', () => {
    expect(proof(optOut, 'www.open A', told)).toEqual(['closest-encloser @', `next-closer ${before('open', 'open')}`]);
    expect(proof(optOut, 'open DS', told)).toEqual(proof(optOut, 'www.open A', told));
  });

  test('the owner of an NSEC3 record is no name of the zone (RFC 5155 §7.2.8)', () => {
    expect(zone.lookup(hashedOwner(apex, apex, parameters), 50).kind).toBe('nxdomain');
  });
});

describe('on the wire', () => {
  const zones = createZoneSet([signed({})]);
  const ask = (question: string, dnssecOk: boolean) =>
    readResponse(answerQuery(queryFor(question, { dnssecOk }), zones, 'tcp'));
  const types = (lines: string[]): string[] =>
    lines
      .map((line) => line.split(' ').slice(0, 4))
      .map(([owner, , type, covered]) => (type === 'RRSIG' ? `${owner} RRSIG ${covered}` : `${owner} ${type}`));

  test('signatures stand beside the sets, and proofs behind the SOA, for whoever sets DO', () => {
    expect(types(ask('www.example. A', true).answer)).toEqual(['www.example. A', 'www.example. RRSIG A']);
    expect(types(ask('www.example. TXT', true).authority)).toEqual([
      'example. SOA',
      'example. RRSIG SOA',
      'www.example. NSEC',
      'www.example. RRSIG NSEC',
    ]);
    expect(types(ask('www.child.example. A', true).authority)).toEqual([
      'child.example. NS',
      'child.example. DS',
      'child.example. RRSIG DS',
    ]);
  });

  test('a signature has the TTL of its set, where that is lowered too (RFC 4034 §3, RFC 2308 §3)', () => {
    expect(ask('www.example. TXT', true).authority.map((line) => line.split(' ')[1])).toEqual(['60', '60', '60', '60']);
  });

  test('an answer made from a wildcard has the wildcard’s signature under its own name', () => {
    const { answer, authority } = ask('x.wild.example. TXT', true);
    expect(types(answer)).toEqual(['x.wild.example. TXT', 'x.wild.example. RRSIG TXT']);
    expect(answer[1]).toMatch(/RRSIG TXT 13 2 300 /);
    expect(types(authority)).toEqual(['*.wild.example. NSEC', '*.wild.example. RRSIG NSEC']);
  });

  test('who does not set DO gets what he asked for and no more (RFC 4035 §3.1)', () => {
    const questions = [
      'www.example. A',
      'www.example. TXT',
      'none.example. A',
      'www.child.example. A',
      'x.wild.example. TXT',
    ];
    const all = questions.flatMap((question) => Object.values(ask(question, false)).flat().map(String));
    expect(all.filter((line) => / (RRSIG|NSEC|DS) /.test(line))).toEqual([]);
    expect(types(ask('www.example. NSEC', false).answer)).toEqual(['www.example. NSEC']);
    expect(types(ask('www.example. RRSIG', false).answer)).toEqual(['www.example. RRSIG A', 'www.example. RRSIG NSEC']);
  });
});
