import { describe, expect, test } from 'vitest';

import { queryFor, readResponse, type ResponseText } from '../../test/support/messages.ts';
import { name } from '../dns/name.ts';
import { rdataToText } from '../dns/presentation.ts';
import { Type } from '../dns/record-type.ts';
import { planInternet, type InternetPlan } from './internet.ts';
import { readSignature, type SignatureFields } from './rrsig.ts';
import { signZone } from './signer.ts';
import {
  afterSigning,
  none,
  records,
  says,
  signs,
  together,
  withFields,
  withOctets,
  withoutPart,
} from './tampering.ts';
import type { Tampering } from './tampering.ts';
import { readZoneText, type ZoneData } from './zone.ts';

const apex = name('example.');
const text = '@ SOA ns admin 1 7200 3600 1209600 60\n@ NS ns\nns A 192.0.2.1\nwww TXT "here"';

function signed(tampering: Tampering): ZoneData[] {
  return signZone(apex, readZoneText(apex, text, 300), {}, 1_767_225_600, tampering);
}

function signatures(all: readonly ZoneData[], type: number): ReturnType<typeof readSignature>[] {
  const rrsigs = all.filter((record) => record.type === Type.RRSIG).map(({ rdata }) => readSignature(rdata));
  return rrsigs.filter(({ fields }) => fields.typeCovered === type);
}

function labels(all: readonly ZoneData[], type: number): number[] {
  return signatures(all, type).map(({ fields }) => fields.labels);
}

test('of several changes each sees what those before it have made', () => {
  const more = ({ labels }: SignatureFields): Partial<SignatureFields> => ({ labels: labels * 2 });
  const both = together([signs(Type.TXT, () => ({ labels: 5 })), signs(Type.TXT, more)]);
  expect(labels(signed(both), Type.TXT)).toEqual([10]);
  expect(labels(signed(together([])), Type.TXT)).toEqual([2]);
});

test('fields of one type are changed, and the others left', () => {
  const all = signed(signs(Type.TXT, () => ({ labels: 7 })));
  expect(labels(all, Type.TXT)).toEqual([7]);
  expect(labels(all, Type.A)).toEqual([2]);
});

describe('after signing', () => {
  test('a signature goes, or others take its place', () => {
    expect(labels(signed(afterSigning(Type.TXT, none)), Type.TXT)).toEqual([]);
    const twice = afterSigning(Type.TXT, (signature) => [signature, ...withFields(() => ({ labels: 9 }))(signature)]);
    expect(labels(signed(twice), Type.TXT)).toEqual([2, 9]);
  });

  test('the octets change, and what they sign does not', () => {
    const [{ fields, octets }] = signatures(
      signed(
        afterSigning(
          Type.TXT,
          withOctets(() => Uint8Array.of(1, 2)),
        ),
      ),
      Type.TXT,
    );
    expect([...octets]).toEqual([1, 2]);
    expect(fields.labels).toBe(2);
  });
});

test('a record changed before signing is signed as it is then, one changed afterwards is not', () => {
  const change = (record: ZoneData): ZoneData[] => [{ ...record, rdata: Uint8Array.of(1, 0x78) }];
  const texts = (when: 'signed' | 'unsigned'): string[] =>
    signed(records(when, Type.TXT, change))
      .filter(({ type }) => type === Type.TXT)
      .map(({ type, rdata }) => rdataToText(type, rdata));
  expect(texts('unsigned')).toEqual(['"x"']);
  expect(texts('signed')).toEqual(['"x"']);
  // Ed25519 signs the same octets the same way, so the signatures can be compared.
  const signatureOf = (tampering: Tampering): Uint8Array => {
    const all = signZone(apex, readZoneText(apex, text, 300), { algorithm: 15 }, 1_767_225_600, tampering);
    return signatures(all, Type.TXT)[0].octets;
  };
  const honest = signatureOf({});
  expect(signatureOf(records('signed', Type.TXT, change))).toEqual(honest);
  expect(signatureOf(records('unsigned', Type.TXT, change))).not.toEqual(honest);
});

describe('what servers say', () => {
  function ask(tampering: Tampering, question: string): ResponseText {
    const plan: InternetPlan = {
      zones: {
        'example.': { at: '192.0.2.1', records: text, signed: { breakage: [tampering] } },
        'other.': { at: '192.0.2.1' },
      },
    };
    const { server } = planInternet(plan).hosts[0];
    return readResponse(server.react(queryFor(question, { dnssecOk: true }), 'udp').messages[0].octets);
  }
  const owners = (lines: readonly string[]): string[] =>
    lines
      .map((line) => line.split(' '))
      .filter(([, , type]) => type === 'NSEC')
      .map(([owner]) => owner);

  test('is changed for names of the zone alone', () => {
    const refused = says(apex, () => ({ rcode: 5 }));
    expect(ask(refused, 'www.example. TXT').rcode).toBe('REFUSED');
    expect(ask(refused, 'other. SOA').rcode).toBe('NOERROR');
  });

  test('one part of a proof is left out', () => {
    const whole = ask({}, 'zzz.example. A').authority;
    const part = ask(withoutPart(apex, 'next-closer'), 'zzz.example. A').authority;
    expect(owners(whole)).toEqual(['www.example.', 'example.']);
    expect(owners(part)).toEqual(['example.']);
  });
});
