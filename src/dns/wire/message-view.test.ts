import { expect, test } from 'vitest';
import { name, nameToText } from '../name.ts';
import { Type } from '../record-type.ts';
import { MAX_POINTER_HOPS } from './wire-name.ts';
import { MessageView, readMessage, type Malformed } from './message-view.ts';

const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text.replaceAll(/\s/g, ''), 'hex'));
const u16 = (value: number): string => value.toString(16).padStart(4, '0');
const ascii = (text: string): string => Buffer.from(text).toString('hex');
const label = (text: string): string => Buffer.from([text.length]).toString('hex') + ascii(text);

/** A header with the four counts; ID 1234, flags 8180. */
const header = (questions: number, answers = 0, authorities = 0, additionals = 0): string =>
  `1234 8180 ${[questions, answers, authorities, additionals].map(u16).join('')}`;
/** www.Example. A IN, at offset 12; Example. stands at 16. */
const question = `${label('www')} ${label('Example')} 00 0001 0001`;
const record = (owner: string, type: number, rdata: string, ttl = '00000e10'): string =>
  `${owner} ${u16(type)} 0001 ${ttl} ${u16(hex(rdata).length)} ${rdata}`;
const WWW = 'c00c';
const EXAMPLE = 'c010';

function view(octets: string | Uint8Array): MessageView {
  const read = readMessage(typeof octets === 'string' ? hex(octets) : octets);
  if (!(read instanceof MessageView)) throw new Error(`malformed: ${read.why} at ${read.at}`);
  return read;
}
const fault = (octets: string | Uint8Array): Malformed | MessageView =>
  readMessage(typeof octets === 'string' ? hex(octets) : octets);

test('header, question and records are found in place', () => {
  const one = view(
    header(1, 1, 1, 2) +
      question +
      record(WWW, Type.A, 'c0000201') +
      record(EXAMPLE, Type.NS, `${label('ns')} ${EXAMPLE}`) +
      record(label('NS') + EXAMPLE, Type.A, 'c0000202') +
      '00 0029 1000 01 00 8000 0004 0003 0000',
  );
  expect(one.id).toBe(0x1234);
  expect([one.isResponse, one.isAuthoritative, one.isTruncated]).toEqual([true, false, false]);
  expect([one.recursionDesired, one.recursionAvailable]).toEqual([true, true]);
  expect([one.authenticData, one.checkingDisabled]).toEqual([false, false]);
  expect([one.opcode, one.flags]).toEqual([0, 0x8180]);
  expect([one.qname(), one.qtype, one.qclass]).toEqual([name('www.example.'), Type.A, 1]);
  const records = Array.from({ length: one.recordCount }, (_, i) => i);
  expect(records.map((i) => one.section(i))).toEqual(['answer', 'authority', 'additional', 'additional']);
  expect(records.map((i) => nameToText(one.owner(i)))).toEqual(['www.example.', 'example.', 'ns.example.', '.']);
  // Asked again in another order: what is remembered of an owner must not be given for another.
  expect(records.toReversed().map((i) => nameToText(one.owner(i)))).toEqual([
    '.',
    'ns.example.',
    'example.',
    'www.example.',
  ]);
  expect([one.type(0), one.recordClass(0), one.ttl(0)]).toEqual([Type.A, 1, 3600]);
  expect(one.rdata(0)).toEqual(hex('c0000201'));
  expect(one.rdata(1)).toEqual(hex(`${label('ns')} ${label('Example')} 00`));
  expect(one.optIndex()).toBe(3);
  expect(one.opt()).toEqual({
    payloadSize: 4096,
    extendedRcode: 1,
    version: 0,
    dnssecOk: true,
    options: hex('00030000'),
  });
  expect(one.rcode).toBe(16);
  expect(one.hasBadOpt).toBe(false);
  expect(one.trailing).toBe(0);
});

const flags = (word: string): MessageView => view(`0000 ${word} 0000000000000000`);

test('each flag of the header is its own bit (RFC 1035 §4.1.1, RFC 4035 §3)', () => {
  expect(flags('8000').isResponse).toBe(true);
  expect(flags('7800').opcode).toBe(15);
  expect(flags('0400').isAuthoritative).toBe(true);
  expect(flags('0200').isTruncated).toBe(true);
  expect(flags('0100').recursionDesired).toBe(true);
  expect(flags('0080').recursionAvailable).toBe(true);
  expect(flags('0020').authenticData).toBe(true);
  expect(flags('0010').checkingDisabled).toBe(true);
  expect(flags('000f').rcode).toBe(15);
  const none = flags('0040');
  expect([none.isResponse, none.opcode, none.isAuthoritative, none.isTruncated, none.rcode]).toEqual([
    false,
    0,
    false,
    false,
    0,
  ]);
});

