/**
 * Puts the rooms of validation together for the resolver: the validator with its trust anchors, what is synthesised
 * from denials, and the words for both.
 */

import type { Cache } from '../cache/cache.ts';
import { ErrorCode, type ExtendedError } from '../dns/extended-error.ts';
import { ROOT, isAtOrBelow, isBelow, nameToText, type Name } from '../dns/name.ts';
import type { RRset } from '../dns/rrset.ts';
import type { Security } from '../query/security.ts';
import type { JudgingAround } from '../recursion/judging.ts';
import { createSynthesis, limitedBudget } from '../recursion/synthesis.ts';
import type { Clock } from '../system/clock.ts';
import { createClockWatch, describeWrongClock, type WrongClock } from '../validate/clock-watch.ts';
import { denialFrom, proveNxdomain } from '../validate/denial.ts';
import { describeSecurity, securityError } from '../validate/describe-security.ts';
import type { TrustPoint } from '../validate/key-set.ts';
import { negativeAnchorFor, type NegativeTrustAnchor } from '../validate/negative-trust-anchor.ts';
import type { ValidationPolicy } from '../validate/policy.ts';
import { createPublicKeys } from '../validate/public-key.ts';
import { anchorFor } from '../validate/trust-anchor.ts';
import { createValidator } from '../validate/validator.ts';

export type DnssecOptions = {
  readonly anchors: readonly TrustPoint[];
  readonly negativeAnchors: readonly NegativeTrustAnchor[];
  readonly policy: ValidationPolicy;
  /** Whether denials answer for names that nobody has asked for (RFC 8198). */
  readonly aggressiveNsec: boolean;
  /** Time servers, answered while our clock is wrong. */
  readonly clockNames?: readonly Name[];
  /** Whether questions for the keys that are trusted are answered (RFC 8509). */
  readonly rootKeySentinel?: boolean;
};

export type ValidationAround = {
  readonly clock: Clock;
  readonly cache: Cache;
  /** Zones whose servers the configuration names. */
  readonly configuredZones: readonly Name[];
  /** Beside those of the configuration, set while the daemon runs. */
  readonly temporaryAnchors?: (() => readonly NegativeTrustAnchor[]) | undefined;
  /** In place of `anchors`, where they roll over (RFC 5011). */
  readonly trustPoints?: (() => readonly TrustPoint[]) | undefined;
  readonly report: (event: ClockEvent) => void;
};

export type ClockEvent =
  | { readonly kind: 'clock-wrong'; readonly why: string }
  | { readonly kind: 'clock-right-again' };

export type Validation = Pick<JudgingAround, 'validator' | 'synthesis' | 'describe' | 'exempts' | 'isRootAnchor'> & {
  /** Whether signed records, if they hold, prove that there is no such name in the zone. */
  readonly showsAbsence: (qname: Name, zone: Name, proof: readonly RRset[]) => boolean;
};

export function createValidation(options: DnssecOptions, around: ValidationAround): Validation {
  const { negativeAnchors, policy, aggressiveNsec } = options;
  const anchors = around.trustPoints ?? (() => options.anchors);
  const { clock, cache, configuredZones } = around;

  const nowSeconds = (): number => clock.wallMs() / 1000;
  const negativeFor = (name: Name): NegativeTrustAnchor | undefined => {
    const temporary = around.temporaryAnchors?.() ?? [];
    const all = temporary.length === 0 ? negativeAnchors : [...temporary, ...negativeAnchors];
    return all.length === 0 ? undefined : negativeAnchorFor(name, all, anchors(), nowSeconds());
  };
  const ownWays = [...configuredZones, ...options.anchors.map(({ zone }) => zone)];

  const clockWatch = createClockWatch(
    { clockNames: options.clockNames ?? [] },
    {
      clock,
      report: (wrong) =>
        around.report(
          wrong === undefined
            ? { kind: 'clock-right-again' }
            : { kind: 'clock-wrong', why: describeWrongClock(wrong, nameToText(wrong.zone)) },
        ),
    },
  );
  const validator = createValidator({
    clock,
    policy,
    publicKeys: createPublicKeys(),
    anchors: {
      at: (zone) => anchors().find((anchor) => anchor.zone === zone),
      cover: (name) => anchorFor(name, anchors()) !== undefined,
      negative(name) {
        const negative = negativeFor(name);
        if (negative === undefined) return undefined;
        const { zone, reason: said, expiresAt = Infinity } = negative;
        const notAfter = clock.now() + (expiresAt - nowSeconds()) * 1000;
        return { reason: { check: 'negative-trust-anchor', zone, said }, notAfter };
      },
    },
  });

  return {
    validator: {
      ...validator,
      async judge(evidence, inquiry) {
        const judgement = await validator.judge(evidence, inquiry);
        clockWatch.note(judgement.security);
        return judgement;
      },
    },
    showsAbsence(qname, zone, proof) {
      if (proof.length === 0 || proof.some(({ signatures }) => signatures === undefined)) return false;
      return proveNxdomain(qname, denialFrom(zone, proof, policy), limitedBudget(HASH_ROUNDS)).kind === 'proven';
    },
    ...(options.rootKeySentinel === true && {
      isRootAnchor(keyTag) {
        const { ds = [], keys = [] } = anchors().find(({ zone }) => zone === ROOT) ?? {};
        return ds.some((one) => one.keyTag === keyTag) || keys.some(({ tag }) => tag === keyTag);
      },
    }),
    exempts: (qname) => clockWatch.exempts(qname),
    synthesis: createSynthesis(
      {
        aggressive: aggressiveNsec,
        policy,
        speaksFor: (zone, name) =>
          !ownWays.some((own) => isBelow(own, zone) && isAtOrBelow(name, own)) && negativeFor(name) === undefined,
      },
      cache,
    ),
    describe: (security) => describeError(security, clockWatch.wrong()),
  };
}

/** As much as a denial of a name in a zone of few iterations takes (RFC 9276 §3.1). */
const HASH_ROUNDS = 100;

function describeError(security: Security, wrong: WrongClock | undefined): ExtendedError {
  const code = ErrorCode.DNSSEC_INDETERMINATE;
  const error = securityError(security) ?? { code, text: describeSecurity(security) };
  if (wrong === undefined || security.state !== 'bogus') return error;
  return { ...error, text: `${describeWrongClock(wrong, nameToText(wrong.zone))}; ${error.text}` };
}
