import dnsPacket from 'dns-packet';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { nameFromWire, nameToText, nameToWire, wireNameToText } from '../../src/dns/name.ts';
import { rdataToText } from '../../src/dns/presentation.ts';
import { Type, typeToText } from '../../src/dns/record-type.ts';
import { rdataOf, rrset, type RRset } from '../../src/dns/rrset.ts';
import { MessageComposer, addOpt } from '../../src/dns/wire/compose.ts';
import { MessageView, readMessage, type Section } from '../../src/dns/wire/message-view.ts';
import { anyRRset, dataType, octets, rdata, relatedName, wireName } from './arbitraries.ts';

const sections: readonly Section[] = ['answer', 'authority', 'additional'];
const composer = new MessageComposer();

type Placed = { section: Section; set: RRset };

/** Sets in the order of their sections, as a message has them. */
const placedSets: fc.Arbitrary<Placed[]> = fc
  .array(fc.record({ section: fc.constantFrom(...sections), set: anyRRset }), { maxLength: 8 })
  .map((placed) => placed.sort((a, b) => sections.indexOf(a.section) - sections.indexOf(b.section)));

const question = fc.record({ wire: wireName, qtype: fc.integer({ min: 0, max: 65535 }) });

function read(message: Uint8Array): MessageView {
  const view = readMessage(message);
  if (!(view instanceof MessageView)) throw new Error(`${view.why} at ${view.at}`);
  return view;
}

/** What stands in a set, each record in one line; letter case folded, as a pointer may lead to other letters. */
const records = ({ section, set }: Placed): string[] =>
  rdataOf(set).map((octets) => line(section, nameToText(set.owner), set.type, set.ttl, octets));
function line(section: Section, owner: string, type: number, ttl: number, octets: Uint8Array): string {
  const data = Buffer.from(octets)
    .toString('latin1')
    .replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
  return [section, owner, typeToText(type), ttl, Buffer.from(data, 'latin1').toString('hex')].join(' ');
}
const recordsIn = (view: MessageView): string[] =>
  Array.from({ length: view.recordCount }, (_, i) =>
    line(view.section(i), nameToText(view.owner(i)), view.type(i), view.ttl(i), view.rdata(i)!),
  );

test('what is composed is what is read, within whatever limit, sets whole or absent, OPT always there', () => {
  fc.assert(
    fc.property(
      question,
      placedSets,
      fc.integer({ min: 512, max: 4096 }),
      octets(0, 30),
      (asked, placed, limit, options) => {
        composer.begin({ id: 0x1234, flags: 0x8180 }, limit);
        composer.question(asked.wire, asked.qtype, 1);
        composer.reserve(11 + options.length);
        const written: Placed[] = [];
        for (const one of placed) if (composer.addRRset(one.section, one.set, one.set.ttl)) written.push(one);
        composer.release(11 + options.length);
        const opt = { payloadSize: 1232, extendedRcode: 3, version: 0, dnssecOk: true, options };
        expect(addOpt(composer, opt)).toBe(true);
        const message = composer.finish();

        expect(message.length).toBeLessThanOrEqual(limit);
        const view = read(message);
        expect([view.id, view.flags, view.qtype, view.qclass, view.trailing]).toEqual([
          0x1234,
          0x8180,
          asked.qtype,
          1,
          0,
        ]);
        expect(message.subarray(12, view.questionEnd - 4)).toEqual(asked.wire);
        expect(view.opt()).toEqual(opt);
        expect(view.hasBadOpt).toBe(false);
        expect(recordsIn(view).slice(0, -1)).toEqual(written.flatMap(records));
      },
    ),
    { numRuns: 300 },
  );
});

test('a single record alone keeps every octet, letter case included', () => {
  const one = dataType.chain((type) => fc.record({ type: fc.constant(type), octets: rdata(type), owner: wireName }));
  fc.assert(
    fc.property(one, ({ type, octets, owner }) => {
      const folded = Buffer.from(octets)
        .toString('latin1')
        .replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
      composer.begin({ id: 1, flags: 0 }, 65535);
      composer.addRRset('answer', rrset(nameFromWire(owner), type, 1, [octets]), 1);
      const view = read(composer.finish());
      const back = view.rdata(0)!;
      // Only where a name repeats what stands before it may letters be those of the first occurrence.
      if (Buffer.compare(back, octets) !== 0) {
        expect(view.octets.some((octet) => octet >= 0xc0)).toBe(true);
        expect(
          Buffer.from(back)
            .toString('latin1')
            .replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase()),
        ).toBe(folded);
      }
    }),
  );
});

