/**
 * What Unbound makes of every broken zone of the lab: that the table of the lab expects what validators do, and not only
 * what ours does. Where it differs, the reason stands here.
 */

import { beforeAll, describe, expect, test } from 'vitest';

import type { Expected } from '../../src/lab/breakage.ts';
import { breakageKinds, breakages, type BreakageKind } from '../../src/lab/dnssec-breakage.ts';
import { unboundIsMissing } from '../differential/unbound.ts';
import { createNamespace, namespacesAreMissing } from '../support/namespace.ts';
import { skipped } from '../support/nsd.ts';
import type { Verdict } from './broken-zones-child.ts';

type Outcome = 'secure' | 'insecure' | 'not believed';

/** Of Unbound 1.17.1 with its defaults. */
const differences: { readonly [kind in BreakageKind]?: { readonly theirs: Outcome; readonly why: string } } = {
  'key-revoked': {
    theirs: 'secure',
    why: 'it heeds REVOKE in trust anchors alone; RFC 5011 §2.1 has a revoked key serve no purpose',
  },
  'ds-sha1-right-beside-wrong-sha256': {
    theirs: 'secure',
    why: 'it takes any DS that holds, unless told to harden against it; RFC 4509 §3 has SHA-1 ignored here',
  },
  'nsec-of-a-cut-for-names-below': {
    theirs: 'insecure',
    why: 'it takes the record for that of an unsigned delegation, below which nothing need be proven',
  },
  'nodata-told-as-nxdomain': { theirs: 'secure', why: 'it corrects the RCODE where the proof is one of NODATA' },
  'empty-non-terminal-told-as-nxdomain': { theirs: 'secure', why: 'it corrects the RCODE, as before' },
  'nsec3-iterations-51': { theirs: 'secure', why: 'its bound is 150; RFC 9276 §3.2 leaves it open' },
  'nsec3-iterations-150': { theirs: 'secure', why: 'its bound is 150' },
};

/** A client cannot tell bogus from what could not be found out. */
function outcomeOf({ state }: Expected): Outcome {
  return state === 'secure' || state === 'insecure' ? state : 'not believed';
}

function outcomeFrom({ rcode, isSecure }: Verdict): Outcome {
  if (isSecure) return 'secure';
  return rcode === 'SERVFAIL' || rcode === 'silence' ? 'not believed' : 'insecure';
}

const missing = unboundIsMissing ?? namespacesAreMissing;

describe.skipIf(missing !== undefined)(`Unbound and the broken zones${skipped(missing)}`, () => {
  let verdicts: Map<string, Verdict>;
  beforeAll(async () => {
    const namespace = await createNamespace();
    try {
      const child = new URL('broken-zones-child.ts', import.meta.url).pathname;
      const said = await namespace.run(process.execPath, child);
      verdicts = new Map((JSON.parse(said) as Verdict[]).map((verdict) => [verdict.kind, verdict]));
    } finally {
      await namespace.remove();
    }
  }, 60_000);

  const alike = breakageKinds.filter((kind) => differences[kind] === undefined);
  test.each(alike)('agrees on %s', (kind) => {
    expect(outcomeFrom(verdicts.get(kind)!)).toBe(outcomeOf(breakages[kind].expected));
  });

  test.each(Object.entries(differences))('differs on %s', (kind, { theirs }) => {
    expect(outcomeFrom(verdicts.get(kind)!)).toBe(theirs);
    expect(outcomeOf(breakages[kind as BreakageKind].expected)).not.toBe(theirs);
  });
});
