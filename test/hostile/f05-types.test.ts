/**
 * F5: RDATA that is wrong in the ways of its type: SVCB parameters out of order or twice, NSEC bitmaps with windows out
 * of order, empty or of 33 octets, TXT without a string, LOC, APL, HIP, NAPTR, and types nobody knows (BRID and HHIT of
 * CVE-2025-13878).
 *
 * What passes through passes as the octets it is (RFC 3597): only names in the types of RFC 1035 are taken apart on the
 * way. Text for people is made of single records, and where the RDATA is none of its type it is shown as RFC 3597 does
 * (dns/presentation.ts). Nothing throws, and what is shown reads back to the same octets.
 */

import { describe, expect, test } from 'vitest';
import { rdataFromText, rdataToText } from '../../src/dns/presentation.ts';
import { Type, typeToText } from '../../src/dns/record-type.ts';
import { MessageView, readMessage } from '../../src/dns/wire/message-view.ts';
import { parseZoneText } from '../../src/dns/zone-text.ts';
import { CORPUS_ZONE } from '../fuzz/message-corpus.ts';
import { queryOctets, u16 } from '../support/client-query.ts';
import { rawMessage, rawRecord, wwwQuestion } from '../support/raw-message.ts';
import { createSeededRandom } from '../support/seeded-random.ts';
import { serveInternet } from '../support/served-internet.ts';
import { clientInternet } from './client-internet.ts';
import { recordFigure } from './figures.ts';

const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text.replaceAll(' ', ''), 'hex'));

const traps: [string, number, Uint8Array][] = [
  ['SVCB with its parameters out of order', 64, hex('0001 00 0003 0002 0050 0001 0003 02 6832')],
  ['SVCB with a parameter twice', 64, hex('0001 00 0003 0002 0050 0003 0002 0051')],
  ['SVCB whose parameter runs past the end', 64, hex('0001 00 0003 00ff 0050')],
  ['SVCB with an empty alpn', 65, hex('0001 00 0001 0000')],
  ['SVCB whose mandatory names itself', 65, hex('0001 00 0000 0002 0000')],
  ['SVCB with half an address hint', 65, hex('0001 00 0004 0003 c00002')],
  ['SVCB that is cut behind its priority', 64, hex('0001')],
  ['NSEC with an empty window', 47, hex('01 61 00 00 00')],
  ['NSEC with a window of 33 octets', 47, Uint8Array.of(1, 97, 0, 0, 33, ...new Uint8Array(33).fill(255))],
  ['NSEC with its windows out of order', 47, hex('01 61 00 01 01 40 00 01 40')],
  ['NSEC with a window twice', 47, hex('01 61 00 00 01 40 00 01 40')],
  ['NSEC with a window that ends in zero', 47, hex('01 61 00 00 02 4000')],
  ['NSEC without a bitmap', 47, hex('01 61 00')],
  ['NSEC3 whose salt runs past the end', 50, hex('01 00 0000 ff aabb')],
  ['NSEC3 with an empty hash', 50, hex('01 00 0000 00 00')],
  ['TXT of no string', 16, hex('')],
  ['TXT whose string runs past the end', 16, hex('05 61 62')],
  ['HINFO of one string', 13, hex('01 61')],
  ['LOC of version 1', 29, hex('01 12 16 13 8b0dd2c8 7003f2f8 00989680')],
  ['LOC of impossible precision', 29, hex('00 ff ff ff 00000000 ffffffff ffffffff')],
  ['APL of a family nobody knows', 42, hex('0003 20 84 01020304')],
  ['APL whose address runs past the end', 42, hex('0001 20 7f 01')],
  ['CAA with an empty tag', 257, hex('00 00 6361')],
  ['CAA whose tag runs past the end', 257, hex('00 ff 6361')],
  ['HIP whose lengths lie', 55, hex('ff 02 ffff 00')],
  ['NAPTR without its name', 35, hex('0064 000a 01 53 00 00')],
  ['DS without a digest', 43, hex('4f66 08 02')],
  ['DNSKEY without a key', 48, hex('0101 03 08')],
  ['RRSIG that ends in its signer', 46, hex('0001 08 02 00000e10 67db9880 64e1c270 1267 03 6e73')],
  ['IPSECKEY of a gateway type nobody knows', 45, hex('0a ff 02 00')],
  ['AMTRELAY cut', 260, hex('0a')],
  ['BRID', 68, hex('00')],
  ['HHIT', 67, hex('ff ff ff ff')],
  ['an SOA whose numbers are cut', 6, hex('00 00 00000001 0000')],
  ['a type of the private range', 65_280, hex('c00c c00c')],
];

test.each(traps)('%s is shown, and reads back to the same octets', (what, type, rdata) => {
  const text = rdataToText(type, rdata);
  // In generic form the octets of a known type must have its shape; here they are asked for as they are.
  const back = text.startsWith('\\#') ? rdataFromText(65_280, text.split(' ')) : rdataFromText(type, splitText(text));
  expect(text).not.toMatch(/\p{Cc}/u);
  recordFigure(
    'F5',
    `octets of "${what}" that change`,
    Buffer.compare(Buffer.from(back as Uint8Array), rdata) === 0 ? 0 : 1,
    0,
  );
});

/** Words of presentation form, quoted strings as one. */
function splitText(text: string): string[] {
  return text.match(/"(?:[^"\\]|\\.)*"|\S+/g) ?? [];
}

describe('any octets of any type', () => {
  const { records } = parseZoneText(CORPUS_ZONE);
  const types = [...new Set(records.map(({ type }) => type)), 42, 55, 45, 260, 67, 68, 249, 250];

  test.each(types.map((type) => [typeToText(type), type] as const))('%s is shown without a throw', (_, type) => {
    const random = createSeededRandom(type);
    const sound = records.find((record) => record.type === type)?.rdata;
    for (let i = 0; i < 300; i++) {
      const length = random.below(40);
      const octets = Uint8Array.from({ length }, () => random.below(256));
      if (sound !== undefined && i % 2 === 0) octets.set(sound.subarray(0, Math.min(length, sound.length)));
      expect(rdataToText(type, octets)).not.toMatch(/\p{Cc}/u);
    }
  });
});

test.each(traps.filter(([, type]) => type !== Type.SOA))(
  '%s passes from server to client as it is, or not at all',
  async (what, type, rdata) => {
    const internet = serveInternet(
      clientInternet().server('192.0.2.1', {
        kind: 'octets',
        make: (query) => {
          const header = Uint8Array.of(query[0], query[1], 0x84, 0, 0, 1, 0, 1, 0, 0, 0, 0);
          const record = rawRecord(wwwQuestion.slice(0, -4), type, [...rdata]);
          return Uint8Array.of(...header, ...query.subarray(12, 12 + wwwQuestion.length), ...record);
        },
      }),
    );
    const reply = await internet.ask(queryOctets({ qtype: type }), { transport: 'tcp' });
    const view = readMessage(reply!) as MessageView;
    const given = view.answerCount === 1 ? view.rdata(0) : undefined;
    if (given !== undefined) expect(given).toEqual(rdata);
    recordFigure('F5', `faults from "${what}"`, internet.faults.length, 0);
  },
);

test('a query of a type that nobody knows is asked and answered like any other', async () => {
  const view = readMessage(
    rawMessage([1, 0, 0, 0], [...wwwQuestion.slice(0, -4), ...u16(65_280), 0, 1]),
  ) as MessageView;
  expect(view.qtype).toBe(65_280);
});
