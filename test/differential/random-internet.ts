/**
 * A random internet for comparing resolvers on the same servers: a tree of zones, signed in every way, unsigned, and
 * broken; islands of security with and without an anchor; aliases across zones, wildcards, moved trees, cuts several
 * labels down, glueless delegations, and servers that misbehave beside servers that do not.
 *
 * Nothing in it is a matter of taste between resolvers: each zone has at least one server in good order, and no alias
 * chain is longer than any of them follows. Questions are random-questions.ts.
 */

import { name } from '../../src/dns/name.ts';
import { Type } from '../../src/dns/record-type.ts';
import { rdataToText } from '../../src/dns/presentation.ts';
import { breakageKinds, breakages, type BreakageKind } from '../../src/lab/dnssec-breakage.ts';
import { brokenRecords } from '../../src/lab/broken-internet.ts';
import type { InternetPlan, ServerPlan, ZonePlan } from '../../src/lab/internet.ts';
import {
  answersFrom,
  delays,
  deniesEmptyNonTerminals,
  dropsEdns,
  failsAlways,
  flipsCase,
  formatErrorOnEdns,
  ignoresEdns,
  loses,
  lowersCase,
  notAuthoritative,
  refersTo,
  refuses,
  says,
  sendsFirst,
  silent,
  tcpCloses,
  tcpRefused,
  truncates,
  udpRefused,
  wrongId,
  type Misbehaviour,
} from '../../src/lab/misbehaviour.ts';
import type { SignedPlan } from '../../src/lab/signed-plan.ts';
import { delegationSigners, DigestType, type Signing } from '../../src/lab/signer.ts';
import { Algorithm } from '../../src/lab/signing-keys.ts';
import type { Random } from '../../src/system/random.ts';
import { chooser, type Chooser } from './chooser.ts';

export type RandomInternet = {
  readonly plan: InternetPlan;
  readonly apexes: readonly string[];
  /** Of islands of security, beside the root's own. */
  readonly anchors: string;
  /** Zones whose signatures are broken, and how. */
  readonly broken: ReadonlyMap<string, BreakageKind>;
};

/** What a zone may hold; aliases and moved trees among them. */
export const OWNERS = ['www', 'mail', 'api', 'deep.down', 'x.y.z', '*', '*.wild', '*.x.y.z', '_25._tcp.mail'];
const TOP = ['aa.', 'bb.', 'cc.'];
const LABELS = ['one', 'two', 'three', 'four', 'down.under', 'a.b.c'];
const MORE_ZONES = 9;
/** Of what a validator knows, the usual ones more often. */
const ALGORITHMS = [13, 13, 13, 8, 15, ...Object.values(Algorithm)] as const;
/**
 * What a second server of a zone may do; the first is in good order. Glue that is left out is missing here, as Unbound
 * gets over it only at times; that we do is a scenario (delegations.test.ts).
 */
const QUICK_FAULTS: readonly (readonly Misbehaviour[])[] = [
  [refuses],
  [failsAlways],
  [says(4)],
  [says(9)],
  [refersTo('.')],
  [lowersCase],
  [flipsCase],
  [truncates],
  [truncates, tcpCloses],
  [tcpRefused],
  [udpRefused],
  [formatErrorOnEdns],
  [ignoresEdns],
  [notAuthoritative],
  [delays(40)],
  [sendsFirst('noise', 'echo', 'pointer-loop')],
];
/**
 * After these somebody waits: in broken zones, where all servers are asked again and again, and in zones with others
 * below, Unbound runs out of patience at times.
 */
const SLOW_FAULTS: readonly (readonly Misbehaviour[])[] = [
  [silent],
  [dropsEdns],
  [wrongId],
  [answersFrom('port')],
  [answersFrom('address')],
  [loses(1, 3)],
];
/** Where servers fall silent, a resolver is judged by its patience. */
const usable = breakageKinds.filter((kind) => breakages[kind].expected.state !== 'indeterminate');

