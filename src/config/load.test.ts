import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { name } from '../dns/name.ts';
import { checkConfig, loadConfig } from './load.ts';
import { formatProblems } from './problems.ts';

/** What `check-config` would print about a file with this text. */
function complaints(text: string): string {
  const result = checkConfig(text, 'rootwalk.yaml');
  return formatProblems(result.kind === 'problems' ? result.problems : result.warnings);
}

function load(text: string) {
  const result = checkConfig(text, 'rootwalk.yaml');
  if (result.kind === 'problems') throw new Error(formatProblems(result.problems));
  return result.config;
}

describe('a sound file', () => {
  test.each(['', '# nothing but a comment\n', '---\n', '{}', 'iteration:\n  # ipv6: off\n'])(
    '%j has all defaults',
    (text) => {
      const config = load(text);
      expect(config.cache.maxBytes).toBe(128 * 2 ** 20);
      expect(config.iteration).toMatchObject({ ipv4: 'auto', ipv6: 'auto', serverPort: 53 });
    },
  );

  test('off and on are words, not truth values', () => {
    expect(load('iteration: { ipv4: on, ipv6: off, qnameMinimisation: off }').iteration).toMatchObject({
      ipv4: 'on',
      ipv6: 'off',
      qnameMinimisation: 'off',
    });
  });

  test('stub and forward zones are read with their servers', () => {
    const text = `
zones:
  - name: Corp.Example
    stub: [192.0.2.1, "192.0.2.2:5353"]
  - name: .
    forward: ["2001:db8::53"]
    first: true`;
    expect(load(text).zones).toEqual([
      {
        kind: 'stub',
        name: name('corp.example.'),
        servers: [
          { address: '192.0.2.1', port: undefined },
          { address: '192.0.2.2', port: 5353 },
        ],
      },
      {
        kind: 'forward',
        name: name('.'),
        servers: [{ address: '2001:db8::53', port: undefined }],
        first: true,
      },
    ]);
  });

  test('JSON is YAML: what the benchmark writes loads', () => {
    const config = load(
      JSON.stringify({
        listen: { dns: ['127.0.0.1:5314'] },
        threads: { listeners: 1, resolvers: 1 },
        dnssec: { validate: true, trustAnchors: join(import.meta.dirname, '../../root-hints/root-anchors.ds') },
        iteration: { ipv6: 'off' },
        access: { allow: ['127.0.0.0/8'] },
        queryLog: { enabled: false, directory: '/tmp/d/log' },
        web: { enabled: false },
        dataDirectory: '/tmp/d/data',
      }),
    );
    expect(config.queryLog).toMatchObject({ enabled: false, directory: '/tmp/d/log' });
    expect(config.controlSocket).toBe('/tmp/d/data/control.sock');
  });
});

