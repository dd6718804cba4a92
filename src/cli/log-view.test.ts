import { expect, test } from 'vitest';
import {
  aQuery,
  aWalk,
  anAddress,
  answered,
  at,
  dropped,
  exchange,
  rejected,
} from '../../test/support/finished-query.ts';
import { name } from '../dns/name.ts';
import { Rcode, Type } from '../dns/record-type.ts';
import { rrset } from '../dns/rrset.ts';
import { nameToWire } from '../dns/name.ts';
import { logLine, type LogLine } from '../observe/log-line.ts';
import { createLogView } from './log-view.ts';

const view = createLogView({ colours: false });

const alias = rrset(name('www.example.'), Type.CNAME, 300, [nameToWire(name('web.example.'))]);
const walk = aWalk([at(exchange('example.')), at({ kind: 'failed', why: '' })]);

test.each([
  [
    answered('www.example.'),
    '2026-11-25 10:00:00.000 192.0.2.77      udp www.example. A NOERROR 203.0.113.7 [cache, 1 ms]\n',
  ],
  [
    answered('www.example.', {
      answer: [alias, anAddress('web.example.'), anAddress('x.example.')],
      source: 'recursion',
      walk,
    }),
    '2026-11-25 10:00:00.000 192.0.2.77      udp www.example. A NOERROR → web.example., 203.0.113.7, +1 [recursion, 1 exchange, 1 ms]\n',
  ],
  [
    answered('nx.example.', { rcode: Rcode.NXDOMAIN, answer: [], source: 'negative' }, { isTruncated: true }),
    '2026-11-25 10:00:00.000 192.0.2.77      udp nx.example. A NXDOMAIN truncated [negative, 1 ms]\n',
  ],
  [
    answered('www.example.', { rcode: Rcode.SERVFAIL, answer: [], source: 'recursion', walk }),
    '2026-11-25 10:00:00.000 192.0.2.77      udp www.example. A SERVFAIL [recursion, 1 exchange, 1 ms]\n' +
      '    no server of example. answered: ns1.example. (192.0.2.1) timed out after 400 ms\n',
  ],
  [
    rejected(Rcode.FORMERR, 'two questions'),
    '2026-11-25 10:00:00.000 192.0.2.77      udp - FORMERR [rule, 0.1 ms]\n    two questions\n',
  ],
  [
    dropped('source-port-0'),
    '2026-11-25 10:00:00.000 192.0.2.77      udp - dropped: source-port-0 [0.1 ms]\n    nothing can be sent to port 0\n',
  ],
  [
    answered('xn--mnchen-3ya.example.', { answer: [] }),
    '2026-11-25 10:00:00.000 192.0.2.77      udp xn--mnchen-3ya.example. (münchen.example.) A NOERROR [cache, 1 ms]\n',
  ],
])('a line for people: %#', (finished, text) => {
  expect(view(logLine(finished))).toBe(text);
});

test('a class other than IN and the number of a flood are told', () => {
  const query = aQuery('version.bind.', { question: { qname: name('version.bind.'), qtype: Type.TXT, qclass: 3 } });
  const flood = { count: 500, manyClients: true as const };
  const line = logLine(answered('version.bind.', { source: 'rule', answer: [] }, { query }));
  expect(view({ ...line, ...flood })).toContain(' version.bind. CH TXT NOERROR [rule, 1 ms] ×500 from many clients\n');
});

test('a file that someone else has written cannot steer the terminal', () => {
  const nasty = '\u001b[2J\u009b\r\u202e';
  const line = {
    ...logLine(answered('www.example.')),
    time: nasty,
    client: nasty,
    transport: nasty,
    qname: nasty,
    qtype: nasty,
    qclass: nasty,
    idn: nasty,
    rcode: nasty,
    source: nasty,
    error: nasty,
    answers: [{ name: nasty, type: nasty, ttl: 1, data: nasty }],
  } as unknown as LogLine;
  expect(view(line).replaceAll('\n', '')).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
  expect(view({ ...line, dropped: nasty } as unknown as LogLine).replaceAll('\n', '')).not.toMatch(/\p{C}/u);
});

test('colours are used where they are wanted', () => {
  expect(createLogView({ colours: true })(logLine(answered('www.example.')))).toContain('\u001b[32mNOERROR\u001b[39m');
});
