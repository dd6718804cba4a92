import { describe, expect, test } from 'vitest';
import { queryFor, told } from '../../test/support/stage-query.ts';
import { name, nameToText, nameToWire } from '../dns/name.ts';
import { Class, Rcode, Type, typeToText } from '../dns/record-type.ts';
import { rrset } from '../dns/rrset.ts';
import { parseZoneText } from '../dns/zone-text.ts';
import type { ClientQuery } from '../query/client-query.ts';
import type { StageResult } from '../query/stage.ts';
import { createLocalRecords } from './local-records.ts';
import { MAX_LOCAL_ALIASES, createLocalZones } from './local-zones.ts';

function setUp(
  text: string,
  outside: (query: ClientQuery) => StageResult = () => ({ kind: 'drop', reason: 'overloaded' }),
) {
  const { records, problems: unread } = parseZoneText(text, { defaultTtl: 3600 });
  expect(unread).toEqual([]);
  const local = createLocalRecords(records);
  const asked: string[] = [];
  const stage = createLocalZones(local, {
    lookUp: async (query) => {
      asked.push(`${nameToText(query.question.qname)} ${typeToText(query.question.qtype)}`);
      expect(query.wireName).toEqual(nameToWire(query.question.qname));
      return outside(query);
    },
  });
  const ask = async (question: string, others: Partial<ClientQuery> = {}): Promise<string> =>
    told(await stage(queryFor(question, others)));
  return { ask, asked, stage, problems: local.problems };
}

/** What a client gets outside: one address for every name. */
function outside(query: ClientQuery): StageResult {
  const answer = [rrset(query.question.qname, Type.A, 42, [Uint8Array.of(203, 0, 113, 9)])];
  return {
    kind: 'reply',
    reply: { rcode: Rcode.NOERROR, isAuthoritative: false, answer, authority: [], errors: [], source: 'recursion' },
  };
}
/** So many aliases, one leading to the next, and an address at the end. */
function chain(length: number): string {
  const aliases = Array.from({ length }, (_, i) => `n${i}.example. CNAME n${i + 1}.example.\n`);
  return `${aliases.join('')}n${length}.example. A 192.0.2.7\n`;
}

test.each([
  ['nas.example. A', 'NOERROR aa; nas.example. 300 A 192.0.2.7; nas.example. 300 A 192.0.2.8', 'one TTL for the set'],
  ['nas.example. TXT', 'NOERROR aa; nas.example. 3600 TXT "two words"', 'any type'],
  ['nas.example. AAAA', 'NOERROR aa; [nas.example. 60 SOA]', 'NODATA for a type that is not there'],
  ['NAS.example. A', 'NOERROR aa; nas.example. 300 A 192.0.2.7; nas.example. 300 A 192.0.2.8', 'any letter case'],
  ['web.example. TYPE65280', 'NOERROR aa; web.example. 3600 TYPE65280 \\# 2 ABCD', 'a type without a name'],
  ['www.nas.example. A', 'pass', 'a name below is not ours'],
  ['example. A', 'pass', 'nor one above'],
])('%s → %s', async (question, reply) => {
  const { ask } = setUp(`
nas.example. 600 A 192.0.2.7
nas.example. 300 A 192.0.2.8
nas.example. TXT "two words"
web.example. TYPE65280 \\# 2 abcd
`);
  expect(await ask(question)).toBe(reply);
});

describe('a wildcard (RFC 4592)', () => {
  test.each([
    ['a.dev.example. A', 'NOERROR aa; a.dev.example. 3600 A 192.0.2.7', 'stands in for a name that does not exist'],
    ['a.b.dev.example. A', 'NOERROR aa; a.b.dev.example. 3600 A 192.0.2.7', 'at any depth'],
    ['a.dev.example. AAAA', 'NOERROR aa; [a.dev.example. 60 SOA]', 'with its types alone'],
    ['dev.example. A', 'pass', 'not for the name above it'],
    ['mail.dev.example. A', 'NOERROR aa; [mail.dev.example. 60 SOA]', 'not for a name that has other types'],
    ['x.mail.dev.example. A', 'pass', 'nor below one'],
    ['deep.dev.example. A', 'pass', 'nor for one that exists because of names below it'],
    ['*.dev.example. A', 'NOERROR aa; *.dev.example. 3600 A 192.0.2.7', 'and it can be asked for itself'],
  ])('%s → %s', async (question, reply) => {
    const { ask } = setUp(`
*.dev.example. A 192.0.2.7
mail.dev.example. MX 10 mail.example.
x.deep.dev.example. A 192.0.2.8
`);
    expect(await ask(question)).toBe(reply);
  });
});