/** Types whose values dns-packet gives exactly, as text of ours (names plain, so that its text of a name is right). */
const toOurText: Readonly<Record<string, (value: never) => string>> = {
  A: (address: string) => address,
  NS: (target: string) => `${target}.`,
  CNAME: (target: string) => `${target}.`,
  PTR: (target: string) => `${target}.`,
  DNAME: (target: string) => `${target}.`,
  MX: (mx: { preference: number; exchange: string }) => `${mx.preference} ${mx.exchange}.`,
  SRV: (s: { priority: number; weight: number; port: number; target: string }) =>
    `${s.priority} ${s.weight} ${s.port} ${s.target}.`,
  DS: (ds: { keyTag: number; algorithm: number; digestType: number; digest: Buffer }) =>
    `${ds.keyTag} ${ds.algorithm} ${ds.digestType} ${ds.digest.toString('hex').toUpperCase()}`,
  TLSA: (t: { usage: number; selector: number; matchingType: number; certificate: Buffer }) =>
    `${t.usage} ${t.selector} ${t.matchingType} ${t.certificate.toString('hex').toUpperCase()}`,
};

const plainName = fc
  .array(fc.constantFrom('a', 'www', 'ns1', 'example', 'x-y'), { minLength: 1, maxLength: 4 })
  .map((labels) => Uint8Array.from([...labels.flatMap((label) => [label.length, ...Buffer.from(label)]), 0]));
const plainRdata: Readonly<Record<string, fc.Arbitrary<Uint8Array>>> = {
  A: octets(4, 4),
  NS: plainName,
  CNAME: plainName,
  PTR: plainName,
  DNAME: plainName,
  MX: fc.tuple(octets(2, 2), plainName).map((parts) => new Uint8Array(Buffer.concat(parts))),
  SRV: fc.tuple(octets(6, 6), plainName).map((parts) => new Uint8Array(Buffer.concat(parts))),
  DS: octets(5, 40),
  TLSA: octets(4, 40),
};
const plainRecord = fc
  .constantFrom(...(Object.keys(plainRdata) as (keyof typeof Type)[]))
  .chain((type) => fc.record({ type: fc.constant(type), owner: plainName, octets: plainRdata[type] }));

test('dns-packet reads the same from our messages', () => {
  fc.assert(
    fc.property(fc.array(plainRecord, { minLength: 1, maxLength: 8 }), (list) => {
      composer.begin({ id: 7, flags: 0x8000 }, 65535);
      for (const { type, owner, octets } of list) {
        composer.addRRset('answer', rrset(nameFromWire(owner), Type[type], 60, [octets]), 60);
      }
      const theirs = dnsPacket.decode(Buffer.from(composer.finish())).answers ?? [];
      expect(theirs.length).toBe(list.length);
      theirs.forEach((answer, i) => {
        const { type, owner, octets } = list[i];
        expect([answer.type, `${answer.name}.`]).toEqual([type, wireNameToText(owner)]);
        const value = (answer as { data: unknown }).data as never;
        expect(toOurText[type](value)).toBe(rdataToText(Type[type], octets));
      });
    }),
  );
});

test('we read the same from messages of dns-packet', () => {
  const names = fc.tuple(plainName, plainName, relatedName);
  fc.assert(
    fc.property(names, ([owner, target]) => {
      const [ownerText, targetText] = [wireNameToText(owner).slice(0, -1), wireNameToText(target).slice(0, -1)];
      const message = dnsPacket.encode({
        type: 'response',
        id: 9,
        questions: [{ name: ownerText, type: 'MX' }],
        answers: [{ type: 'MX', name: ownerText, ttl: 5, data: { preference: 10, exchange: targetText } }],
      });
      const view = read(message);
      expect([view.qname(), view.owner(0)]).toEqual([nameFromWire(owner), nameFromWire(owner)]);
      expect(view.rdata(0)).toEqual(Uint8Array.of(0, 10, ...nameToWire(nameFromWire(target))));
    }),
  );
});
