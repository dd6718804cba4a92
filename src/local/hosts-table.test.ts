import { describe, expect, test } from 'vitest';
import { queryFor, told } from '../../test/support/stage-query.ts';
import { name } from '../dns/name.ts';
import { Class } from '../dns/record-type.ts';
import type { StageResult } from '../query/stage.ts';
import { parseHostsFile } from './hosts-file.ts';
import { createHostsStage, createHostsTable } from './hosts-table.ts';

const file = `
127.0.0.1    localhost
192.0.2.7    nas.example nas
192.0.2.8    nas.example
192.0.2.7    store.example
2001:db8::7  nas.example
192.0.2.7    nas.example
2001:db8::9  six.example
0.0.0.0      ads.example
`;
const table = createHostsTable(parseHostsFile(file).entries);
const stage = createHostsStage(() => table);
const ask = (question: string): string => told(stage(queryFor(question)) as StageResult);

test.each([
  ['nas.example. A', 'NOERROR aa; nas.example. 60 A 192.0.2.7; nas.example. 60 A 192.0.2.8', 'from all its lines'],
  ['nas.example. AAAA', 'NOERROR aa; nas.example. 60 AAAA 2001:db8::7', 'of the other family'],
  ['NAS. A', 'NOERROR aa; nas. 60 A 192.0.2.7', 'for an alias, in any letter case'],
  ['nas. AAAA', 'NOERROR aa; [nas. 60 SOA]', 'none of the other family'],
  ['six.example. A', 'NOERROR aa; [six.example. 60 SOA]', 'none of the other family'],
  ['nas.example. HTTPS', 'NOERROR aa; [nas.example. 60 SOA]', 'none of another type'],
  ['ads.example. A', 'NOERROR aa; ads.example. 60 A 0.0.0.0', 'that reaches nobody'],
  ['www.nas.example. A', 'pass', 'below a listed name'],
  ['example. A', 'pass', 'above one'],
])('%s → %s', (question, reply) => {
  expect(ask(question)).toBe(reply);
});

describe('an address', () => {
  test.each([
    ['7.2.0.192.in-addr.arpa. PTR', 'NOERROR aa; 7.2.0.192.in-addr.arpa. 60 PTR nas.example.'],
    ['1.0.0.127.in-addr.arpa. PTR', 'NOERROR aa; 1.0.0.127.in-addr.arpa. 60 PTR localhost.'],
    [
      `9.0.0.0.${'0.'.repeat(20)}8.b.d.0.1.0.0.2.ip6.arpa. PTR`,
      `NOERROR aa; 9.0.0.0.${'0.'.repeat(20)}8.b.d.0.1.0.0.2.ip6.arpa. 60 PTR six.example.`,
    ],
    ['7.2.0.192.in-addr.arpa. A', 'NOERROR aa; [7.2.0.192.in-addr.arpa. 60 SOA]'],
    ['6.2.0.192.in-addr.arpa. PTR', 'pass'],
  ])('leads back to the first name of its first line: %s', (question, reply) => {
    expect(ask(question)).toBe(reply);
  });
});

test('names are counted once each', () => {
  expect(table.names).toBe(6);
});

test('a name on very many lines has no more addresses than fit an answer', () => {
  const lines = Array.from({ length: 5000 }, (_, i) => `198.18.${i >> 8}.${i & 255} many.example`).join('\n');
  const result = createHostsTable(parseHostsFile(lines).entries).answer(name('many.example.'), 1);
  expect(result.kind === 'reply' && result.reply.answer[0].count).toBe(100);
});

test('other classes are not ours', () => {
  const question = { qname: name('nas.example.'), qtype: 1, qclass: Class.CH };
  expect(stage(queryFor('nas.example. A', { question }))).toEqual({ kind: 'pass' });
});
