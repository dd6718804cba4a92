import { describe, expect, test } from 'vitest';

import { queryFor, readResponse, type ResponseText } from '../../test/support/messages.ts';
import { name, nameToText } from '../dns/name.ts';
import { planInternet, type Internet, type ServersPlan } from './internet.ts';
import { refersTo } from './misbehaviour.ts';
import { readSignature } from './rrsig.ts';

function ask(internet: Internet, address: string, question: string): ResponseText {
  const host = internet.hosts.find((candidate) => candidate.address === address);
  if (host === undefined) throw new Error(`nobody at ${address}`);
  return readResponse(host.server.react(queryFor(question), 'udp').messages[0].octets);
}

/** NS records and glue of a referral. */
function referral(internet: Internet, address: string, question: string): string[] {
  const { authority, additional } = ask(internet, address, question);
  return [...authority, ...additional];
}

const root = { at: '198.51.100.1' };

test('a zone is delegated by the deepest zone above it, with glue for servers named in it', () => {
  const internet = planInternet({
    zones: { '.': root, 'example.': { at: ['192.0.2.1', '2001:db8::1'] }, 'sub.example.': { at: '192.0.2.2' } },
  });
  expect(referral(internet, '198.51.100.1', 'www.sub.example. A')).toEqual([
    'example. 3600 NS ns1.example.',
    'example. 3600 NS ns2.example.',
    'ns1.example. 3600 A 192.0.2.1',
    'ns2.example. 3600 AAAA 2001:db8::1',
  ]);
  expect(referral(internet, '192.0.2.1', 'www.sub.example. A')).toEqual([
    'sub.example. 3600 NS ns1.sub.example.',
    'ns1.sub.example. 3600 A 192.0.2.2',
  ]);
});

test('parent and child agree on the servers, and the child knows their addresses', () => {
  const internet = planInternet({ zones: { '.': root, 'example.': { at: '192.0.2.1' } } });
  expect(ask(internet, '192.0.2.1', 'example. NS')).toMatchObject({
    flags: ['AA'],
    answer: ['example. 3600 NS ns1.example.'],
    additional: ['ns1.example. 3600 A 192.0.2.1'],
  });
});

test('servers named elsewhere come without glue, and their addresses stand where their names belong', () => {
  const internet = planInternet({
    zones: { '.': root, 'example.': { at: { 'ns.other.': '192.0.2.1' } }, 'other.': { at: '192.0.2.2' } },
  });
  expect(referral(internet, '198.51.100.1', 'www.example. A')).toEqual(['example. 3600 NS ns.other.']);
  expect(ask(internet, '192.0.2.2', 'ns.other. A').answer).toEqual(['ns.other. 3600 A 192.0.2.1']);
});

/** The root has this view of its children; `example.` is at 192.0.2.1. */
function view(delegates: Record<string, ServersPlan>): Internet {
  return planInternet({
    zones: { '.': { ...root, delegates }, 'example.': { at: { 'ns1.example.': '192.0.2.1' } } },
  });
}

describe('the parent’s own view of a delegation', () => {
  test('may name servers that do not serve the zone', () => {
    const internet = view({ 'example.': ['192.0.2.1', '192.0.2.9'] });
    expect(referral(internet, '198.51.100.1', 'www.example. A').slice(2)).toEqual([
      'ns1.example. 3600 A 192.0.2.1',
      'ns2.example. 3600 A 192.0.2.9',
    ]);
    expect(ask(internet, '192.0.2.1', 'example. NS').answer).toHaveLength(2);
  });
  test('may have stale glue, of which the child knows better', () => {
    const internet = view({ 'example.': { 'ns1.example.': '192.0.2.66' } });
    expect(referral(internet, '198.51.100.1', 'www.example. A')[1]).toBe('ns1.example. 3600 A 192.0.2.66');
    expect(ask(internet, '192.0.2.1', 'ns1.example. A').answer).toEqual(['ns1.example. 3600 A 192.0.2.1']);
  });
  test('may have no glue', () => {
    const internet = view({ 'example.': { 'ns1.example.': [] } });
    expect(referral(internet, '198.51.100.1', 'www.example. A')).toEqual(['example. 3600 NS ns1.example.']);
  });
  test('may be of a zone that nobody serves', () => {
    expect(referral(view({ 'gone.': '192.0.2.7' }), '198.51.100.1', 'www.gone. A')[0]).toBe('gone. 3600 NS ns1.gone.');
  });
  test('cannot be of a zone that is not below it', () => {
    expect(() => planInternet({ zones: { 'a.': { at: '192.0.2.1', delegates: { 'b.': '192.0.2.2' } } } })).toThrow(
      'a. cannot delegate b.',
    );
  });
});

