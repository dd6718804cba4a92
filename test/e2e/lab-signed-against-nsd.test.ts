/**
 * What the lab says of signed zones compared with what NSD says of the same master files: signatures beside their sets,
 * and the proofs of denials, wildcards and referrals (RFC 4035 §3.1, RFC 5155 §7.2). Zones are signed by ldns, and one
 * by ourselves, as ldns leaves no delegation out of an opt-out chain.
 */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { name } from '../../src/dns/name.ts';
import { answerQuery } from '../../src/lab/authoritative.ts';
import { signZone } from '../../src/lab/signer.ts';
import { zoneToText } from '../../src/lab/zone-file.ts';
import { createZone, createZoneSet, readZoneText, zoneFromText } from '../../src/lab/zone.ts';
import { comparable, inExample, questions, texts } from '../support/every-shape.ts';
import { ldnsIsMissing, signWithLdns } from '../support/ldns.ts';
import { queryFor } from '../support/messages.ts';
import { nsdIsMissing, skipped, startNsd, type Nsd } from '../support/nsd.ts';
import { exchangeOverTcp } from '../support/plain-exchange.ts';

const missing = nsdIsMissing ?? ldnsIsMissing;
const apex = name('example.');

function signedByLdns(options: readonly string[]): string {
  return signWithLdns('example.', texts['example.'], { algorithm: 'ECDSAP256SHA256', options })[0];
}

function signedByUs(): string {
  const records = readZoneText(apex, texts['example.'], 300);
  const signing = { denial: 'nsec3', optOut: true, salt: 'ab', iterations: 2 } as const;
  return zoneToText(createZone(apex, signZone(apex, records, signing, Math.floor(Date.UTC(2026, 0, 1) / 1000))));
}

const signers: [string, () => string][] = [
  ['NSEC', () => signedByLdns([])],
  ['NSEC3', () => signedByLdns(['-n', '-s', 'c0ffee', '-t', '3'])],
  ['NSEC3 without salt', () => signedByLdns(['-n', '-t', '0'])],
  ['NSEC3 with opt-out', signedByUs],
];

/** Where NSD is known to do otherwise. */
const differences = new Map<string, (signer: string) => boolean>([
  // It does not send the NSEC that covers a name to which a DNAME has led; RFC 4035 §3.1.3.2 asks for it.
  ['a.b.old A', (signer) => signer === 'NSEC'],
  // A wildcard that is an empty non-terminal, asked for by its own name: it sends more than the record of that name.
  ['*.star A', (signer) => signer !== 'NSEC'],
]);

describe.skipIf(missing !== undefined)(`signed answers as NSD gives them${skipped(missing)}`, () => {
  describe.each(signers)('%s', (signer, sign) => {
    let nsd: Nsd;
    let zones: ReturnType<typeof createZoneSet>;
    beforeAll(async () => {
      const signed = { ...texts, 'example.': sign() };
      zones = createZoneSet(Object.entries(signed).map(([zone, text]) => zoneFromText(name(zone), text)));
      nsd = await startNsd({ address: '127.0.0.1', port: 0, zones: signed });
    });
    afterAll(() => nsd.stop());

    const compare = async (question: string, dnssecOk: boolean): Promise<void> => {
      const query = queryFor(inExample(question), { dnssecOk });
      const theirs = await exchangeOverTcp(nsd, query);
      if (typeof theirs === 'string') throw new Error(theirs);
      expect(comparable(answerQuery(query, zones, 'tcp'))).toEqual(comparable(theirs));
    };

    const cases = Object.entries(questions).flatMap(([about, list]) => list.map((question) => [about, question]));
    const more = ['. DNSKEY', '. NSEC3PARAM', 'www NSEC', 'x.deep.empty A', 'a.b.sub DS', 'sibling DS', 'old DS'];
    const all = [...cases, ...more.map((question) => ['of signed zones', question])];
    const alike = all.filter(([, question]) => !(differences.get(question)?.(signer) ?? false));
    test.each(alike)('%s: %s', (_, question) => compare(question, true));

    test.each(['www A', 'none A', 'www TXT', 'x.wild TXT', 'www.glueless A'])('%s, without DO', (question) =>
      compare(question, false),
    );
  });
});