test.each([
  ['no octets', '', 'shorter than a header'],
  ['11 octets', '00'.repeat(11), 'shorter than a header'],
  ['a question that is counted and not there', header(1), 'a name runs past the end'],
  ['a question without its class', header(1) + '00 0001', 'the question runs past the end'],
  ['a record that is counted and not there', header(1, 1) + question, 'more records counted than there is room for'],
  ['a record cut in its RDLENGTH', header(0, 1) + `${label('a')} 00 0001 0001 00000000`, 'a record runs past the end'],
  ['RDATA that is cut', header(0, 1) + '00 0001 0001 00000000 0004 c00002', 'RDATA runs past the end'],
  ['a label that is cut', header(1) + '03 7777', 'a name runs past the end'],
  ['a pointer that is cut', header(1) + 'c0', 'a name runs past the end'],
  ['a label of kind 01', header(1) + '40 00 0001 0001', 'a label of a reserved kind (RFC 1035 §4.1.4)'],
  ['a label of kind 10', header(1) + '80 00 0001 0001', 'a label of a reserved kind (RFC 1035 §4.1.4)'],
  ['a pointer to itself', header(1) + 'c00c 0001 0001', 'a compression pointer that does not point back'],
  ['a pointer ahead', header(1) + 'c00e 00 0001 0001', 'a compression pointer that does not point back'],
  ['a pointer into the header', header(1) + 'c000 0001 0001', 'a compression pointer that does not point back'],
  [
    'a pointer into the name that holds it',
    header(1) + `${label('www')} c00c 0001 0001`,
    'a compression pointer that does not point back',
  ],
  [
    'two pointers at each other',
    header(2) + `${label('a')} c012 0001 0001 c00c 0001 0001`,
    'a compression pointer that does not point back',
  ],
])('%s is malformed', (_, octets, why) => {
  expect(fault(octets)).toMatchObject({ kind: 'malformed', why });
});

const named = (owner: string): Uint8Array => hex(`${header(1)} ${owner} 0001 0001`);

test('labels have 63 octets at most, and names 255 exactly (RFC 1035 §2.3.4)', () => {
  const long = label('x'.repeat(63));
  expect(view(named(`${long.repeat(3)} ${label('y'.repeat(61))} 00`)).qname().length).toBe(255);
  expect(view(named(`${'0161'.repeat(127)} 00`)).qname().length).toBe(255);
  const tooLong = { kind: 'malformed', why: 'a name longer than 255 octets' };
  expect(fault(named(`${long.repeat(3)} ${label('y'.repeat(62))} 00`))).toMatchObject(tooLong);
  expect(fault(named(`${'0161'.repeat(128)} 00`))).toMatchObject(tooLong);
});

test('a name that grows beyond 255 octets through a pointer is malformed', () => {
  const first = `${label('x'.repeat(63)).repeat(3)} ${label('y'.repeat(59))} 00 0001 0001`;
  expect(view(header(2) + first + `${label('z')} c00c 0001 0001`).questionCount).toBe(2);
  expect(fault(header(2) + first + `${label('zz')} c00c 0001 0001`)).toMatchObject({
    why: 'a name longer than 255 octets',
  });
});

/** Questions whose names are a pointer each to the one before. */
function chain(links: number): Uint8Array {
  let octets = `${header(links + 1)} 00 0001 0001`;
  let before = 12;
  for (let at = 17; at < 17 + 6 * links; at += 6) {
    octets += `${u16(0xc000 | before)} 0001 0001`;
    before = at;
  }
  return hex(octets);
}

test('pointers may lead to pointers, up to the bound', () => {
  expect(view(chain(MAX_POINTER_HOPS)).questionCount).toBe(MAX_POINTER_HOPS + 1);
  expect(fault(chain(MAX_POINTER_HOPS + 1))).toMatchObject({ why: 'too many compression pointers in one name' });
});

test('octets behind the last record are tolerated and counted', () => {
  expect(view(header(1) + question + 'ffffff').trailing).toBe(3);
});

test.each([
  ['00000000', 0],
  ['00000001', 1],
  ['7fffffff', 0x7fff_ffff],
  ['80000000', 0],
  ['ffffffff', 0],
])('a TTL of %s is %i seconds (RFC 2181 §8)', (ttl, seconds) => {
  expect(view(header(0, 1) + record('00', Type.A, 'c0000201', ttl)).ttl(0)).toBe(seconds);
});

const opt = '00 0029 04d0 00000000 0000';
test.each([
  ['one in the additional section', header(0, 0, 0, 1) + opt, false],
  ['none', header(0), false],
  ['two', header(0, 0, 0, 2) + opt + opt, true],
  ['one in the answer section', header(0, 1) + opt, true],
  ['one in the authority section', header(0, 0, 1) + opt, true],
  ['one with an owner', header(0, 0, 0, 1) + label('a') + opt, true],
])('OPT: %s (RFC 6891 §6.1.1)', (_, octets, isBad) => {
  expect(view(octets).hasBadOpt).toBe(isBad);
});

