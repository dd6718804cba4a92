import { describe, expect, test } from 'vitest';
import { queryFor, told } from '../../test/support/stage-query.ts';
import { name } from '../dns/name.ts';
import { Class } from '../dns/record-type.ts';
import type { StageResult } from '../query/stage.ts';
import { createSpecialUseNames } from './special-use-names.ts';
import { specialUseGroups, specialUseZones, type SpecialUseGroup } from './special-use-zones.ts';

function enabled(except: readonly SpecialUseGroup[] = []) {
  const pairs = specialUseGroups.map((group) => [group, !except.includes(group)]);
  return Object.fromEntries(pairs) as Record<SpecialUseGroup, boolean>;
}
const stage = createSpecialUseNames({ isEnabled: enabled(), configuredZones: [] });
const ask = (question: string, of = stage): string => told(of(queryFor(question)) as StageResult);

const LOOPBACK_6 = `1.${'0.'.repeat(31)}ip6.arpa.`;

describe('localhost', () => {
  test.each([
    ['localhost. A', 'NOERROR aa; localhost. 10800 A 127.0.0.1'],
    ['localhost. AAAA', 'NOERROR aa; localhost. 10800 AAAA ::1'],
    ['LOCALHOST. A', 'NOERROR aa; localhost. 10800 A 127.0.0.1'],
    ['a.b.localhost. A', 'NOERROR aa; a.b.localhost. 10800 A 127.0.0.1'],
    ['localhost. MX', 'NOERROR aa; [localhost. 10800 SOA]'],
    ['a.localhost. TXT', 'NOERROR aa; [localhost. 10800 SOA]'],
    ['notlocalhost. A', 'pass'],
    ['localhost.example. A', 'pass'],
    ['1.0.0.127.in-addr.arpa. PTR', 'NOERROR aa; 1.0.0.127.in-addr.arpa. 10800 PTR localhost.'],
    ['1.0.0.127.in-addr.arpa. A', 'NOERROR aa; [127.in-addr.arpa. 10800 SOA]'],
    ['0.0.127.in-addr.arpa. PTR', 'NOERROR aa; [127.in-addr.arpa. 10800 SOA]'],
    ['2.0.0.127.in-addr.arpa. PTR', 'NXDOMAIN aa; [127.in-addr.arpa. 10800 SOA]'],
    [`${LOOPBACK_6} PTR`, `NOERROR aa; ${LOOPBACK_6} 10800 PTR localhost.`],
    [`x.${LOOPBACK_6} PTR`, `NXDOMAIN aa; [${LOOPBACK_6} 10800 SOA]`],
  ])('%s → %s', (question, reply) => {
    expect(ask(question)).toBe(reply);
  });
});

describe('names that are not in the DNS', () => {
  test.each([
    ['www.invalid. A', 'NXDOMAIN aa; [invalid. 10800 SOA]'],
    ['invalid. A', 'NOERROR aa; [invalid. 10800 SOA]'],
    ['a.b.test. AAAA', 'NXDOMAIN aa; [test. 10800 SOA]'],
    ['abc.onion. A', 'NXDOMAIN aa; [onion. 10800 SOA]'],
    ['name.alt. A', 'NXDOMAIN aa; [alt. 10800 SOA]'],
    ['nas.internal. A', 'NXDOMAIN aa; [internal. 10800 SOA]'],
    ['printer.local. A', 'NXDOMAIN aa; [local. 10800 SOA]'],
    ['nas.home.arpa. A', 'NXDOMAIN aa; [home.arpa. 10800 SOA]'],
    ['_dns.resolver.arpa. SVCB', 'NOERROR aa; [resolver.arpa. 10800 SOA]'],
    ['invalid. NS', 'NOERROR aa; invalid. 10800 NS invalid.'],
    ['invalid. SOA', 'NOERROR aa; invalid. 10800 SOA invalid. nobody.invalid. 1 3600 1200 604800 10800'],
    ['www.example. A', 'pass'],
    ['example. A', 'pass'],
    ['. NS', 'pass'],
    ['arpa. NS', 'pass'],
    ['ipv4only.arpa. A', 'pass'],
  ])('%s → %s', (question, reply) => {
    expect(ask(question)).toBe(reply);
  });

  test('tell the client why nothing was asked', () => {
    const result = stage(queryFor('abc.onion. A')) as Extract<StageResult, { kind: 'reply' }>;
    expect(result.reply).toMatchObject({
      source: 'special-use',
      errors: [{ code: 0, text: 'onion. is asked over Tor and never of the DNS (RFC 7686 §2)' }],
    });
  });
});

