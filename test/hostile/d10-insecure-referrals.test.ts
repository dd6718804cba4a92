/**
 * D10. Opt-out and insecure referrals abused (RFC 5155 §12; BIND stalled for 12 s until 9.21.23 where DS was answered by
 * a CNAME): what may be unsigned is the way to have what is signed believed unsigned.
 *
 * Here an opt-out span makes a denial insecure, never secure, and is not used for other names; a zone is insecure only
 * with a signed proof that it has no DS (validate/chain-of-trust.ts), and a CNAME in the place of a DS says that no zone
 * begins there.
 */

import { describe, expect, test } from 'vitest';

import { name } from '../../src/dns/name.ts';
import { Rcode, Type } from '../../src/dns/record-type.ts';
import { rrset } from '../../src/dns/rrset.ts';
import { nameToWire } from '../../src/dns/name.ts';
import type { BreakageKind } from '../../src/lab/dnssec-breakage.ts';
import type { Tampering } from '../../src/lab/tampering.ts';
import { simulatedInternet } from '../support/simulated-internet.ts';
import { recordFigure } from './figures.ts';
import { believedOf, brokenBy, isBelieved, validatedIn, type Validated } from './validated.ts';

test('a DS that is kept back, with whatever proof in its place, does not make the zone insecure', async () => {
  const kinds: BreakageKind[] = [
    'ds-stripped',
    'ds-stripped-and-denial-forged',
    'ds-denied-by-the-child',
    'ds-denial-missing',
    'ds-denial-of-another-name',
    'ds-signature-missing',
    'opt-out-ds-stripped',
    'nsec3-ds-stripped',
    'nsec3-ds-denial-missing',
  ];
  recordFigure('D10', 'zones without their DS: believed', (await believedOf(kinds)).length, 0);
});

describe('opt-out', () => {
  test.each(['opt-out-nxdomain', 'opt-out-unsigned-zone', 'opt-out-island'] as const)(
    '%s: answered, without AD',
    async (kind) => {
      const broken = brokenBy(kind);
      for (const when of ['cold', 'again']) {
        expect([when, (await broken.ask(broken.question)).security?.state]).toEqual([when, 'insecure']);
      }
    },
  );

  test('denies no name that nobody has asked for', async () => {
    const broken = brokenBy('opt-out-nxdomain');
    await broken.ask(broken.question);
    const { exchanges } = await broken.measure('other.broken.example. A');
    expect(exchanges).toBeGreaterThan(0);
  });

  test.each(['opt-out-with-an-answer', 'opt-out-signed-zone'] as const)('%s: proven', async (kind) => {
    const broken = brokenBy(kind);
    expect((await broken.ask(broken.question)).security).toEqual({ state: 'secure' });
  });
});

/** Whoever asks the parent for the DS is told of an alias. */
function aliasForDs(isReferralKept: boolean): Tampering {
  const target = rrset(name('child.zone.'), Type.CNAME, 300, [nameToWire(name('other.zone.'))]);
  return {
    misbehaviour: [
      {
        kind: 'redrafts',
        only: { qname: name('child.zone.'), qtype: Type.DS },
        change: (draft) => ({ ...draft, answer: [target], authority: [], proof: [] }),
      },
      {
        kind: 'redrafts',
        only: { atOrBelow: name('child.zone.') },
        change: (draft) =>
          draft.meaning === 'referral' && !isReferralKept
            ? { ...draft, authority: draft.authority.filter(({ type }) => type !== Type.DS), proof: [] }
            : draft,
      },
    ],
  };
}

function resolverWith(isSigned: boolean, isReferralKept: boolean): Validated {
  return validatedIn(
    simulatedInternet()
      .zone('.', { at: '198.51.100.1', signed: true })
      .zone('zone.', {
        at: '192.0.2.1',
        records: 'other A 203.0.113.8',
        signed: { breakage: [aliasForDs(isReferralKept)] },
      })
      .zone('child.zone.', { at: '192.0.2.2', records: 'www A 203.0.113.7', signed: isSigned }),
  );
}

describe('a DS that is answered by a CNAME', () => {
  test.each([
    ['signed', true],
    ['unsigned', false],
  ])('is no denial: the child is not believed insecure, %s', async (what, isSigned) => {
    const { reply, tookMs, exchanges } = await resolverWith(isSigned, false).measure('www.child.zone. A');
    recordFigure('D10', `DS by CNAME, child ${what}: believed`, Number(isBelieved(reply)), 0);
    recordFigure('D10', `DS by CNAME, child ${what}: ms until the client is told`, tookMs, 1000);
    recordFigure('D10', `DS by CNAME, child ${what}: exchanges`, exchanges, 16);
    expect(reply.errors.length).toBeGreaterThan(0);
  });

  test('is not asked for where the referral has it', async () => {
    const { reply } = await resolverWith(true, true).measure('www.child.zone. A');
    expect(reply).toMatchObject({ rcode: Rcode.NOERROR, security: { state: 'secure' } });
  });
});
