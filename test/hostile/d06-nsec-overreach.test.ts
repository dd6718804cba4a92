/**
 * D6. NSEC that overreaches (BIND CVE-2026-13321, Knot 6.4.1, Unbound 2026): a next name outside the zone has the span
 * run over the names of others, who are then denied from the cache (RFC 8198), or whole trees below a forged cut.
 *
 * Here a record whose owner or next name is not in the zone that signed it proves nothing (validate/denial-nsec.ts), and
 * is looked for under no other zone (cache/denial-ranges.ts).
 */

import { describe, expect, test } from 'vitest';

import { ROOT, name, nameToWire, type Name } from '../../src/dns/name.ts';
import { Type } from '../../src/dns/record-type.ts';
import { records, withRdata, type Tampering } from '../../src/lab/tampering.ts';
import { simulatedInternet } from '../support/simulated-internet.ts';
import { recordFigure } from './figures.ts';
import { isBelieved, validatedIn, type Validated } from './validated.ts';

/** Every NSEC of the zone ends there, with the types of an ordinary name. */
function endsAt(next: Name): Tampering {
  const rdata = Uint8Array.of(...nameToWire(next), 0, 6, 0x40, 0, 0, 0, 0, 3);
  return records(
    'unsigned',
    Type.NSEC,
    withRdata(() => rdata),
  );
}

function resolverWith(next: Name): Validated {
  return validatedIn(
    simulatedInternet()
      .zone('.', { at: '198.51.100.1', signed: true })
      .zone('lab.', { at: '192.0.2.1', records: 'm A 203.0.113.1', signed: true })
      .zone('evil.lab.', { at: '192.0.2.2', records: 'a A 203.0.113.66', signed: { breakage: [endsAt(next)] } })
      .zone('victim.lab.', { at: '192.0.2.3', records: 'www A 203.0.113.7', signed: true })
      .zone('victim.', { at: '192.0.2.4', records: 'www A 203.0.113.8', signed: true }),
  );
}

describe('an NSEC of evil.lab. whose next name is', () => {
  test.each(['zz.lab.', 'lab.', 'zz.', '.', 'victim.lab.', 'www.victim.lab.', '\\000.evil.lab.'])(
    '%s denies nothing, here or elsewhere',
    async (next) => {
      const resolver = resolverWith(next === '.' ? ROOT : name(next));
      for (const denied of ['b.evil.lab. A', 'a.evil.lab. TXT', 'zzz.evil.lab. A']) {
        const believed = isBelieved(await resolver.ask(denied));
        recordFigure('D6', `next name ${next}, ${denied}: believed`, Number(believed), 0);
      }
      const victims = ['m.lab. A', 'www.victim.lab. A', 'www.victim. A', 'a.evil.lab. A'];
      const replies = [];
      for (const victim of victims) replies.push(await resolver.ask(victim));
      const silenced = replies.filter(({ answer, security }) => answer.length !== 1 || security?.state !== 'secure');
      recordFigure('D6', `next name ${next}: victims silenced`, silenced.length, 0);
      expect(resolver.resolver.cache.ranges.has(name('evil.lab.'))).toBe(false);
    },
  );
});