describe('a problem names line, column, key, reason and remedy', () => {
  test.each([
    ['iteratoin: {}', '1:1: iteratoin: there is no such key\n    did you mean iteration?'],
    [
      'iteration:\n  budget:\n    exchange: 5',
      '3:5: iteration.budget.exchange: there is no such key\n    did you mean exchanges?',
    ],
    ['prime: false', '1:1: prime: there is no such key\n    it is written roots: {prime: …}'],
    [
      'cache: {elephant: 1}',
      '1:9: cache.elephant: there is no such key\n    the keys here are maxBytes, minTtl, maxTtl, maxNegativeTtl, ttlOverrides',
    ],
    ['__proto__: {a: 1}', '1:1: __proto__: there is no such key'],
    [
      'zones: [{name: example, stubs: [192.0.2.1]}]',
      '1:25: zones[0].stubs: there is no such key\n    did you mean stub?',
    ],
    ['walks: {max: many}', '1:14: walks.max: "many" is not a whole number\n    write a whole number from 1 to 100000'],
    ['walks: {max: 1.5}', '1:14: walks.max: 1.5 is not a whole number'],
    ['walks: {max: 0}', '1:14: walks.max: 0 is less than 1\n    write a whole number from 1 to 100000 (default: 2000)'],
    ['walks: {max: 1e9}', '1:14: walks.max: 1000000000 is more than 100000'],
    ['walks: {max:}', '1:13: walks.max: nothing is not a whole number'],
    ['walks: 5', '1:8: walks: 5 is not a section\n    write keys below it: max'],
    ['web: {enabled: yes}', '1:16: web.enabled: "yes" is not true or false'],
    ['iteration: {ipv6: onn}', '1:19: iteration.ipv6: "onn" is none of auto, on, off\n    did you mean on?'],
    ['iteration: {ipv6: false}', '1:19: iteration.ipv6: false is none of auto, on, off'],
    ['listen: {dns: 127.0.0.1}', '1:15: listen.dns: "127.0.0.1" is not a list of address:port'],
    ['listen: {dns: []}', '1:15: listen.dns: the list is empty'],
    ['listen:\n  dns:\n    - 127.0.0.1\n', '3:7: listen.dns[0]: "127.0.0.1" has no port'],
    [
      'access: {allow: [10.0.0.1/8]}',
      '1:18: access.allow[0]: "10.0.0.1/8": the address has bits set behind the length',
    ],
    ['access: {allow: [lan]}', '1:18: access.allow[0]: "lan": "lan" is no IPv4 or IPv6 address'],
    ['zones: [{name: "a..example", stub: [192.0.2.1]}]', '1:16: zones[0].name: "a..example": two dots'],
    ['zones: [{name: example, stub: [ns.example]}]', '1:32: zones[0].stub[0]: "ns.example" is not the address'],
    [
      'zones: [{name: example}]',
      '1:9: zones[0]: the zone has no servers\n    add stub: [addresses] or forward: [addresses]',
    ],
    ['zones: [{name: example, stub: [192.0.2.1], first: true}]', '1:9: zones[0]: first is for forward zones'],
    ['local: {records: [nas.example. A 192.0.2]}', '1:19: local.records[0]: '],
    ['cache: {maxBytes: 1KB}', '1:19: cache.maxBytes: "1KB" is not a size\n    write a size from 1MiB to 1024GiB'],
    ['cache: {maxBytes: true}', '1:19: cache.maxBytes: true is not a size'],
    ['user: "a b"', '1:7: user: "a b" is not a user name or number'],
    ['dnssec: {trustAnchors: 5}', '1:24: dnssec.trustAnchors: 5 is not a path, or list of records'],
    [
      'dnssec: {trustAnchors: [". A 192.0.2.1"]}',
      '1:24: dnssec.trustAnchors: line 1: a trust anchor is a DS or DNSKEY',
    ],
    ['[1, 2]', '1:1: [1, 2] is not a section'],
    ['just words', '1:1: "just words" is not a section'],
    ['cache: {maxTtl: 5}\ncache: {}', '2:1: cache: the key stands here a second time\n    keep one of the two'],
    ['listen:\n\tdns: []', '2:1: the line is indented by a tab\n    YAML is indented by spaces'],
    ['a: 1\n---\nb: 2', '2:1: a second document begins here'],
    ['listen: {dns: [[::1]:53]}', '1:16: listen.dns[0]: {"[ ::1 ]":53} is not text\n    put quotes around'],
    ['cache: {maxTtl: [}', ': this is not YAML: '],
    ['cache: *nowhere', 'its anchors and aliases cannot be followed\n    Unresolved alias'],
  ])('%j', (text, complaint) => {
    expect(complaints(text)).toContain(complaint);
  });

  test('all problems of a file are told at once', () => {
    const told = complaints('walks: {max: 0}\ncache: {maxTtl: 0}\nelephant: 1\n');
    expect(told.match(/^rootwalk\.yaml:/gm)).toHaveLength(3);
  });

  test('aliases that multiply without end are refused', () => {
    const bomb = ['a: &a [x, x, x, x, x, x, x, x, x, x]'];
    for (const [to, from] of ['ba', 'cb', 'dc', 'ed']) bomb.push(`${to}: &${to} [${`*${from}, `.repeat(10)}]`);
    expect(complaints(bomb.join('\n'))).toContain('anchors and aliases');
  });
});

