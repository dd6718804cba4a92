/**
 * How many replies may go to one client's address over UDP, so that whoever writes a victim's address into its queries
 * cannot have us flood the victim (response rate limiting).
 *
 *     the address is proven                     no limit: a connection, a cookie of ours, this machine
 *     errors that a rule of ours makes          `errorsPerSecond`, all of them together; beyond that, nothing is sent
 *     the same answer, over and over            `repliesPerSecond` (0: no limit); beyond that every `slip`th is sent
 *                                               without its records and with TC, the others not at all
 *
 * A client that is real loses little: of every few replies one sends it to TCP, where nothing is limited. Denials of one
 * zone count as one answer, as random names below a zone are the same flood as one name.
 *
 * Replies are off by default and errors are not: full answers go only to `access.allow`, where one busy forwarder is
 * commoner than a forged neighbour; errors go to anyone. The table is bounded: when it is full of forged addresses the
 * oldest are forgotten, and each of those has had few replies.
 */

import { Rcode } from '../dns/record-type.ts';
import type { Client, ClientQuery } from '../query/client-query.ts';
import type { Reply } from '../query/reply.ts';
import type { Clock } from '../system/clock.ts';
import { clientPrefix, isAddressSure } from './client-prefix.ts';

export type RateLimitOptions = {
  /** Equal answers to one client within a second; 0 for no limit. */
  readonly repliesPerSecond: number;
  /** Errors to one client within a second; 0 for no limit. */
  readonly errorsPerSecond: number;
  /** Of the answers above the limit, every so manieth says TC; 0 for none. */
  readonly slip: number;
};

export type RateVerdict = 'send' | 'truncate' | 'drop';

export type RateLimit = {
  judge(query: ClientQuery, reply: Reply): RateVerdict;
  /** A message that was not even a query, and is to be answered with an error. */
  judgeRejection(client: Client): RateVerdict;
};

const MOST_BUCKETS = 16_384;

type Bucket = { tokens: number; filledAt: number; limited: number };

export function createRateLimit(options: RateLimitOptions, { clock }: { clock: Clock }): RateLimit {
  const { repliesPerSecond, errorsPerSecond, slip } = options;
  const buckets = new Map<string, Bucket>();

  /** The bucket when it is empty; a token is taken from it otherwise. */
  const takeToken = (key: string, perSecond: number): Bucket | undefined => {
    const now = clock.now();
    const bucket = buckets.get(key) ?? newBucket(buckets, key, perSecond, now);
    bucket.tokens = Math.min(perSecond, bucket.tokens + ((now - bucket.filledAt) * perSecond) / 1000);
    bucket.filledAt = now;
    if (bucket.tokens < 1) return bucket;
    bucket.tokens--;
    return undefined;
  };
  const judgeError = (address: string): RateVerdict => {
    if (errorsPerSecond === 0) return 'send';
    return takeToken(clientPrefix(address), errorsPerSecond) === undefined ? 'send' : 'drop';
  };

  return {
    judge(query, reply) {
      if (query.isAddressProven) return 'send';
      if (isError(reply)) return judgeError(query.client.address);
      if (repliesPerSecond === 0) return 'send';
      const empty = takeToken(`${clientPrefix(query.client.address)} ${answerKey(query, reply)}`, repliesPerSecond);
      if (empty === undefined) return 'send';
      return slip > 0 && ++empty.limited % slip === 0 ? 'truncate' : 'drop';
    },
    judgeRejection: (client) => (isAddressSure(client) ? 'send' : judgeError(client.address)),
  };
}

function newBucket(buckets: Map<string, Bucket>, key: string, tokens: number, filledAt: number): Bucket {
  if (buckets.size >= MOST_BUCKETS) buckets.delete(buckets.keys().next().value!);
  const bucket = { tokens, filledAt, limited: 0 };
  buckets.set(key, bucket);
  return bucket;
}

function isError({ source, rcode }: Reply): boolean {
  return source === 'rule' && rcode !== Rcode.NOERROR;
}

function answerKey({ question }: ClientQuery, { rcode, authority }: Reply): string {
  const isDenialOfName = rcode === Rcode.NXDOMAIN && authority.length > 0;
  return isDenialOfName ? `nxdomain ${authority[0].owner}` : `${question.qtype} ${question.qname}`;
}
