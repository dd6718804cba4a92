import { expect, test } from 'vitest';
import { aWalk, at, exchange } from '../../test/support/finished-query.ts';
import { name } from '../dns/name.ts';
import { Rcode, Type } from '../dns/record-type.ts';
import type { WalkEvent } from '../query/walk-event.ts';
import { walkTree } from './walk-tree.ts';

const fromTheRoot: WalkEvent[] = [
  at({ kind: 'start', zone: name('.'), from: 'hints' }),
  at(exchange('.', { result: 'referral', detail: 'to example.', qtype: Type.NS, roundTripMs: 12.34 })),
  at({ kind: 'referral', from: name('.'), zone: name('example.'), servers: 2, glue: 1 }),
];

test('a walk is told zone by zone', () => {
  const walk = aWalk([
    ...fromTheRoot,
    at(exchange('example.', { server: '192.0.2.2', result: 'lame', rcode: Rcode.REFUSED, detail: 'REFUSED' })),
    at({ kind: 'server-lame', zone: name('example.'), server: '192.0.2.2', why: 'refused' }),
    at(exchange('example.', { transport: 'tcp', result: 'answer', roundTripMs: 0.5 })),
  ]);
  expect(walkTree(walk)).toBe(
    `www.example. A (3 exchanges, 413 ms waiting for servers)
├─ . (from the root hints)
│  └─ ns1.root.example. (192.0.2.1) udp: www.example. NS → referral to example. 12.3 ms
└─ example. (2 servers, 1 with addresses)
   ├─ ns1.example. (192.0.2.2) udp: www.example. A → lame: REFUSED 400 ms
   └─ ns1.example. (192.0.2.1) tcp: www.example. A → answer 0.5 ms
`,
  );
});

test('the walk for the name of a server is indented below the zone that needs it', () => {
  const walk = aWalk([
    ...fromTheRoot,
    at({ kind: 'start', zone: name('net.'), from: 'cache' }, 1),
    at(exchange('net.', { result: 'answer', roundTripMs: 1, qname: name('ns.example.net.') }), 1),
    at({ kind: 'server-name', name: name('ns.example.net.'), addresses: ['192.0.2.5', '2001:db8::5'] }),
    at(exchange('example.', { serverName: name('ns.example.net.'), server: '192.0.2.5', result: 'nodata' })),
  ]);
  expect(walkTree(walk).split('\n').slice(3, 9).join('\n')).toBe(
    `└─ example. (2 servers, 1 with addresses)
   ├─ looking for the addresses of servers
   │  └─ net. (known from the cache)
   │     └─ ns1.net. (192.0.2.1) udp: ns.example.net. A → answer 1 ms
   ├─ ns.example.net. is at 192.0.2.5, 2001:db8::5
   └─ ns.example.net. (192.0.2.5) udp: www.example. A → nodata 400 ms`,
  );
});

test('a zone that is asked once more is told once, an alias within a zone between its two questions', () => {
  const start = at({ kind: 'start', zone: name('example.'), from: 'cache' });
  const alias = at({ kind: 'alias', owner: name('www.example.'), target: name('web.example.'), type: 'CNAME' });
  const again = aWalk([
    start,
    at(exchange('example.')),
    start,
    at(exchange('example.')),
    alias,
    start,
    at(exchange('example.')),
  ]);
  const lines = walkTree(again).split('\n').slice(1, -1);
  expect(lines.map((line) => line.replace(/ns1.*/, '…'))).toEqual([
    '├─ example. (known from the cache)',
    '│  ├─ …',
    '│  └─ …',
    '├─ www.example. is an alias (CNAME) of web.example.',
    '└─ example. (known from the cache)',
    '   └─ …',
  ]);
});

test('aliases, refused records, what the cache knew and a spent budget are told', () => {
  const tree = walkTree(
    aWalk([
      at({ kind: 'alias', owner: name('www.example.'), target: name('web.example.'), type: 'CNAME' }),
      at({
        kind: 'record-refused',
        server: '192.0.2.1',
        owner: name('bank.example.'),
        type: Type.A,
        why: 'not below the zone',
      }),
      at({ kind: 'cache', qname: name('web.example.'), qtype: Type.A, found: 'failure' }),
      at({ kind: 'server-name', name: name('ns.example.'), addresses: [] }),
      at({ kind: 'dependency-loop', name: name('ns.example.') }),
      at({ kind: 'failed', why: 'no forwarder; walking instead' }),
      at({ kind: 'budget-spent', bound: 'exchanges', limit: 50 }),
      at({ kind: 'failed', why: '' }),
    ]),
  );
  expect(tree).toContain('www.example. is an alias (CNAME) of web.example.\n');
  expect(tree).toContain('not believed from 192.0.2.1: bank.example. A (not below the zone)\n');
  expect(tree).toContain('web.example. A: failed a moment ago\n');
  expect(tree).toContain('ns.example. has no address\n');
  expect(tree).toContain('ns.example. can only be found by asking that server itself\n');
  expect(tree).toContain('failed: no forwarder; walking instead\n');
  expect(tree).toContain('work budget spent: exchanges, 50\n');
});

test('a failed walk ends with the sentence that names the servers', () => {
  const walk = aWalk([...fromTheRoot, at(exchange('example.')), at({ kind: 'failed', why: '' })]);
  expect(walkTree(walk)).toMatch(
    /└─ failed: no server of example\. answered: ns1\.example\. \(192\.0\.2\.1\) timed out after 400 ms\n$/,
  );
});

test('facts that come in an order nobody expects still make a tree', () => {
  const walk = aWalk([at(exchange('example.'), 3), at(exchange('.'), 1), at({ kind: 'failed', why: 'x' }, 2)]);
  expect(walkTree(walk).trimEnd().split('\n')).toHaveLength(10);
});

const hostile: WalkEvent[] = [
  at(
    exchange('example.', {
      serverName: name('\\027]0;x\\007\\000.example.'),
      detail: '\u001b[2J\u202e\r\n',
      server: '\u009b1m',
    }),
  ),
  at({ kind: 'alias', owner: name('<script>.\\155.example.'), target: name('\\013\\010.example.'), type: 'DNAME' }),
  at({ kind: 'record-refused', server: '\u001b', owner: name('\\255.example.'), type: 65_280, why: '\u0000"' }),
  at({ kind: 'budget-spent', bound: '\u001b', limit: 1 }),
  at({ kind: 'failed', why: '\u001b[31mred\n' }),
];

test('no octet of a stranger reaches the terminal as a control character', () => {
  const tree = walkTree(aWalk(hostile, '\\027[1m.example.'));
  expect(tree.replaceAll('\n', '')).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
  expect(tree).toContain('\\027]0\\;x\\007\\000.example.');
  expect(tree).toContain('<script>.\\155.example.');
});

test('colours are used only when asked for, and only around our own text', () => {
  const walk = aWalk([...fromTheRoot, ...hostile]);
  const coloured = walkTree(walk, { colours: true });
  expect(coloured).toContain('\u001b[32mreferral to example.\u001b[39m');
  // eslint-disable-next-line no-control-regex
  expect(coloured.replaceAll(/\u001b\[(?:1|2|22|3[1-3]|39)m/g, '')).toBe(walkTree(walk));
});
