import { describe, expect, test } from 'vitest';

import { responseTo, type ResponsePlan } from '../../test/support/responses.ts';
import { readQuestion } from '../../test/support/messages.ts';
import { name, nameToText } from '../dns/name.ts';
import { formatRRset } from '../dns/presentation.ts';
import type { RRset } from '../dns/rrset.ts';
import { Rcode } from '../dns/record-type.ts';
import { setsOf } from './alias.ts';
import { classifyResponse, meaningToText, type Meaning } from './classify-response.ts';

const WWW = 'www.example. A';
const SOA = 'example. 60 SOA ns.example. admin.example. 1 1 1 1 60';

/** What a server of example. is taken to say. */
function meaningOf(plan: ResponsePlan, question = WWW, isForwarder = false): Meaning {
  const [qname, qtype] = readQuestion(question);
  return classifyResponse(responseTo(question, plan), { zone: name('example.'), qname, qtype, isForwarder }).meaning;
}

/** What the question was for; a CNAME that was made from a DNAME is a link. */
function shownSets({ links, sets }: Meaning & { kind: 'answer' }): readonly RRset[] {
  return sets.length > 0 ? sets : links.flatMap(setsOf);
}

function told(meaning: Meaning): string {
  switch (meaning.kind) {
    case 'answer':
      return `answer ${shownSets(meaning)
        .map((set) => formatRRset(set).replaceAll(/\s+/g, ' '))
        .join(', ')}`;
    case 'alias':
      return `alias to ${nameToText(meaning.target)}`;
    case 'referral':
      return `referral to ${nameToText(meaning.cut.owner)}`;
    case 'nodata':
    case 'nxdomain':
      return meaning.soa === undefined ? `${meaning.kind} without SOA` : meaning.kind;
    case 'lame':
      return `lame: ${meaning.why}`;
    case 'server-failure':
    case 'format-error':
      return `${meaning.kind} ${meaning.rcode}`;
    case 'malformed':
    case 'truncated':
    case 'yxdomain':
      return meaning.kind;
    default:
      return meaning satisfies never;
  }
}

describe('a response means', () => {
  const answer = 'www.example. 300 A 203.0.113.7';
  const isAnswer = 'answer www.example. 300 IN A 203.0.113.7';
  test.each<[string, ResponsePlan, string]>([
    ['an answer', { answer }, isAnswer],
    ['an answer without AA, from the right server', { flags: [], answer }, isAnswer],
    ['an answer from one that recurses', { flags: ['RA'], answer }, isAnswer],
    ['an alias out of the response', { answer: 'www.example. 300 CNAME a.other.' }, 'alias to a.other.'],
    [
      'an alias and what it leads to',
      { answer: `www.example. 300 CNAME a.example.\na.example. 300 A 203.0.113.7` },
      'answer a.example. 300 IN A 203.0.113.7',
    ],
    [
      'an alias out of the zone, the rest left behind',
      { answer: 'www.example. 300 CNAME a.other.\na.other. 300 A 203.0.113.66' },
      'alias to a.other.',
    ],
    [
      'an alias to nothing',
      { rcode: Rcode.NXDOMAIN, answer: 'www.example. 300 CNAME a.example.', authority: SOA },
      'alias to a.example.',
    ],
    [
      'aliases in a ring',
      { answer: 'www.example. 300 CNAME a.example.\na.example. 300 CNAME www.example.' },
      'alias to www.example.',
    ],
    ['a denial of the name', { rcode: Rcode.NXDOMAIN, authority: SOA }, 'nxdomain'],
    ['a denial of the name without SOA', { rcode: Rcode.NXDOMAIN }, 'nxdomain without SOA'],
    ['a denial of the type', { authority: SOA }, 'nodata'],
    ['a denial of the type without SOA', {}, 'nodata without SOA'],
    ['a denial with the NS set of the zone beside it', { authority: `${SOA}\nexample. 60 NS ns.example.` }, 'nodata'],
    ['a referral', { flags: [], authority: 'www.example. 300 NS ns.other.' }, 'referral to www.example.'],
    ['a referral that says AA', { authority: 'www.example. 300 NS ns.other.' }, 'referral to www.example.'],
    [
      'a referral with junk for an answer',
      { flags: [], answer: 'x.victim. 300 A 203.0.113.66', authority: 'www.example. 300 NS ns.other.' },
      'referral to www.example.',
    ],
    ['a referral upward', { flags: [], authority: '. 300 NS ns.other.' }, 'lame: upward-referral'],
    ['a referral sideways', { flags: [], authority: 'other. 300 NS ns.other.' }, 'lame: sideways-referral'],
    ['a referral to itself', { flags: [], authority: 'example. 300 NS ns.other.' }, 'lame: self-referral'],
    [
      'a referral to servers in the zone itself, without glue',
      { flags: [], authority: 'www.example. 300 NS ns.www.example.\nwww.example. 300 NS www.example.' },
      'lame: referral-without-glue',
    ],
    [
      'a referral to servers in the zone itself, with glue for one',
      {
        flags: [],
        authority: 'www.example. 300 NS ns.www.example.\nwww.example. 300 NS www.example.',
        additional: 'www.example. 300 A 192.0.2.1',
      },
      'referral to www.example.',
    ],
    [
      'a referral to one server in the zone and one elsewhere, without glue',
      { flags: [], authority: 'www.example. 300 NS ns.www.example.\nwww.example. 300 NS ns.other.' },
      'referral to www.example.',
    ],
    [
      'a referral below the name',
      { flags: [], authority: 'a.www.example. 300 NS ns.other.' },
      'lame: sideways-referral',
    ],
    ['nothing, from one that recurses', { flags: ['RA'] }, 'lame: recursive-only'],
    ['REFUSED', { rcode: Rcode.REFUSED }, 'lame: refused'],
    ['NOTAUTH', { rcode: Rcode.NOTAUTH }, 'lame: not-authoritative'],
    ['SERVFAIL, whatever else it says', { rcode: Rcode.SERVFAIL, answer }, 'server-failure 2'],
    ['FORMERR', { rcode: Rcode.FORMERR }, 'format-error 1'],
    ['NOTIMP', { rcode: Rcode.NOTIMP }, 'format-error 4'],
    ['TC, whatever else it says', { flags: ['AA', 'TC'], answer }, 'truncated'],
    ['an answer to something else', { answer: 'other.example. 300 A 203.0.113.7' }, 'malformed'],
    ['an answer from another zone', { answer: 'www.victim. 300 A 203.0.113.66' }, 'malformed'],
    ['an answer of another type', { answer: 'www.example. 300 TXT "x"' }, 'malformed'],
  ])('%s', (_, plan, expected) => {
    const meaning = meaningOf(plan);
    expect(told(meaning)).toBe(expected);
    expect(typeof meaningToText(meaning)).toBe('string');
  });
});

