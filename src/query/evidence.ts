/** What a server said, with all that it sent to prove it: the unit that validation judges. Types only. */

import type { Name } from '../dns/name.ts';
import type { RRset } from '../dns/rrset.ts';
import type { Security } from './security.ts';

type Said = {
  /** The zone whose server said it, and the server's address. */
  readonly zone: Name;
  readonly server: string;
  /** NSEC or NSEC3 sets that came along. */
  readonly proof: readonly RRset[];
  /** What has been proved of it before; undefined while nobody has looked. */
  readonly security: Security | undefined;
};

export type Evidence =
  | (Said & { readonly kind: 'set'; readonly set: RRset })
  | (Said & {
      readonly kind: 'denial';
      readonly denial: 'nodata' | 'nxdomain';
      readonly qname: Name;
      readonly qtype: number;
      readonly soa: RRset | undefined;
    });

/** What validation makes of it, and until when that holds (monotonic ms): signatures end, and so does what they prove. */
export type Judgement = {
  readonly security: Security;
  readonly notAfter: number;
  /** Of the proof that came with it, what was needed and holds; undefined where nobody has looked. */
  readonly proof?: readonly RRset[];
  /** What the proof shows beyond this question. */
  readonly shown?: Shown;
};

/** Validated records that speak of other names, too (RFC 8198). */
export type Shown = {
  /** The zone that signed them. */
  readonly zone: Name;
  /** NSEC and NSEC3 sets. */
  readonly denials: readonly RRset[];
  readonly soa: RRset | undefined;
  /** A set as it stands at a wildcard, before it was expanded. */
  readonly wildcard: RRset | undefined;
};
