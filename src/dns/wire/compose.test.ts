import { expect, test } from 'vitest';
import { OPT_OCTETS } from '../edns.ts';
import { ROOT, name, nameToText, nameToWire, wireNameToText } from '../name.ts';
import { rdataFromText, rdataToText } from '../presentation.ts';
import { Type, typeToText } from '../record-type.ts';
import { rrset, type RRset } from '../rrset.ts';
import { Flag, MAX_MESSAGE_OCTETS, MessageComposer, addOpt } from './compose.ts';
import { MessageView, readMessage } from './message-view.ts';

const hex = (octets: Uint8Array): string => Buffer.from(octets).toString('hex');

function set(owner: string, type: keyof typeof Type, ...texts: string[]): RRset {
  const rdata = texts.map((text) => {
    const octets = rdataFromText(Type[type], text.split(' '));
    if (!(octets instanceof Uint8Array)) throw new Error(octets.why);
    return octets;
  });
  return rrset(name(owner), Type[type], 300, rdata);
}

function begin(limit = MAX_MESSAGE_OCTETS): MessageComposer {
  const composer = new MessageComposer();
  composer.begin({ id: 0x1234, flags: Flag.QR | Flag.RD | Flag.RA }, limit);
  composer.question(Uint8Array.of(3, 0x57, 0x77, 0x57, ...nameToWire(name('example.'))), Type.A, 1);
  return composer;
}

/** `section owner TTL type RDATA` of each record. */
function lines(octets: Uint8Array): string[] {
  const view = readMessage(octets);
  if (!(view instanceof MessageView)) throw new Error(view.why);
  return Array.from({ length: view.recordCount }, (_, i) => {
    const parts = [view.section(i), nameToText(view.owner(i)), view.ttl(i), typeToText(view.type(i))];
    return [...parts, rdataToText(view.type(i), view.rdata(i)!)].join(' ');
  });
}

const plainOpt = { payloadSize: 1232, extendedRcode: 0, version: 0, dnssecOk: false, options: new Uint8Array() };

test('a message is what RFC 1035 §4.1 draws, with the question as the client wrote it', () => {
  const composer = begin();
  expect(composer.addRRset('answer', set('www.example.', 'A', '192.0.2.1'), 60)).toBe(true);
  expect(hex(composer.finish())).toBe(
    '12348180000100010000000003577757076578616d706c650000010001c00c000100010000003c0004c0000201',
  );
});

test('owners and the names of RFC 1035 types are compressed against all that stands before them', () => {
  const composer = begin();
  composer.addRRset('answer', set('www.example.', 'CNAME', 'Host.Example.'), 60);
  composer.addRRset('authority', set('example.', 'NS', 'ns1.host.example.', 'ns2.host.example.'), 60);
  composer.addRRset('additional', set('ns2.host.example.', 'A', '192.0.2.2'), 60);
  const octets = composer.finish();
  // Host is at 29 + 12, and keeps the letter case it has; ns2 is 22 octets behind ns1, which is 24 behind Host.
  expect(octets.length).toBe(29 + (12 + 7) + (12 + 6) + (12 + 6) + (12 + 4));
  expect(lines(octets)).toEqual([
    'answer www.example. 60 CNAME Host.example.',
    'authority example. 60 NS ns1.Host.example.',
    'authority example. 60 NS ns2.Host.example.',
    'additional ns2.host.example. 60 A 192.0.2.2',
  ]);
});

test.each<[keyof typeof Type, string]>([
  ['SRV', '1 2 3 www.example.'],
  ['NAPTR', '1 2 "" "" "" www.example.'],
  ['DNAME', 'www.example.'],
  ['RP', 'www.example. example.'],
  ['AFSDB', '1 www.example.'],
  ['KX', '1 www.example.'],
  ['RRSIG', 'A 8 2 60 20300101000000 20200101000000 1 example. QUJD'],
  ['NSEC', 'www.example. A'],
  ['HTTPS', '1 www.example. port=443'],
])('names in the RDATA of %s are never compressed (RFC 3597 §4)', (type, text) => {
  const composer = begin();
  const one = set('www.example.', type, text);
  composer.addRRset('answer', one, 300);
  expect(hex(composer.finish())).toContain(hex(one.packed));
});

test('an RRset that does not fit leaves no trace, and smaller ones still go in (RFC 2181 §9)', () => {
  const composer = begin(29 + 58);
  const before = composer.length;
  const three = set('www.example.', 'NS', 'ns1.fresh.', 'ns2.fresh.', 'ns3.fresh.');
  expect(composer.addRRset('answer', three, 60)).toBe(false);
  expect(composer.length).toBe(before);
  // fresh. was written and taken back: it must be spelled out now, not pointed to.
  expect(composer.addRRset('answer', set('fresh.', 'A', '192.0.2.1'), 60)).toBe(true);
  expect(lines(composer.finish())).toEqual(['answer fresh. 60 A 192.0.2.1']);
});

