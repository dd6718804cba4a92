/**
 * A resolver that validates, in a small internet whose signed zones mean it harm: what it is asked, and what each
 * answer cost in exchanges, signatures verified and hashes computed (counted-crypto.ts).
 */

import type { ResolverOptions } from '../../src/daemon/resolver.ts';
import { brokenInternet } from '../../src/lab/broken-internet.ts';
import type { BreakageKind } from '../../src/lab/dnssec-breakage.ts';
import { Rcode } from '../../src/dns/record-type.ts';
import type { Reply } from '../../src/query/reply.ts';
import { defaultPolicy } from '../../src/validate/policy.ts';
import { readTrustAnchors } from '../../src/validate/trust-anchor.ts';
import { readQuestion } from '../support/messages.ts';
import { resolverIn, type ResolverIn } from '../support/resolver-in.ts';
import { simulatedInternet, type SimulatedInternet } from '../support/simulated-internet.ts';
import { cryptoCounts } from './counted-crypto.ts';

export type Cost = { readonly exchanges: number; readonly verifications: number; readonly hashes: number };

export type Validated = ResolverIn & {
  /** The reply, and what it cost. */
  measure(question: string): Promise<Cost & { readonly reply: Reply; readonly tookMs: number }>;
  /** As a client that sets CD. */
  askUnchecked(question: string): Promise<Reply>;
};

export function validatedIn(internet: SimulatedInternet, options: Partial<ResolverOptions> = {}): Validated {
  const { anchors } = readTrustAnchors(internet.build().trustAnchors);
  const dnssec = { anchors, negativeAnchors: [], policy: defaultPolicy, aggressiveNsec: true };
  const inside = resolverIn(internet, { dnssec, ...options });
  const { clock, resolver } = inside;
  const soFar = (): Cost => ({ ...cryptoCounts, exchanges: inside.exchanges() });
  return {
    ...inside,
    async measure(question) {
      const [before, startedAt] = [soFar(), clock.now()];
      const reply = await inside.ask(question);
      const after = soFar();
      return {
        reply,
        tookMs: clock.now() - startedAt,
        exchanges: after.exchanges - before.exchanges,
        verifications: after.verifications - before.verifications,
        hashes: after.hashes - before.hashes,
      };
    },
    askUnchecked(question) {
      const [qname, qtype] = readQuestion(question);
      const asked = { checkingDisabled: true };
      const { recursion } = resolver;
      return clock.run(
        Promise.resolve(
          recursion.fromCache(qname, qtype, asked) ?? recursion.resolve(qname, qtype, 'unchecked', asked),
        ),
      );
    },
  };
}

/** The lab's internet with one breakage of DNSSEC in it, and the question that meets it. */
export function brokenBy(kind: BreakageKind, options: Partial<ResolverOptions> = {}): Validated & { question: string } {
  const { plan, question } = brokenInternet(kind);
  return { ...validatedIn(simulatedInternet().plan(plan), options), question };
}

/** Was it given to the client as if it could be trusted, or as if nobody had signed it? */
export function isBelieved(reply: Reply): boolean {
  return reply.rcode !== Rcode.SERVFAIL || reply.security?.state === 'secure' || reply.answer.length > 0;
}

/**
 * Each breakage asked cold, again, and after a client with CD: how many replies were believed. A kind that the lab
 * expects to be believed does not belong here.
 */
export async function believedOf(kinds: readonly BreakageKind[]): Promise<string[]> {
  const believed: string[] = [];
  for (const kind of kinds) {
    const broken = brokenBy(kind);
    for (const when of ['cold', 'again', 'after CD'] as const) {
      if (when === 'after CD') await broken.askUnchecked(broken.question);
      if (isBelieved(await broken.ask(broken.question))) believed.push(`${kind} ${when}`);
    }
  }
  return believed;
}
