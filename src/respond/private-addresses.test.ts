import { describe, expect, test } from 'vitest';
import { createClientAcl } from '../access/client-acl.ts';
import { ErrorCode } from '../dns/extended-error.ts';
import { name } from '../dns/name.ts';
import { formatRRset } from '../dns/presentation.ts';
import { rrset, type RRset } from '../dns/rrset.ts';
import { parseZoneText } from '../dns/zone-text.ts';
import type { Reply } from '../query/reply.ts';
import { createRebindingGuard } from './private-addresses.ts';

const prefixes = createClientAcl(['10.0.0.0/8', '127.0.0.0/8', '0.0.0.0/8', 'fe80::/10', 'fc00::/7', '::1/128']);
const guard = createRebindingGuard({
  isPrivate: (address) => prefixes.mayRecurse(address),
  allowedIn: [name('corp.example.')],
});

/** Records of one owner and type in a row are one set. */
function sets(...lines: string[]): RRset[] {
  const { records, problems } = parseZoneText(lines.join('\n'));
  if (problems.length > 0) throw new TypeError(problems[0].why);
  const keys = [...new Set(records.map(({ owner, type }) => `${type} ${owner}`))];
  return keys.map((key) => {
    const own = records.filter(({ owner, type }) => `${type} ${owner}` === key);
    return rrset(
      own[0].owner,
      own[0].type,
      own[0].ttl,
      own.map(({ rdata }) => rdata),
    );
  });
}

function replyWith(answer: RRset[]): Reply {
  return { rcode: 0, isAuthoritative: false, answer, authority: [], errors: [], source: 'recursion' };
}

function guarded(qname: string, ...lines: string[]): { left: string[]; codes: number[] } {
  const { answer, errors } = guard(name(qname), replyWith(sets(...lines)));
  const left = answer.flatMap((set) => formatRRset(set).split('\n')).map((line) => line.replaceAll('\t', ' '));
  return { left, codes: errors.map(({ code }) => code) };
}

const BLOCKED = [ErrorCode.BLOCKED];

describe('is left out, and the client is told', () => {
  test.each([
    'A 10.1.2.3',
    'A 127.0.0.1',
    'A 0.0.0.0',
    'AAAA ::1',
    'AAAA fe80::1',
    'AAAA fd00::1',
    'AAAA ::ffff:10.0.0.1',
    'AAAA 64:ff9b::10.0.0.1',
    'HTTPS 1 . ipv4hint=10.0.0.1',
    'HTTPS 1 . alpn=h2 ipv4hint=203.0.113.7,10.0.0.1',
    'HTTPS 1 . ipv6hint=fe80::1',
    'SVCB 1 svc.example. port=53 ipv6hint=2001:db8::7,::1',
  ])('%s', (record) => {
    expect(guarded('evil.example.', `evil.example. 300 ${record}`)).toEqual({ left: [], codes: BLOCKED });
  });
});

describe('is let through', () => {
  test.each([
    'A 203.0.113.7',
    'AAAA 2001:db8::7',
    'AAAA 64:ff9b::203.0.113.7',
    'AAAA ::ffff:203.0.113.7',
    'HTTPS 1 . alpn=h2 ipv4hint=203.0.113.7 ipv6hint=2001:db8::7',
    'HTTPS 0 www.example.',
    'TXT "10.0.0.1"',
    // Four octets that would be a private address are something else here.
    'TYPE65280 \\# 4 0a000001',
  ])('%s', (record) => {
    const { left, codes } = guarded('www.example.', `www.example. 300 ${record}`);
    expect(left).toHaveLength(1);
    expect(codes).toEqual([]);
  });
});

test('of a set, the harmless records stay', () => {
  expect(guarded('mixed.example.', 'mixed.example. 300 A 203.0.113.7', 'mixed.example. 300 A 10.0.0.1')).toEqual({
    left: ['mixed.example. 300 IN A 203.0.113.7'],
    codes: BLOCKED,
  });
});

test('an answer that lacks records is no longer proved, nor signed', () => {
  const [set] = sets('mixed.example. 300 A 203.0.113.7', 'mixed.example. 300 A 10.0.0.1');
  const signed = { ...set, signatures: { count: 1, packed: Uint8Array.of(0, 1, 9) } };
  const reply = guard(name('mixed.example.'), { ...replyWith([signed]), security: { state: 'secure' } });
  expect(reply.security).toBeUndefined();
  expect(reply.answer[0].signatures).toBeUndefined();
});

test('an answer that is let through is the very same', () => {
  const reply: Reply = { ...replyWith(sets('www.example. 300 A 203.0.113.7')), security: { state: 'secure' } };
  expect(guard(name('www.example.'), reply)).toBe(reply);
});

describe('a zone that may have such addresses', () => {
  test('has them', () => {
    expect(guarded('nas.corp.example.', 'nas.corp.example. 300 A 10.0.0.1').left).toHaveLength(1);
  });

  test('may point within itself', () => {
    const lines = ['www.corp.example. 300 CNAME nas.corp.example.', 'nas.corp.example. 300 A 10.0.0.1'];
    expect(guarded('www.corp.example.', ...lines)).toMatchObject({ codes: [] });
  });

  test("is not reached through a stranger's alias", () => {
    const lines = ['www.evil.example. 300 CNAME nas.corp.example.', 'nas.corp.example. 300 A 10.0.0.1'];
    expect(guarded('www.evil.example.', ...lines)).toEqual({
      left: ['www.evil.example. 300 IN CNAME nas.corp.example.'],
      codes: BLOCKED,
    });
  });

  test('does not lend its right to a stranger that it points to', () => {
    const lines = ['www.corp.example. 300 CNAME www.evil.example.', 'www.evil.example. 300 A 10.0.0.1'];
    expect(guarded('www.corp.example.', ...lines).codes).toEqual(BLOCKED);
  });

  test('is not one whose name only ends alike', () => {
    expect(guarded('nas.evilcorp.example.', 'nas.evilcorp.example. 300 A 10.0.0.1').left).toEqual([]);
  });
});