describe('reverse names of addresses that are nobody’s in particular', () => {
  test.each([
    ['1.0.0.10.in-addr.arpa. PTR', '10.in-addr.arpa.'],
    ['1.0.15.172.in-addr.arpa. PTR', undefined],
    ['1.0.16.172.in-addr.arpa. PTR', '16.172.in-addr.arpa.'],
    ['1.0.31.172.in-addr.arpa. PTR', '31.172.in-addr.arpa.'],
    ['1.0.32.172.in-addr.arpa. PTR', undefined],
    ['1.1.168.192.in-addr.arpa. PTR', '168.192.in-addr.arpa.'],
    ['1.1.254.169.in-addr.arpa. PTR', '254.169.in-addr.arpa.'],
    ['1.2.0.192.in-addr.arpa. PTR', '2.0.192.in-addr.arpa.'],
    ['255.255.255.255.in-addr.arpa. PTR', 'NODATA 255.255.255.255.in-addr.arpa.'],
    ['1.0.63.100.in-addr.arpa. PTR', undefined],
    ['1.0.64.100.in-addr.arpa. PTR', '64.100.in-addr.arpa.'],
    ['1.0.127.100.in-addr.arpa. PTR', '127.100.in-addr.arpa.'],
    ['1.0.128.100.in-addr.arpa. PTR', undefined],
    ['1.0.0.0.d.f.ip6.arpa. PTR', 'd.f.ip6.arpa.'],
    ['1.0.c.f.ip6.arpa. PTR', undefined],
    ['1.b.e.f.ip6.arpa. PTR', 'b.e.f.ip6.arpa.'],
    ['1.c.e.f.ip6.arpa. PTR', undefined],
    ['1.8.b.d.0.1.0.0.2.ip6.arpa. PTR', '8.b.d.0.1.0.0.2.ip6.arpa.'],
    ['1.113.0.203.in-addr.arpa. PTR', '113.0.203.in-addr.arpa.'],
  ])('%s is of %s', (question, zone) => {
    const rcode = zone?.startsWith('NODATA ') ? 'NOERROR' : 'NXDOMAIN';
    expect(ask(question)).toBe(zone === undefined ? 'pass' : `${rcode} aa; [${zone.replace('NODATA ', '')} 10800 SOA]`);
  });
});

describe('a DS', () => {
  test('at a zone that is delegated in public is the parent’s to deny, with proof', () => {
    expect(ask('home.arpa. DS')).toBe('pass');
    expect(ask('10.in-addr.arpa. DS')).toBe('pass');
  });

  test('below it, or at a zone that is not delegated, is denied here', () => {
    expect(ask('a.home.arpa. DS')).toBe('NXDOMAIN aa; [home.arpa. 10800 SOA]');
    expect(ask('invalid. DS')).toBe('NOERROR aa; [invalid. 10800 SOA]');
  });
});

describe('what is configured', () => {
  test.each(specialUseGroups)('%s alone can be switched off', (group) => {
    const of = createSpecialUseNames({ isEnabled: enabled([group]), configuredZones: [] });
    for (const { zone, group: its } of specialUseZones) {
      const result = of(queryFor('x.', { question: { qname: zone, qtype: 1, qclass: Class.IN } })) as StageResult;
      expect(result.kind).toBe(its === group ? 'pass' : 'reply');
    }
  });

  test('a zone with servers of its own is asked of them, and its parent does not deny it', () => {
    const configuredZones = ['lan.home.arpa.', 'a.corp.internal.', 'test.', '.', 'arpa.'].map(name);
    const of = createSpecialUseNames({ isEnabled: enabled(), configuredZones });
    const replies = [
      'lan.home.arpa. A',
      'nas.lan.home.arpa. A',
      'nas.home.arpa. A',
      'x.a.corp.internal. A',
      'corp.internal. A',
      'x.internal. A',
      'www.test. A',
      'localhost. A',
      '1.0.0.10.in-addr.arpa. PTR',
    ].map((question) => ask(question, of).split(';')[0]);
    expect(replies).toEqual([
      'pass',
      'pass',
      'NXDOMAIN aa',
      'pass',
      'NOERROR aa',
      'NXDOMAIN aa',
      'pass',
      'NOERROR aa',
      'NXDOMAIN aa',
    ]);
  });
});

test('other classes are not ours', () => {
  const query = queryFor('localhost. A', { question: { qname: name('localhost.'), qtype: 1, qclass: Class.CH } });
  expect(stage(query)).toEqual({ kind: 'pass' });
});
