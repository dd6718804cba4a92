/**
 * The resolver and every way in which the lab breaks DNSSEC: what it makes of each is what the table of the lab says.
 * Where an answer is not believed, the client gets SERVFAIL with the reason (RFC 4035 §5.5, RFC 8914). What is said of
 * each is docs/broken-zones.md, which this test keeps true (`vitest -u` writes it).
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

const INTRODUCTION = `# What comes of zones whose DNSSEC is broken

Each row is a way to break (or to seem to break) the DNSSEC of a zone, by its name in the lab (\`src/lab/breakage-of-*.ts\`
says what it is), a question that meets it, and what rootwalk makes of the answer. What is \`secure\` or \`insecure\` is
given to the client, the first with AD; what is \`bogus\` or \`indeterminate\` is SERVFAIL, with the extended error and
its reason in words. \`test/e2e/broken-zones-elsewhere.test.ts\` asks Unbound the same and has the few of which it thinks
otherwise. Written and kept true by \`test/scenario/broken-zones.test.ts\`.
`;

test('the page about them says what is so', async () => {
  const rows: string[] = [];
  for (const kind of breakageKinds) {
    const outcome = found(await ask(kind)) ?? { state: 'not looked at' };
    const [check, code] = 'check' in outcome ? [outcome.check, outcome.errorCode ?? ''] : ['', ''];
    rows.push(`| ${[kind, brokenInternet(kind).question, outcome.state, check, code].join(' | ')} |`);
  }
  const head = ['| Breakage | Question | Outcome | Reason | Extended error |', '| --- | --- | --- | --- | --: |'];
  const page = [INTRODUCTION, ...head, ...rows, ''].join('\n');
  await expect(page).toMatchFileSnapshot('../../docs/broken-zones.md');
});