describe('of a moved tree', () => {
  test.each<[string, string, string, string]>([
    [
      'the CNAME is made from the DNAME, not taken',
      'a.old.example. A',
      'old.example. 300 DNAME new.\na.old.example. 300 CNAME evil.',
      'alias to a.new.',
    ],
    ['a DNAME alone is enough', 'a.old.example. A', 'old.example. 300 DNAME new.', 'alias to a.new.'],
    ['the apex of the zone may move what is below it', 'a.example. A', 'example. 300 DNAME new.', 'alias to a.new.'],
    ['a DNAME above the zone does not count', 'a.example. A', '. 300 DNAME new.', 'malformed'],
    [
      'a question for DNAME is answered by it',
      'old.example. DNAME',
      'old.example. 300 DNAME new.',
      'answer old.example. 300 IN DNAME new.',
    ],
    [
      'a question for CNAME by both',
      'a.old.example. CNAME',
      'old.example. 300 DNAME new.',
      'answer old.example. 300 IN DNAME new., a.old.example. 300 IN CNAME a.new.',
    ],
  ])('%s', (_, question, answer, expected) => {
    expect(told(meaningOf({ answer }, question))).toBe(expected);
  });

  test('a name that grows too long is YXDOMAIN', () => {
    const label = 'x'.repeat(60);
    const long = `${label}.${label}.${label}.`;
    expect(told(meaningOf({ answer: `old.example. 300 DNAME ${long}` }, `${label}.${label}.old.example. A`))).toBe(
      'yxdomain',
    );
  });
});

describe('of a forwarder', () => {
  test.each<[string, ResponsePlan, string]>([
    ['nothing is NODATA, as it recurses', { flags: ['RA'] }, 'nodata without SOA'],
    ['a referral is no recursion', { flags: [], authority: 'www.example. 300 NS ns.other.' }, 'lame: no-recursion'],
    [
      'an answer is an answer',
      { flags: ['RA'], answer: 'www.example. 300 A 203.0.113.7' },
      'answer www.example. 300 IN A 203.0.113.7',
    ],
  ])('%s', (_, plan, expected) => {
    expect(told(meaningOf(plan, WWW, true))).toBe(expected);
  });
});

test('of several cuts on the way the deepest counts', () => {
  const authority = 'sub.example. 300 NS ns.other.\nwww.sub.example. 300 NS ns.other.';
  expect(told(meaningOf({ flags: [], authority }, 'a.www.sub.example. A'))).toBe('referral to www.sub.example.');
});

test('a response made of thousands of sets is read as quickly as it is long', () => {
  const answer = Array.from({ length: 1500 }, (_, i) => `n${i}.example. 300 A 203.0.113.7`).join('\n');
  expect(told(meaningOf({ answer: `${answer}\nwww.example. 300 A 203.0.113.7` }))).toMatch(/^answer www/);
});
