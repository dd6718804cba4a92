/**
 * The resolver and every way in which the lab breaks DNSSEC: what it makes of each is what the table of the lab says.
 * Where an answer is not believed, the client gets SERVFAIL with the reason (RFC 4035 §5.5, RFC 8914).
 */

import { describe, expect, test } from 'vitest';

import { nameToText } from '../../src/dns/name.ts';
import { Rcode } from '../../src/dns/record-type.ts';
import type { Expected } from '../../src/lab/breakage.ts';
import { brokenInternet } from '../../src/lab/broken-internet.ts';
import { breakageKinds, breakages, type BreakageKind } from '../../src/lab/dnssec-breakage.ts';
import type { Reply } from '../../src/query/reply.ts';
import { securityError } from '../../src/validate/describe-security.ts';
import { validatedInternet } from '../support/validating-resolver.ts';

async function ask(kind: BreakageKind): Promise<Reply> {
  const { plan, question } = brokenInternet(kind);
  return (await validatedInternet().plan(plan).ask(question)).reply;
}

function found({ security }: Reply): Expected | undefined {
  if (security === undefined) return undefined;
  if (security.state === 'secure') return { state: 'secure' };
  return { state: security.state, check: security.reason.check, errorCode: securityError(security)?.code };
}

function kindsWith(...states: Expected['state'][]): BreakageKind[] {
  return breakageKinds.filter((kind) => states.includes(breakages[kind].expected.state));
}

describe('what is bogus, or cannot be found out, is not believed', () => {
  test.each(kindsWith('bogus', 'indeterminate'))('%s', async (kind) => {
    const reply = await ask(kind);
    const { expected } = breakages[kind];
    expect(found(reply)).toEqual(expected);
    expect(reply.rcode).toBe(Rcode.SERVFAIL);
    expect(reply.errors.map(({ code }) => ({ ...expected, errorCode: code }))).toEqual([expected]);
    expect(reply.answer).toEqual([]);
  });
});

describe('what is insecure, or only looks broken, is answered', () => {
  test.each(kindsWith('secure', 'insecure'))('%s', async (kind) => {
    const reply = await ask(kind);
    expect(found(reply)).toEqual(breakages[kind].expected);
    expect(reply.rcode).toBe(breakages[kind].question === 'none A' ? Rcode.NXDOMAIN : Rcode.NOERROR);
  });
});

test('what was found is told by the zone that has the trouble', async () => {
  const zoneOf = async (kind: BreakageKind): Promise<string> => {
    const { security } = await ask(kind);
    return security === undefined || security.state === 'secure' ? '' : nameToText(security.reason.zone);
  };
  expect(await zoneOf('signature-expired')).toBe('broken.example.');
  expect(await zoneOf('ds-signature-expired')).toBe('example.');
  expect(await zoneOf('ds-digest-wrong')).toBe('broken.example.');
  expect(await zoneOf('unsigned-zone')).toBe('open.example.');
});