describe('an SOA makes a zone', () => {
  test.each([
    ['www.lan.example. A', 'NOERROR aa; www.lan.example. 3600 A 192.0.2.7'],
    ['gone.lan.example. A', 'NXDOMAIN aa; [lan.example. 300 SOA]'],
    ['lan.example. A', 'NOERROR aa; [lan.example. 300 SOA]'],
    ['b.lan.example. A', 'NOERROR aa; [lan.example. 300 SOA]'],
    ['www.lan.example. AAAA', 'NOERROR aa; [lan.example. 300 SOA]'],
    ['other.example. A', 'pass'],
    ['alias.lan.example. A', 'NXDOMAIN aa; alias.lan.example. 3600 CNAME gone.lan.example.; [lan.example. 300 SOA]'],
  ])('%s → %s', async (question, reply) => {
    const { ask } = setUp(`
lan.example. 600 SOA ns.lan.example. root.lan.example. 1 3600 600 86400 300
www.lan.example. A 192.0.2.7
a.b.lan.example. A 192.0.2.8
alias.lan.example. CNAME gone.lan.example.
`);
    expect(await ask(question)).toBe(reply);
  });
});

describe('an alias', () => {
  const text = `
www.example. CNAME nas.example.
nas.example. A 192.0.2.7
out.example. 60 CNAME www.other.
`;
  test('is followed among our own records', async () => {
    const { ask, asked } = setUp(text);
    expect(await ask('www.example. A')).toBe(
      'NOERROR aa; www.example. 3600 CNAME nas.example.; nas.example. 3600 A 192.0.2.7',
    );
    expect(await ask('www.example. AAAA')).toBe(
      'NOERROR aa; www.example. 3600 CNAME nas.example.; [nas.example. 60 SOA]',
    );
    expect(await ask('www.example. CNAME')).toBe('NOERROR aa; www.example. 3600 CNAME nas.example.');
    expect(asked).toEqual([]);
  });

  test('that leads outside is completed with what a client would get there', async () => {
    const { ask, asked } = setUp(text, outside);
    expect(await ask('out.example. A')).toBe(
      'NOERROR aa; out.example. 60 CNAME www.other.; www.other. 42 A 203.0.113.9',
    );
    expect(asked).toEqual(['www.other. A']);
  });

  test('that leads to a failure gives the failure, with its reason', async () => {
    const errors = [{ code: 22, text: 'no server answered' }];
    const failing = (): StageResult => ({
      kind: 'reply',
      reply: { rcode: Rcode.SERVFAIL, isAuthoritative: false, answer: [], authority: [], errors, source: 'recursion' },
    });
    const { stage } = setUp(text, failing);
    expect(await stage(queryFor('out.example. A'))).toMatchObject({ reply: { rcode: Rcode.SERVFAIL, errors } });
  });

  test('that leads outside is all that a client without RD gets', async () => {
    const { ask, asked } = setUp(text, outside);
    expect(await ask('out.example. A', { recursionDesired: false })).toBe(
      'NOERROR aa; out.example. 60 CNAME www.other.',
    );
    expect(asked).toEqual([]);
  });

  test('whose target is dropped is dropped', async () => {
    const { ask } = setUp(text);
    expect(await ask('out.example. A')).toBe('drop');
  });

  test('from a wildcard bears the name that was asked for', async () => {
    const { ask } = setUp('*.example. CNAME nas.other.\nnas.other. A 192.0.2.7\n');
    expect(await ask('a.example. A')).toBe('NOERROR aa; a.example. 3600 CNAME nas.other.; nas.other. 3600 A 192.0.2.7');
  });

  test('that leads back to itself is a failure with its reason', async () => {
    const { stage } = setUp('a.example. CNAME b.example.\nb.example. CNAME a.example.\n');
    expect(await stage(queryFor('a.example. A'))).toMatchObject({
      reply: { rcode: Rcode.SERVFAIL, errors: [{ text: expect.stringContaining('from alias to alias') }] },
    });
  });

  test('is followed as often as the walk does, and no more', async () => {
    expect(await setUp(chain(MAX_LOCAL_ALIASES)).ask('n0.example. A')).toContain('A 192.0.2.7');
    expect(await setUp(chain(MAX_LOCAL_ALIASES + 1)).ask('n0.example. A')).toBe('SERVFAIL aa');
  });
});

describe('records that cannot stand together are reported, and the rest counts', () => {
  test('a CNAME beside other records is left out (RFC 2181 §10.1)', async () => {
    const { ask, problems } = setUp('a.example. A 192.0.2.7\na.example. CNAME b.example.\n');
    expect(problems).toEqual([{ line: 2, why: 'a.example. has other records too, so its CNAME is left out' }]);
    expect(await ask('a.example. AAAA')).toBe('NOERROR aa; [a.example. 60 SOA]');
  });

  test('of two CNAMEs the first counts', async () => {
    const { ask, problems } = setUp('a.example. CNAME b.example.\na.example. CNAME c.example.\n');
    expect(problems).toEqual([{ line: 2, why: 'a.example. has a CNAME already; the first one counts' }]);
    expect(await ask('a.example. CNAME')).toBe('NOERROR aa; a.example. 3600 CNAME b.example.');
  });
});

test('without records everything passes', async () => {
  expect(await setUp('').ask('www.example. A')).toBe('pass');
});

test('other classes are not ours', async () => {
  const question = { qname: name('nas.example.'), qtype: Type.A, qclass: Class.CH };
  expect(await setUp('nas.example. A 192.0.2.7\n').ask('nas.example. A', { question })).toBe('pass');
});
