/**
 * A random internet for comparing resolvers on the same servers: a tree of zones, signed and unsigned, with aliases
 * across them, wildcards, moved trees, glueless delegations, and servers that misbehave beside servers that do not.
 *
 * Nothing in it is a matter of taste between resolvers: each zone has at least one server in good order, and no alias
 * chain is longer than any of them follows.
 */

import type { InternetPlan, ServerPlan, ZonePlan } from '../../src/lab/internet.ts';
import {
  dropsEdns,
  failsAlways,
  formatErrorOnEdns,
  lowersCase,
  refersTo,
  refuses,
  truncates,
  type Misbehaviour,
} from '../../src/lab/misbehaviour.ts';
import type { Signing } from '../../src/lab/signer.ts';
import type { Random } from '../../src/system/random.ts';

export type RandomInternet = { readonly plan: InternetPlan; readonly questions: readonly string[] };

const TOP = ['aa.', 'bb.', 'cc.'];
const LABELS = ['one', 'two', 'three', 'four'];
const OWNERS = ['www', 'mail', 'api', 'deep.down', 'x.y.z', '*', '*.wild'];
const TYPES = ['A', 'AAAA', 'TXT', 'MX', 'CNAME', 'DNAME', 'NS', 'SOA', 'DS', 'SRV', 'CAA'];
/** What a second server of a zone may do; the first is in good order. */
const FAULTS: readonly Misbehaviour[] = [
  refuses,
  failsAlways,
  refersTo('.'),
  lowersCase,
  truncates,
  formatErrorOnEdns,
  dropsEdns,
  { kind: 'silent' },
];

export function randomInternet(random: Random, questions: number): RandomInternet {
  const one = <T>(list: readonly T[]): T => list[random.below(list.length)];
  const chance = (oneIn: number): boolean => random.below(oneIn) === 0;
  const apexes = [...TOP];
  for (let i = 0; i < 8; i++) apexes.push(`${one(LABELS)}${i}.${one(apexes)}`);

  const servers: Record<string, ServerPlan> = {};
  const zones: Record<string, ZonePlan> = {
    '.': { at: '127.60.0.1', signed: true },
    'host.': { at: '127.60.0.2', signed: true },
  };
  for (const [i, apex] of apexes.entries()) {
    const at = serversOf(apex, i);
    const signed = chance(3) ? false : randomSigning();
    zones[apex] = { at, signed, records: recordsOf(apex).join('\n') };
  }
  return { plan: { zones, servers, latencyMs: 0 }, questions: Array.from({ length: questions }, question) };

  function serversOf(apex: string, i: number): ZonePlan['at'] {
    const good = `127.60.1.${i + 1}`;
    const named = chance(2) ? `ns.${apex}` : `s${i}.host.`;
    if (chance(2)) return { [named]: good };
    const other = `127.60.2.${i + 1}`;
    if (chance(2)) servers[other] = { misbehaviour: [one(FAULTS)] };
    return { [named]: good, [`s${i}b.host.`]: other };
  }

  function randomSigning(): Signing {
    const denial = one(['nsec', 'nsec3'] as const);
    const keys = one(['one', 'two'] as const);
    const algorithm = one([13, 13, 13, 8, 15] as const);
    const inParent = !chance(6);
    if (denial === 'nsec') return { denial, keys, algorithm, inParent };
    return { denial, keys, algorithm, inParent, iterations: one([0, 0, 1, 10]), optOut: chance(3) };
  }

  function recordsOf(apex: string): string[] {
    const lines: string[] = [];
    for (const owner of OWNERS) {
      if (chance(3)) continue;
      const kind = random.below(8);
      if (kind === 0) lines.push(`${owner} 300 CNAME ${target()}`);
      else if (kind === 1 && !owner.startsWith('*')) lines.push(`${owner} 300 DNAME ${one(apexes)}`);
      else lines.push(`${owner} 300 A 203.0.113.${random.below(250) + 1}`, `${owner} 300 TXT "${owner} ${apex}"`);
    }
    lines.push(`@ 300 MX 10 mail.${apex}`, '@ 300 A 203.0.113.1');
    return lines;
  }

  function target(): string {
    return `${one(['www', 'mail', 'api', 'nothing', 'deep.down', 'q.wild'])}.${one(apexes)}`;
  }

  function question(): string {
    const label = one([
      '',
      'www.',
      'mail.',
      'api.',
      'down.',
      'deep.down.',
      'y.z.',
      'q.',
      'q.wild.',
      'a.b.www.',
      'no.such.name.',
    ]);
    return `${label}${one(chance(12) ? ['host.', '.'] : apexes)} ${one(TYPES)}`
      .replace(/^\. /, '. ')
      .replace(/\.\. /, '. ');
  }
}