test('what is written stands: SOA, NS and addresses are not made up beside it', () => {
  const records = '@ 60 SOA a b 9 1 1 1 5\n@ NS a\na A 203.0.113.1\nns1 A 203.0.113.2';
  const internet = planInternet({ zones: { 'example.': { at: '192.0.2.1', records } } });
  expect(ask(internet, '192.0.2.1', 'example. SOA').answer).toEqual([
    'example. 60 SOA a.example. b.example. 9 1 1 1 5',
  ]);
  expect(ask(internet, '192.0.2.1', 'example. NS').answer).toEqual(['example. 300 NS a.example.']);
  expect(ask(internet, '192.0.2.1', 'ns1.example. A').answer).toEqual(['ns1.example. 300 A 203.0.113.2']);
});

test('TTLs of the two sides of a cut may differ, and a zone may lack its SOA', () => {
  const internet = planInternet({
    zones: { '.': { ...root, delegationTtl: 60 }, 'example.': { at: '192.0.2.1', nsTtl: 86_400, soa: false } },
  });
  expect(referral(internet, '198.51.100.1', 'www.example. A')[0]).toBe('example. 60 NS ns1.example.');
  expect(ask(internet, '192.0.2.1', 'example. NS').answer).toEqual(['example. 86400 NS ns1.example.']);
  expect(ask(internet, '192.0.2.1', 'none.example. A')).toMatchObject({ rcode: 'NXDOMAIN', authority: [] });
});

test('one server may have many zones, and a zone its own NS set', () => {
  const internet = planInternet({
    zones: { '.': root, 'a.': { at: '198.51.100.1' }, 'b.': { at: '198.51.100.1', ns: { 'ns.a.': '192.0.2.5' } } },
  });
  expect(internet.hosts).toHaveLength(1);
  expect(ask(internet, '198.51.100.1', 'b. NS').answer).toEqual(['b. 3600 NS ns.a.']);
});

test('a server that misbehaves may serve no zone, and a referral to a zone names its servers', () => {
  const internet = planInternet({
    zones: { '.': root },
    servers: { '192.0.2.9': { misbehaviour: [refersTo('.')], latencyMs: 80 } },
    latencyMs: 5,
  });
  expect(internet.hosts.map(({ address, latencyMs }) => [address, latencyMs])).toEqual([
    ['192.0.2.9', 80],
    ['198.51.100.1', 5],
  ]);
  expect(referral(internet, '192.0.2.9', 'www.example. A')).toEqual([
    '. 3600 NS ns1.root.',
    'ns1.root. 3600 A 198.51.100.1',
  ]);
});

test('the hints are the servers of the root', () => {
  const internet = planInternet({ zones: { '.': { at: ['198.51.100.1', '198.51.100.2'] } } });
  expect(internet.hints.map(({ name, addresses }) => [nameToText(name), addresses])).toEqual([
    ['ns1.root.', ['198.51.100.1']],
    ['ns2.root.', ['198.51.100.2']],
  ]);
  expect(planInternet({ zones: { 'example.': { at: '192.0.2.1' } } }).hints).toEqual([]);
});

describe('a signed zone', () => {
  const signed = { '.': { ...root, signed: true }, 'example.': { at: '192.0.2.1', signed: true } };
  const ds = (internet: Internet): string[] =>
    ask(internet, '198.51.100.1', 'example. DS').answer.map((line) => line.split(' ').slice(2, 6).join(' '));

  test('has its DS set in the parent, and the root its anchor beside the hints', () => {
    const internet = planInternet({ zones: signed });
    expect(ds(internet)).toEqual(['DS 58551 13 2']);
    expect(internet.trustAnchors).toMatch(/^\. 3600 IN DS [0-9]+ 13 2 [0-9A-F]{64}\n$/);
  });

  test('has none where it wants none, where the parent is not signed, or where one is written', () => {
    const island = { ...signed, 'example.': { at: '192.0.2.1', signed: { inParent: false } } };
    expect(ds(planInternet({ zones: island }))).toEqual([]);
    const unsignedRoot = planInternet({ zones: { ...signed, '.': root } });
    expect(ds(unsignedRoot)).toEqual([]);
    expect(unsignedRoot.trustAnchors).toBe('');
    const written = { ...root, signed: true, records: `example. DS 1 13 2 ${'00'.repeat(32)}` };
    expect(ds(planInternet({ zones: { ...signed, '.': written } }))).toEqual(['DS 1 13 2']);
  });

  test('is signed when the clock says', () => {
    const around = { wallMs: () => Date.UTC(2030, 5, 15) };
    const soa = name('example.');
    const { signatures } = planInternet({ zones: signed }, around).zones.get(soa)!.soa!;
    expect(readSignature(signatures!.packed.subarray(2)).fields.inception).toBe(Date.UTC(2030, 5, 14) / 1000);
  });
});
