/**
 * Random small internets in which all is well: zones of every algorithm, by NSEC and NSEC3, in the middle of key
 * roll-overs, insecure ones among them, with aliases into each other; and questions for names that are there or not.
 */

import { breakageKinds, breakages, type BreakageKind } from '../../src/lab/dnssec-breakage.ts';
import type { InternetPlan, ZonePlan } from '../../src/lab/internet.ts';
import type { SignedPlan } from '../../src/lab/signed-plan.ts';
import { Algorithm } from '../../src/lab/signing-keys.ts';
import type { Random } from '../../src/system/random.ts';

export type OrdinaryInternet = { readonly plan: InternetPlan; readonly question: () => string };

const TOP = ['aa.', 'bb.', 'cc.'];
const MORE_ZONES = 9;
const OWNERS = ['www', 'mail', 'deep.down', 'x.y.z', '*.wild', '*.x.y.z'];
const ASKED = [
  '',
  'www.',
  'mail.',
  'deep.down.',
  'down.',
  'y.z.',
  'q.wild.',
  'a.b.q.wild.',
  'q.',
  'no.such.name.',
  'b.www.',
];
const TYPES = ['A', 'A', 'A', 'AAAA', 'TXT', 'MX', 'NS', 'SOA', 'DS', 'CAA', 'HTTPS', 'DNSKEY'];
const ALGORITHMS = [13, 13, 13, 8, ...Object.values(Algorithm)] as const;
/** Keys that change, as they ought to. */
const rollOvers = breakageKinds.filter(
  (kind) => kind.startsWith('roll-over') && breakages[kind].expected.state === 'secure',
);

export function ordinaryInternet(random: Random): OrdinaryInternet {
  const one = <T>(list: readonly T[]): T => list[random.below(list.length)];
  const isOneIn = (n: number): boolean => random.below(n) === 0;
  const apexes = [...TOP];
  for (let i = 0; i < MORE_ZONES; i++) apexes.push(`z${i}.${one(apexes)}`);

  const zones: Record<string, ZonePlan> = { '.': { at: '127.60.0.1', signed: true } };
  for (const [i, apex] of apexes.entries()) {
    const at = isOneIn(2) ? `127.60.1.${i + 1}` : [`127.60.1.${i + 1}`, `127.60.2.${i + 1}`];
    zones[apex] = { at, signed: !isOneIn(5) && signing(), records: OWNERS.map(recordOf).join('\n') };
  }
  return {
    plan: { zones },
    question: () => `${one(ASKED)}${one(apexes)} ${one(TYPES)}`,
  };

  function signing(): SignedPlan {
    const denial = isOneIn(2) ? ('nsec' as const) : ('nsec3' as const);
    const common = { denial, keys: one(['one', 'two'] as const), inParent: !isOneIn(8) };
    const hashing =
      denial === 'nsec' ? {} : { iterations: one([0, 0, 1, 10, 50]), salt: one(['', 'aabbccdd']), optOut: isOneIn(4) };
    const breakage: BreakageKind[] = isOneIn(4) ? [one(rollOvers)] : [];
    // The roll-overs are those of a zone with two keys of the usual algorithm.
    return breakage.length > 0
      ? { ...common, ...hashing, keys: 'two', breakage }
      : { ...common, ...hashing, algorithm: one(ALGORITHMS) };
  }

  function recordOf(owner: string): string {
    if (isOneIn(5)) return `${owner} CNAME ${one(['www', 'mail', 'deep.down', 'q.wild', 'nothing'])}.${one(apexes)}`;
    return `${owner} A 203.0.113.${1 + random.below(250)}\n${owner} TXT "${owner}"`;
  }
}