export function randomInternet(random: Random): RandomInternet {
  const by = chooser(random);
  const apexes = [...TOP];
  for (let i = 0; i < MORE_ZONES; i++) apexes.push(`${by.one(LABELS)}${i}.${by.one(apexes)}`);

  const servers: Record<string, ServerPlan> = {};
  const zones: Record<string, ZonePlan> = {
    '.': { at: '127.60.0.1', signed: true },
    'host.': { at: '127.60.0.2', signed: true },
  };
  const broken = new Map<string, BreakageKind>();
  let anchors = '';
  for (const [i, apex] of apexes.entries()) {
    const signed = by.oneIn(3) ? false : randomSigning(by);
    const isBroken = signed !== false && signed.breakage !== undefined;
    // A breakage wants its names to be there.
    const records = isBroken ? brokenRecords : recordsOf(by, apex, apexes);
    zones[apex] = { at: serversOf(apex, i, signed), signed, records };
    if (signed === false) continue;
    if (signed.breakage !== undefined) broken.set(apex, signed.breakage[0] as BreakageKind);
    else if (signed.inParent === false && by.oneIn(2)) anchors += anchorOf(apex, signed);
  }
  return { plan: { zones, servers, latencyMs: 0 }, apexes, anchors, broken };

  function isLeaf(apex: string): boolean {
    return !apexes.some((other) => other.endsWith(`.${apex}`));
  }

  function serversOf(apex: string, i: number, signed: SignedPlan | false): ZonePlan['at'] {
    const good = `127.60.1.${i + 1}`;
    // An address of a family that nobody here has a way to.
    const both = by.oneIn(6) ? [`2001:db8::${i + 1}`, good] : good;
    const named = by.oneIn(2) ? `ns.${apex}` : `s${i}.host.`;
    // Without signatures, as theirs would not be believed.
    const deeds = signed === false && by.oneIn(6) ? [deniesEmptyNonTerminals] : [];
    if (deeds.length > 0) servers[good] = { misbehaviour: deeds };
    if (by.oneIn(2)) return { [named]: both };
    const other = `127.60.2.${i + 1}`;
    const isPatient = isLeaf(apex) && !(signed !== false && signed.breakage !== undefined);
    servers[other] = {
      misbehaviour: [
        ...deeds,
        ...(by.oneIn(2) ? by.one(isPatient ? [...QUICK_FAULTS, ...SLOW_FAULTS] : QUICK_FAULTS) : []),
      ],
    };
    return { [named]: both, [`s${i}b.host.`]: other };
  }
}

function randomSigning(by: Chooser): SignedPlan {
  if (by.oneIn(6)) {
    const kind = by.one(usable);
    return { ...breakages[kind].signing, breakage: [kind] };
  }
  const common: Signing = {
    keys: by.one(['one', 'two']),
    algorithm: by.one(ALGORITHMS),
    inParent: !by.oneIn(5),
    digests: by.one([[DigestType.SHA256], [DigestType.SHA384], [DigestType.SHA1, DigestType.SHA256]]),
  };
  if (by.oneIn(2)) return { ...common, denial: 'nsec' };
  const salt = by.one(['', '', 'aabbccdd']);
  return { ...common, denial: 'nsec3', iterations: by.one([0, 0, 1, 10]), salt, optOut: by.oneIn(3) };
}

function recordsOf(by: Chooser, apex: string, apexes: readonly string[]): string {
  const target = (): string => `${by.one(['www', 'mail', 'api', 'nothing', 'deep.down', 'q.wild'])}.${by.one(apexes)}`;
  const lines = [`@ 300 MX 10 mail.${apex}`, '@ 300 A 203.0.113.1', `@ 300 CAA 0 issue "${apex}"`];
  const moved: string[] = [];
  for (const owner of OWNERS) {
    // RFC 6672 §2.4: nothing stands below a DNAME.
    if (by.oneIn(3) || moved.some((above) => owner.endsWith(`.${above}`))) continue;
    const kind = by.below(8);
    if (kind === 0) lines.push(`${owner} 300 CNAME ${target()}`);
    else if (kind === 1 && !owner.includes('*')) {
      lines.push(`${owner} 300 DNAME ${by.one(apexes)}`);
      moved.push(owner);
    } else lines.push(`${owner} 300 A 203.0.113.${by.below(250) + 1}`, `${owner} 300 TXT "${owner} ${apex}"`);
    if (kind === 2) lines.push(`${owner} 300 AAAA 2001:db8::7`, `${owner} 300 HTTPS 1 . alpn="h2"`);
  }
  // As deep as minimisation has to take more than one label at a time.
  if (by.oneIn(3)) lines.push(`${'d.'.repeat(by.below(20) + 1)}deep 300 A 203.0.113.2`);
  return lines.join('\n');
}

function anchorOf(apex: string, signing: Signing): string {
  const ds = delegationSigners(name(apex), signing);
  return ds.map((rdata) => `${apex} 3600 IN DS ${rdataToText(Type.DS, rdata)}\n`).join('');
}
