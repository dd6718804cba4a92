/**
 * D9. Wildcards replayed, and denials that are missing (Unbound CVE-2017-15105, PowerDNS CVE-2026-52686): the signature
 * of a wildcard is good for every name below it, so whoever sits on the way can answer for a name that exists with
 * what was signed for the wildcard, if nobody asks for the proof that nothing closer exists.
 *
 * Here a set that was expanded, CNAME too, is secure only with that proof (validate/validator.ts, RFC 4035 §5.3.4), also
 * when it comes out of the cache; the wildcard asked for by its own name needs none.
 */

import { describe, expect, test } from 'vitest';

import { name, type Name } from '../../src/dns/name.ts';
import { Type } from '../../src/dns/record-type.ts';
import type { RRset } from '../../src/dns/rrset.ts';
import type { BreakageKind } from '../../src/lab/dnssec-breakage.ts';
import type { Tampering } from '../../src/lab/tampering.ts';
import { setsOf } from '../support/signed-records.ts';
import { simulatedInternet } from '../support/simulated-internet.ts';
import { recordFigure } from './figures.ts';
import { believedOf, isBelieved, validatedIn, type Validated } from './validated.ts';

/** For the victim's name the wildcard's set is sent, with every denial that the zone has, or with none. */
function replaysWildcard(victim: Name, type: number, denials: 'all denials' | 'no denial'): Tampering {
  const signed: RRset[] = [];
  return {
    signed(all) {
      signed.push(...setsOf(all));
      return all;
    },
    misbehaviour: [
      {
        kind: 'redrafts',
        only: { qname: victim },
        change(draft) {
          const wildcard = signed.find((set) => set.type === type && set.owner === name('*.zone.'))!;
          const proof = signed.filter((set) => set.type === Type.NSEC || set.type === Type.NSEC3);
          return {
            ...draft,
            answer: [{ ...wildcard, owner: victim }],
            authority: [],
            proof: denials === 'all denials' ? proof.map((set) => ({ part: 'match', set })) : [],
          };
        },
      },
    ],
  };
}

function resolverWith(denial: 'nsec' | 'nsec3', wildcard: string, tampering: Tampering): Validated {
  return validatedIn(
    simulatedInternet()
      .zone('.', { at: '198.51.100.1', signed: true })
      .zone('zone.', {
        at: '192.0.2.1',
        records: `www A 203.0.113.7\n${wildcard}`,
        signed: { denial, breakage: [tampering] },
      }),
  );
}

describe.each(['nsec', 'nsec3'] as const)('in a zone with %s', (denial) => {
  test.each([
    ['A', '* A 203.0.113.66', Type.A],
    ['CNAME', '* CNAME www', Type.CNAME],
  ])('the %s of a wildcard in place of a name that exists is not believed', async (what, wildcard, type) => {
    for (const denials of ['all denials', 'no denial'] as const) {
      const resolver = resolverWith(denial, wildcard, replaysWildcard(name('www.zone.'), type, denials));
      let believed = 0;
      for (const when of ['cold', 'again', 'after CD']) {
        if (when === 'after CD') await resolver.askUnchecked('www.zone. A');
        believed += Number(isBelieved(await resolver.ask('www.zone. A')));
      }
      recordFigure('D9', `${what} of a wildcard for a name that exists, ${denial}, ${denials}: believed`, believed, 0);
    }
  });

  test('the wildcard itself, and names that it stands for, are proven', async () => {
    const resolver = resolverWith(denial, '* A 203.0.113.66\n*.alias CNAME www', {});
    for (const question of [
      '*.zone. A',
      'x.zone. A',
      'y.z.zone. A',
      '*.alias.zone. A',
      'x.alias.zone. A',
      'x.zone. A',
    ]) {
      const reply = await resolver.ask(question);
      expect([question, reply.security?.state]).toEqual([question, 'secure']);
      expect(reply.answer.length).toBeGreaterThan(0);
    }
  });
});

test('wildcards with proofs that are missing, or of something else, are not believed', async () => {
  const kinds: BreakageKind[] = [
    'wildcard-answer-without-proof',
    'wildcard-alias-without-proof',
    'wildcard-answer-with-another-proof',
    'wildcard-answer-over-a-closer-name',
    'wildcard-nodata-without-proof',
    'wildcard-nodata-without-the-wildcard',
    'wildcard-pretended',
    'nsec3-wildcard-answer-without-proof',
    'nsec3-wildcard-nodata-without-wildcard',
    'nxdomain-without-the-wildcard',
    'nsec3-without-wildcard',
  ];
  recordFigure('D9', 'wildcards without their proof: believed', (await believedOf(kinds)).length, 0);
});
