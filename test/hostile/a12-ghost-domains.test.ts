/**
 * A12. Ghost and phoenix domains (CVE-2012-1033; CVE-2022-30698, CVE-2022-30699; CVE-2026-40622, CVE-2026-42955): a zone
 * that its parent has taken back keeps itself in the cache, by renewing its NS set or glue, or by delegating on and on.
 *
 * Here a delegation comes from the parent alone and ends with the one it was learned through (cache/delegation-cache.ts);
 * what a zone says of its own servers leads nowhere.
 */

import { describe, expect, test } from 'vitest';

import { name, nameToWire } from '../../src/dns/name.ts';
import { Type } from '../../src/dns/record-type.ts';
import { rrset } from '../../src/dns/rrset.ts';
import { forges } from '../../src/lab/misbehaviour.ts';
import { replaceServer } from '../support/replace-server.ts';
import { resolverIn, type ResolverIn } from '../support/resolver-in.ts';
import { simulatedInternet } from '../support/walking-resolver.ts';
import { recordFigure } from './figures.ts';

const PARENT = '192.0.2.53';
const GHOST = '192.0.2.66';
const TTL = 8;
const STEP_S = 2;

/** A long life for all that it says of itself. */
const ghostly = { nsTtl: 86_400, records: '* 1 A 203.0.113.66\n@ 86400 TXT "ghost"' };

/** And that it is served by itself, for a day, with each response. */
const ownNs = rrset(name('ghost.test.'), Type.NS, 86_400, [nameToWire(name('ns1.ghost.test.'))]);
const ownGlue = rrset(name('ns1.ghost.test.'), Type.A, 86_400, [Uint8Array.of(192, 0, 2, 66)]);

function haunted(): { resolver: ResolverIn; takeBack: () => void; delegate: (step: number) => string } {
  const internet = simulatedInternet()
    .zone('.', { at: '198.51.100.1' })
    .zone('test.', { at: PARENT, delegationTtl: TTL })
    .zone('ghost.test.', { at: GHOST, ...ghostly })
    .server(GHOST, forges('authority', ownNs), forges('additional', ownGlue));
  const resolver = resolverIn(internet);
  let apex = 'ghost.test.';
  return {
    resolver,
    takeBack: () => replaceServer(internet, PARENT, { 'test.': '@ 1 SOA ns1 hostmaster 1 7200 3600 1209600 1' }),
    /** Each step a delegation further down, by and to the ghost itself. */
    delegate(step) {
      const child = `p${step}.${apex}`;
      replaceServer(internet, GHOST, {
        [apex]: `p${step} 86400 NS ns.p${step}\nns.p${step} 86400 A ${GHOST}`,
        [child]: `@ 86400 NS ns\nns 86400 A ${GHOST}\n* 1 A 203.0.113.66`,
      });
      apex = child;
      return child;
    },
  };
}

type Trick = (step: number, delegate: (step: number) => string) => readonly string[];

const tricks: Readonly<Record<string, Trick>> = {
  'nothing is asked': () => [],
  'its NS set is asked for': () => ['ghost.test. NS'],
  "its servers' addresses are asked for": () => ['ns1.ghost.test. A', 'ns1.ghost.test. AAAA'],
  'new names are asked for': (step) => [`a${step}.ghost.test. A`, `b${step}.ghost.test. AAAA`],
  'its SOA and all of its types are asked for': () => ['ghost.test. SOA', 'ghost.test. TXT', 'ghost.test. DNSKEY'],
  'it delegates deeper each time': (step, delegate) => [`www.${delegate(step)} A`],
  'all of it at once': (step) => ['ghost.test. NS', 'ns1.ghost.test. A', `c${step}.ghost.test. A`, 'ghost.test. SOA'],
};

/** Seconds after which the ghost was last asked and answered. */
async function lastSuccess(trick: Trick): Promise<number> {
  const { resolver, takeBack, delegate } = haunted();
  expect(await resolver.ask('www.ghost.test. A')).toAnswer('www.ghost.test. 1 A 203.0.113.66');
  takeBack();
  const startedMs = resolver.clock.now();
  let last = 0;
  for (let step = 1; step <= 20; step++) {
    resolver.clock.advance(STEP_S * 1000);
    const fresh = [...trick(step, delegate), `fresh${step}.ghost.test. A`];
    for (const question of fresh) {
      const { answer, source } = await resolver.ask(question);
      // A record that was learned in time lives out its own TTL in the cache; nobody is asked for it.
      if (answer.length > 0 && source === 'recursion') last = (resolver.clock.now() - startedMs) / 1000;
    }
  }
  return last;
}

describe('a zone with a delegation of 8 s that was taken back is gone within that time when', () => {
  test.each(Object.entries(tricks))('%s', async (what, trick) => {
    recordFigure('A12', `seconds that the ghost lived on: ${what}`, await lastSuccess(trick), TTL + 1);
  });
});

test('a zone that was not taken back lives on', async () => {
  const { resolver } = haunted();
  for (let step = 1; step <= 20; step++) {
    resolver.clock.advance(STEP_S * 1000);
    expect((await resolver.ask(`fresh${step}.ghost.test. A`)).answer).toHaveLength(1);
  }
});
