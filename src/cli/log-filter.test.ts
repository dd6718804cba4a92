import { describe, expect, test } from 'vitest';
import type { LogLine } from '../observe/log-line.ts';
import { parseFilter, passes, type FilterWords } from './log-filter.ts';

const NOW = Date.UTC(2026, 10, 25, 10, 0, 0);

const line: LogLine = {
  time: '2026-11-25T09:50:00.000000Z',
  client: '192.0.2.77',
  port: 50_000,
  transport: 'udp',
  qname: 'www.example.',
  qtype: 'A',
  rcode: 'NOERROR',
  source: 'cache',
  octets: 64,
  ms: { total: 1, queue: 0, cache: 1, network: 0 },
};

function isShown(words: FilterWords, changes: Partial<LogLine> = {}): boolean {
  const filter = parseFilter(words, NOW);
  if ('why' in filter) throw new Error(filter.why);
  return passes({ ...line, ...changes }, filter);
}

describe('which lines are shown', () => {
  test.each([
    ['without a filter, all', {}, {}, true],
    ['its client', { client: '192.0.2.77' }, {}, true],
    ['another client', { client: '192.0.2.78' }, {}, false],
    ['a client within a prefix', { client: '192.0.2.0/24' }, {}, true],
    ['a client outside', { client: '198.51.100.0/24' }, {}, false],
    ['the prefix of all', { client: '0.0.0.0/0' }, {}, true],
    ['an IPv6 client in another spelling', { client: '2001:DB8::1' }, { client: '2001:db8:0::1' }, true],
    ['an IPv6 prefix', { client: '2001:db8::/32' }, { client: '2001:db8:ffff::1' }, true],
    ['an IPv4 client for an IPv6 prefix', { client: '::/0' }, {}, false],
    ['a client that is no address', { client: '0.0.0.0/0' }, { client: '\u001b' }, false],
    ['the name itself', { name: 'www.example' }, {}, true],
    ['a name below', { name: 'EXAMPLE.' }, {}, true],
    ['everything below the root', { name: '.' }, {}, true],
    ['a name that only ends in the same letters', { name: 'ample.' }, {}, false],
    ['a dot within a label is no boundary', { name: 'example.' }, { qname: 'www\\.example.' }, false],
    ['a line without a name', { name: '.' }, { qname: undefined }, false],
    ['its response code', { rcode: 'noerror' }, {}, true],
    ['another response code', { rcode: 'SERVFAIL' }, {}, false],
    ['a code without a name', { rcode: 'RCODE23' }, { rcode: 'RCODE23' }, true],
    ['its type', { type: 'a' }, {}, true],
    ['a type by number', { type: 'TYPE1' }, {}, true],
    ['another type', { type: 'AAAA' }, {}, false],
    ['its source', { source: 'cache' }, {}, true],
    ['another source', { source: 'recursion' }, {}, false],
    ['an answer is no failure', { failed: true }, {}, false],
    ['a denial is no failure', { failed: true }, { rcode: 'NXDOMAIN' }, false],
    ['SERVFAIL is a failure', { failed: true }, { rcode: 'SERVFAIL' }, true],
    ['a refusal is a failure', { failed: true }, { rcode: 'REFUSED' }, true],
    ['a dropped message is a failure', { failed: true }, { rcode: undefined, dropped: 'malformed' }, true],
    ['since ten minutes ago', { since: '10m' }, {}, true],
    ['since nine minutes ago', { since: '9m' }, {}, false],
    ['since an hour with a zone', { since: '2026-11-25T11:50:00+02:00' }, {}, true],
    ['since a moment later', { since: '2026-11-25 09:50:01Z' }, {}, false],
    ['until that moment', { until: '2026-11-25T09:50:00Z' }, {}, true],
    ['until before', { until: '11m' }, {}, false],
    ['a flood that reaches into the time', { since: '9m' }, { last: '2026-11-25T09:55:00.000000Z' }, true],
    ['all filters together', { client: '192.0.2.77', type: 'A', rcode: 'SERVFAIL' }, {}, false],
  ] as [string, FilterWords, Partial<LogLine>, boolean][])('%s', (_, words, changes, shown) => {
    expect(isShown(words, changes)).toBe(shown);
  });

  test('a time without a zone is that of the machine, with and without hours', () => {
    const filter = parseFilter({ since: '2026-11-25', until: '2026-11-25T10:30' }, NOW);
    expect(filter).toMatchObject({
      sinceMs: new Date(2026, 10, 25).getTime(),
      untilMs: new Date(2026, 10, 25, 10, 30).getTime(),
    });
  });
});

describe('a filter that is none gets a message', () => {
  test.each([
    [{ client: '192.0.2' }, '--client "192.0.2" is neither an address nor a prefix'],
    [{ client: '192.0.2.0/33' }, '--client "192.0.2.0/33" is neither'],
    [{ client: '192.0.2.0/' }, '--client "192.0.2.0/" is neither'],
    [{ client: '192.0.2.0/24/1' }, 'is neither'],
    [{ name: 'a..b' }, '--name "a..b": two dots'],
    [{ rcode: 'SERVFIAL' }, 'no response code "SERVFIAL"; did you mean SERVFAIL?'],
    [{ type: 'AX' }, '--type: there is no record type "AX"'],
    [{ source: 'cahce' }, 'did you mean cache?'],
    [{ source: 'constructor' }, 'answers come from'],
    [{ since: 'yesterday' }, '--since "yesterday" is no time; times are written like 30s, 10m'],
    [{ since: '2026-13-25T10:00' }, 'is no time'],
    [{ until: '10' }, '--until "10" is no time'],
    [{ since: '1m', until: '2m' }, '--since is later than --until'],
  ] as [FilterWords, string][])('%o', (words, message) => {
    expect(parseFilter(words, NOW)).toMatchObject({ why: expect.stringContaining(message) as string });
  });
});