test('the limit is exact to the octet', () => {
  const one = set('www.example.', 'A', '192.0.2.1');
  expect(begin(29 + 16).addRRset('answer', one, 60)).toBe(true);
  expect(begin(29 + 15).addRRset('answer', one, 60)).toBe(false);
  expect(begin(29 + 2).addRRset('answer', one, 60)).toBe(false);
  const alias = set('www.example.', 'CNAME', 'a.www.example.');
  expect(begin(29 + 16).addRRset('answer', alias, 60)).toBe(true);
  expect(begin(29 + 15).addRRset('answer', alias, 60)).toBe(false);
  const start = set('example.', 'SOA', 'example. example. 1 2 3 4 5');
  expect(begin(29 + 36).addRRset('authority', start, 60)).toBe(true);
  expect(begin(29 + 35).addRRset('authority', start, 60)).toBe(false);
});

test('room that is reserved is kept for OPT', () => {
  const composer = begin(29 + 16 + OPT_OCTETS);
  composer.reserve(OPT_OCTETS);
  const one = set('www.example.', 'A', '192.0.2.1', '192.0.2.2');
  expect(composer.addRRset('answer', one, 60)).toBe(false);
  expect(composer.addRRset('answer', set('www.example.', 'A', '192.0.2.1'), 60)).toBe(true);
  composer.release(OPT_OCTETS);
  expect(addOpt(composer, { ...plainOpt, extendedRcode: 1, dnssecOk: true })).toBe(true);
  const octets = composer.finish();
  expect(octets.length).toBe(29 + 16 + OPT_OCTETS);
  expect((readMessage(octets) as MessageView).opt()).toEqual({ ...plainOpt, extendedRcode: 1, dnssecOk: true });
});

test('no pointer leads beyond 0x3fff, and names behind it are still read right', () => {
  const composer = begin();
  for (let i = 0; composer.length < 0x4400; i++) {
    expect(
      composer.addRRset('answer', set(`n${i}.zone${i}.example.`, 'MX', `10 mail.n${i}.zone${i}.example.`), 60),
    ).toBe(true);
  }
  // The first of these stands behind the bound, so that the second has nothing to point to.
  composer.addRRset('additional', set('far.off.', 'A', '192.0.2.1'), 60);
  composer.addRRset('additional', set('far.off.', 'AAAA', '2001:db8::1'), 60);
  const written = lines(composer.finish());
  for (let i = 0; i < written.length - 2; i++) {
    expect(written[i]).toBe(`answer n${i}.zone${i}.example. 60 MX 10 mail.n${i}.zone${i}.example.`);
  }
  expect(written.slice(-2)).toEqual(['additional far.off. 60 A 192.0.2.1', 'additional far.off. 60 AAAA 2001:db8::1']);
});

test('a message may have 65535 octets and no more', () => {
  const composer = begin();
  const fill = (length: number): boolean =>
    composer.addRecord('answer', ROOT, 65280, 1, 60, new Uint8Array(length - 11));
  expect(fill(MAX_MESSAGE_OCTETS - 29 + 1)).toBe(false);
  expect(fill(MAX_MESSAGE_OCTETS - 29)).toBe(true);
  expect(composer.addRRset('answer', set('.', 'A', '192.0.2.1'), 60)).toBe(false);
  const octets = composer.finish();
  expect(octets.length).toBe(65535);
  expect((readMessage(octets) as MessageView).recordCount).toBe(1);
});

test('the records of a set go round from the one asked for', () => {
  const four = set('www.example.', 'A', '192.0.2.1', '192.0.2.2', '192.0.2.3');
  const order = (first: number): string[] => {
    const composer = begin();
    composer.addRRset('answer', four, 60, first);
    return lines(composer.finish()).map((line) => line.slice(-1));
  };
  expect([order(0), order(1), order(2), order(3)]).toEqual([
    ['1', '2', '3'],
    ['2', '3', '1'],
    ['3', '1', '2'],
    ['1', '2', '3'],
  ]);
});

test('a composer begins anew: nothing of the message before is pointed to', () => {
  const composer = begin();
  composer.addRRset('answer', set('a.other.', 'A', '192.0.2.1'), 60);
  composer.begin({ id: 1, flags: 0 }, 512);
  composer.question(nameToWire(name('b.other.')), Type.A, 1);
  composer.addRRset('answer', set('a.other.', 'A', '192.0.2.1'), 60);
  expect(lines(composer.finish())).toEqual(['answer a.other. 60 A 192.0.2.1']);
});

test('RDATA that has not the shape of its type goes out as it is', () => {
  const composer = begin();
  for (const octets of [[], [1], [3, 0x61], [0xc0, 0x0c], [0, 0]]) {
    expect(composer.addRecord('answer', ROOT, Type.NS, 1, 60, Uint8Array.from(octets))).toBe(true);
  }
  expect(hex(composer.finish()).slice(58)).toBe(
    ['0000', '000101', '00020361', '0002c00c', '00020000'].map((end) => '00000200010000003c' + end).join(''),
  );
});

test('a class other than IN and a TTL of all bits are written as given', () => {
  const composer = begin();
  composer.addRecord('answer', name('version.bind.'), Type.TXT, 3, 0xffff_ffff, Uint8Array.of(1, 0x78));
  const view = readMessage(composer.finish()) as MessageView;
  expect([view.recordClass(0), view.ttl(0), wireNameToText(nameToWire(view.owner(0)))]).toEqual([
    3,
    0,
    'version.bind.',
  ]);
});
