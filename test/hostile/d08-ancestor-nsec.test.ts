/**
 * D8. NSEC of an ancestor (RFC 6840 §4.1, §4.4; BIND 9.21.25 `nsec_grandparent`): the record that a zone has at a
 * delegation, NS without SOA, is used to deny names below the cut, or the DS of a zone two cuts down, which would make
 * it insecure.
 *
 * Here a record with NS and without SOA, or with DNAME, says nothing of names below its owner
 * (validate/type-bitmap.ts), by NSEC as by NSEC3, and nobody denies a DS but the zone directly above
 * (validate/chain-of-trust.ts).
 */

import { describe, test } from 'vitest';

import { name, type Name } from '../../src/dns/name.ts';
import { Rcode, Type } from '../../src/dns/record-type.ts';
import type { RRset } from '../../src/dns/rrset.ts';
import type { BreakageKind } from '../../src/lab/dnssec-breakage.ts';
import type { Tampering } from '../../src/lab/tampering.ts';
import { setsOf } from '../support/signed-records.ts';
import { simulatedInternet } from '../support/simulated-internet.ts';
import { recordFigure } from './figures.ts';
import { believedOf, isBelieved, validatedIn, type Validated } from './validated.ts';

/** All that `top.` has of denials, as it signed them. */
function remembers(into: RRset[]): Tampering {
  return {
    signed(all) {
      into.push(...setsOf(all).filter(({ type }) => type === Type.NSEC || type === Type.NSEC3 || type === Type.SOA));
      return all;
    },
  };
}

/** The zone below answers with the records of the zone above in place of its own. */
function replaying(denials: readonly RRset[], qname: Name, qtype: number, rcode: number): Tampering {
  return {
    misbehaviour: [
      {
        kind: 'redrafts',
        only: { atOrBelow: qname, qtype },
        change: (draft) => ({
          ...draft,
          rcode,
          answer: [],
          authority: denials.filter(({ type }) => type === Type.SOA),
          proof: denials.filter(({ type }) => type !== Type.SOA).map((set) => ({ part: 'match' as const, set })),
          glue: [],
        }),
      },
      // Nor does a referral say anything better.
      {
        kind: 'redrafts',
        only: { atOrBelow: qname },
        change: (draft) =>
          draft.meaning === 'referral'
            ? { ...draft, authority: draft.authority.filter(({ type }) => type !== Type.DS), proof: [] }
            : draft,
      },
    ],
  };
}

function resolverWith(denial: 'nsec' | 'nsec3', qname: string, qtype: number, rcode: number): Validated {
  const ofTop: RRset[] = [];
  return validatedIn(
    simulatedInternet()
      .zone('.', { at: '198.51.100.1', signed: true })
      .zone('top.', { at: '192.0.2.1', signed: { denial, breakage: [remembers(ofTop)] } })
      .zone('mid.top.', {
        at: '192.0.2.2',
        records: 'host A 203.0.113.8',
        signed: { denial, breakage: [replaying(ofTop, name(qname), qtype, rcode)] },
      })
      .zone('a.mid.top.', { at: '192.0.2.3', records: 'www A 203.0.113.7', signed: { denial } }),
  );
}

describe.each(['nsec', 'nsec3'] as const)('the %s of a grandparent', (denial) => {
  test('does not make a zone two cuts down insecure', async () => {
    const reply = await resolverWith(denial, 'a.mid.top.', Type.DS, Rcode.NOERROR).ask('www.a.mid.top. A');
    recordFigure('D8', `DS denied by the ${denial} of a grandparent: believed`, Number(isBelieved(reply)), 0);
  });

  test('does not deny a name below the cut', async () => {
    const reply = await resolverWith(denial, 'host.mid.top.', Type.A, Rcode.NXDOMAIN).ask('host.mid.top. A');
    recordFigure('D8', `NXDOMAIN by the ${denial} of a grandparent: believed`, Number(isBelieved(reply)), 0);
  });
});

test('records at a cut, or at a DNAME, deny nothing below', async () => {
  const kinds: BreakageKind[] = ['nsec-of-a-cut-for-names-below', 'nsec-of-a-dname-for-names-below'];
  recordFigure('D8', 'NSEC from above a cut: believed', (await believedOf(kinds)).length, 0);
});