describe('keys that contradict each other', () => {
  test.each([
    ['iteration: {ipv4: off, ipv6: off}', 'iteration.ipv6: IPv4 and IPv6 are both off'],
    ['cache: {minTtl: 60, maxTtl: 30}', 'cache.minTtl: it is above maxTtl, 30'],
    ['cache: {ttlOverrides: [{zone: example}]}', 'cache.ttlOverrides[0]: it overrides nothing'],
    ['cache: {ttlOverrides: [{zone: example, minTtl: 9, maxTtl: 8}]}', 'cache.ttlOverrides[0]: its least TTL'],
    ['queryLog: {maxFileBytes: 1MiB, maxTotalBytes: 1MiB}', 'queryLog.maxFileBytes: maxTotalBytes has no room'],
    ['listen: {dns: ["[::1]:53", "[0:0::1]:53"]}', 'listen.dns[1]: this address and port stand in the list twice'],
    [
      'zones: [{name: example, stub: [192.0.2.1]}, {name: EXAMPLE., forward: [192.0.2.2]}]',
      'zones[1].name: this zone stands in the list twice',
    ],
    ['listen: {tcp: {maxConnections: 5}}', 'listen.tcp.maxPerClient: it is above maxConnections, 5'],
  ])('%s', (text, complaint) => {
    expect(checkConfig(text, 'rootwalk.yaml').kind).toBe('problems');
    expect(complaints(text)).toContain(complaint);
  });

  test('a data directory whose path leaves no room for the control socket is refused', () => {
    const directory = `/${'d'.repeat(100)}`;
    expect(complaints(`dataDirectory: ${directory}`)).toContain(
      `controlSocket: ${directory}/control.sock: the path of a socket has at most 107 bytes`,
    );
    expect(checkConfig(`dataDirectory: ${directory}\ncontrolSocket: /run/c.sock`, 'rootwalk.yaml').kind).toBe('loaded');
  });

  test('port 0 may be asked for more than once, since the system gives two ports', () => {
    expect(load('listen: {dns: ["127.0.0.1:0", "127.0.0.1:0"]}').listen.dns).toHaveLength(2);
  });
});

describe('what works and is probably not wanted is a warning', () => {
  test.each([
    ['listen: {dns: ["0.0.0.0:53"]}\naccess: {allow: [0.0.0.0/0]}', 'access.allow[0]: every address may recurse'],
    ['threads: {listeners: 4}', 'threads.listeners: one thread is used for now'],
    ['web: {enabled: true}', 'web.enabled: there is no status page yet'],
    ['user: ""', 'user: started as root, the daemon will read the network as root'],
    ['zones: [{name: ., forward: [192.0.2.1]}]', 'zones[0]: everything is forwarded'],
    [
      'local: {records: ["www.example. A 192.0.2.1", "www.example. CNAME example."]}',
      'local.records[1]: www.example. has other records too, so its CNAME is left out',
    ],
    ['local: {hostsFiles: [/nowhere/hosts]}', 'local.hostsFiles[0]: /nowhere/hosts: there is no such file'],
  ])('%s', (text, complaint) => {
    expect(checkConfig(text, 'rootwalk.yaml').kind).toBe('loaded');
    expect(complaints(text)).toContain(complaint);
  });

  test('a resolver open to all that only listens to this machine is no cause for a warning', () => {
    expect(complaints('access: {allow: [0.0.0.0/0, "::/0"]}')).toBe('');
  });
});

describe('files', () => {
  const directory = mkdtempSync(join(tmpdir(), 'rootwalk-config-'));
  afterAll(() => rmSync(directory, { recursive: true }));
  const file = (text: string): string => {
    const path = join(directory, 'file');
    writeFileSync(path, text);
    return path;
  };

  test.each([
    ['/nowhere/rootwalk.yaml', '/nowhere/rootwalk.yaml: there is no such file\n'],
    ['/', '/: it is a directory\n'],
    ['/dev/zero', '/dev/zero: it is not an ordinary file\n'],
  ])('a configuration at %s is refused', (path, complaint) => {
    const result = loadConfig(path);
    expect(result.kind === 'problems' && formatProblems(result.problems)).toBe(complaint);
  });

  test('one that may not be read is refused', () => {
    const denied = { kind: 'unreadable', why: 'permission to read it is denied' } as const;
    const result = loadConfig('rootwalk.yaml', undefined, () => denied);
    expect(result).toMatchObject({ kind: 'problems', problems: [{ reason: denied.why, place: undefined }] });
  });

  test.each([
    ['. 3600 NS a.root-servers.example.', 'it has no address of a root server'],
    ['www.example. 3600 A 192.0.2.1', 'it names no root server'],
    ['. 3600 NS a.example.\na.example. 3600 A 192.0.2', ': line 2: '],
  ])('root hints with %j do not start a walk', (hints, complaint) => {
    expect(complaints(`roots: {hints: ${JSON.stringify(file(hints))}}`)).toContain(complaint);
  });
});
