/**
 * D5. The Labels field of RRSIG (Unbound CVE-2026-44690, BIND CVE-2026-11721, PowerDNS CVE-2026-52688, Knot 6.4.1): with
 * fewer labels than its signer has, a signature is one of `*.` of the zone's parent, so that a zone speaks for its
 * siblings; with fewer than the owner, records become a wildcard's; with more, they are taken for something else.
 *
 * Here Labels is held against owner and signer before any cryptography, and NSEC, NSEC3, DNSKEY, DS and SOA are never
 * expanded (validate/rrsig.ts; RFC 4034 §3.1.3, RFC 4035 §5.3.1).
 */

import { describe, expect, test } from 'vitest';

import { name } from '../../src/dns/name.ts';
import { Type } from '../../src/dns/record-type.ts';
import { signs } from '../../src/lab/tampering.ts';
import { simulatedInternet } from '../support/simulated-internet.ts';
import { recordFigure } from './figures.ts';
import { isBelieved, validatedIn, type Validated } from './validated.ts';

const ZONE = 'a.b.evil.';
/** Of the owner `www.x.a.b.evil.`; its signer has three. */
const OWNER_LABELS = 5;

function resolverWith(type: number, labels: number, denial: 'nsec' | 'nsec3' = 'nsec'): Validated {
  return validatedIn(
    simulatedInternet()
      .zone('.', { at: '198.51.100.1', signed: true })
      .zone('evil.', { at: '192.0.2.1', signed: true })
      .zone('b.evil.', { at: '192.0.2.2', signed: true })
      .zone('good.b.evil.', { at: '192.0.2.4', records: 'www.x A 203.0.113.1\n*.x TXT "good"', signed: true })
      .zone(ZONE, {
        at: '192.0.2.3',
        records: 'www.x A 203.0.113.66\nzzz.x A 203.0.113.66',
        signed: { denial, breakage: [signs(type, () => ({ labels }))] },
      }),
  );
}

describe('an answer whose signature was made for another number of labels', () => {
  test.each(Array.from({ length: 9 }, (_, labels) => labels))('%i labels', async (labels) => {
    const resolver = resolverWith(Type.A, labels);
    const reply = await resolver.ask(`www.x.${ZONE} A`);
    if (labels === OWNER_LABELS) {
      expect(reply.security).toEqual({ state: 'secure' });
      return;
    }
    recordFigure('D5', `A signed with ${labels} labels: believed`, Number(isBelieved(reply)), 0);
    // Neither the parent's names nor a sibling's have learned anything from it.
    expect((await resolver.ask('nothing.b.evil. A')).answer).toEqual([]);
    expect(await resolver.ask('www.x.good.b.evil. A')).toMatchObject({ security: { state: 'secure' } });
  });
});

describe.each([
  ['nsec', Type.NSEC],
  ['nsec3', Type.NSEC3],
] as const)('denials by %s', (denial, type) => {
  test.each([0, 1, 2, 3, 7])(
    'signed with %i labels deny nothing, and nothing is concluded from them',
    async (labels) => {
      const resolver = resolverWith(type, labels, denial);
      // The record of the apex has three labels of its own, and proves what it says.
      const reply = await resolver.ask(`none.x.${ZONE} A`);
      recordFigure('D5', `${denial} signed with ${labels} labels: believed`, Number(isBelieved(reply)), 0);
      const kept = resolver.resolver.cache.ranges.has(name(ZONE));
      recordFigure('D5', `${denial} signed with ${labels} labels: kept for other names`, Number(kept), 0);
    },
  );
});