test('OPT outside the additional section says nothing', () => {
  const one = view(header(0, 1) + '00 0029 04d0 ff00 8000 0000');
  expect([one.opt(), one.rcode]).toEqual([undefined, 0]);
});

/** RDATA with names compressed against the question, and the same uncompressed. */
test.each<[keyof typeof Type, string, string]>([
  ['NS', EXAMPLE, '{e}'],
  ['MD', EXAMPLE, '{e}'],
  ['MF', EXAMPLE, '{e}'],
  ['CNAME', EXAMPLE, '{e}'],
  ['MB', EXAMPLE, '{e}'],
  ['MG', EXAMPLE, '{e}'],
  ['MR', EXAMPLE, '{e}'],
  ['PTR', EXAMPLE, '{e}'],
  ['DNAME', EXAMPLE, '{e}'],
  ['SOA', `${EXAMPLE} ${WWW} ${'01'.repeat(20)}`, `{e} {w} ${'01'.repeat(20)}`],
  ['MINFO', EXAMPLE + WWW, '{e} {w}'],
  ['RP', EXAMPLE + WWW, '{e} {w}'],
  ['MX', `000a ${EXAMPLE}`, '000a {e}'],
  ['AFSDB', `0001 ${EXAMPLE}`, '0001 {e}'],
  ['RT', `0001 ${EXAMPLE}`, '0001 {e}'],
  ['KX', `0001 ${EXAMPLE}`, '0001 {e}'],
  ['LP', `0001 ${EXAMPLE}`, '0001 {e}'],
  ['PX', `0001 ${EXAMPLE} ${WWW}`, '0001 {e} {w}'],
  ['SRV', `000100020003 ${WWW}`, '000100020003 {w}'],
  ['NAPTR', `00010002 0153 00 0121 ${WWW}`, '00010002 0153 00 0121 {w}'],
  ['SIG', `${'02'.repeat(18)} ${EXAMPLE} 0304`, `${'02'.repeat(18)} {e} 0304`],
  ['RRSIG', `${'02'.repeat(18)} ${EXAMPLE} 0304`, `${'02'.repeat(18)} {e} 0304`],
  ['NXT', `${EXAMPLE} 40`, '{e} 40'],
  ['NSEC', `${EXAMPLE} 000140`, '{e} 000140'],
  ['SVCB', `0001 ${EXAMPLE} 000300020035`, '0001 {e} 000300020035'],
  ['HTTPS', `0001 ${EXAMPLE}`, '0001 {e}'],
])('names in the RDATA of %s are uncompressed, and the length must fit exactly', (type, compressed, plain) => {
  const read = (rdata: string): Uint8Array | undefined =>
    view(header(1, 1) + question + record(WWW, Type[type], rdata)).rdata(0);
  const uncompressed = hex(
    plain.replaceAll('{e}', `${label('Example')}00`).replaceAll('{w}', `${label('www')}${label('Example')}00`),
  );
  expect(read(compressed)).toEqual(uncompressed);
  expect(read(Buffer.from(uncompressed).toString('hex'))).toEqual(uncompressed);
  const takesMore = ['SIG', 'RRSIG', 'NXT', 'NSEC', 'SVCB', 'HTTPS'].includes(type);
  if (!takesMore) expect(read(compressed + '00')).toBeUndefined();
  const octets = hex(compressed);
  const shortest = takesMore ? octets.findIndex((octet) => octet === 0xc0) + 1 : octets.length - 1;
  expect(read(Buffer.from(octets.subarray(0, shortest)).toString('hex'))).toBeUndefined();
  expect(read('')).toBeUndefined();
});

test.each([
  [Type.A, 3],
  [Type.A, 5],
  [Type.A, 0],
  [Type.AAAA, 15],
  [Type.AAAA, 17],
])('RDATA of type %i with %i octets is not to be used, and the record after it is', (type, length) => {
  const one = view(header(1, 2) + question + record(WWW, type, '01'.repeat(length)) + record(WWW, Type.A, 'c0000201'));
  expect([one.rdata(0), one.rdata(1)]).toEqual([undefined, hex('c0000201')]);
});

test('a name in RDATA that runs into the next record is not to be used', () => {
  const one = view(header(0, 2) + record('00', Type.NS, '0161') + record('00', Type.A, 'c0000201'));
  expect(one.rdata(0)).toBeUndefined();
});

test('RDATA of unknown types passes as it is, pointers or not (RFC 3597 §3)', () => {
  expect(view(header(1, 1) + question + record(WWW, 65280, 'c00c')).rdata(0)).toEqual(hex('c00c'));
  expect(view(header(1, 1) + question + record(WWW, 65280, '')).rdata(0)).toEqual(new Uint8Array());
});

test('RDATA is in octets of its own, also when the message came in a Buffer', () => {
  const received = Buffer.from(hex(header(1, 1) + question + record(WWW, 65280, '0102')));
  const one = view(received);
  const rdata = one.rdata(0);
  received.fill(0xff);
  expect(rdata).toEqual(hex('0102'));
});
