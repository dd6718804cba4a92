/**
 * The small internet in which DNSSEC is broken, one way at a time: `broken.example.` with the breakage, `sound.example.`
 * beside it, and `open.example.`, which is not signed and has a signed zone below it that has an unsigned one below. The
 * zones above are signed.
 *
 * For other people's resolvers, which take long to start, there are all ways at once too, each below a name of its own.
 */

import type { Expected } from './breakage.ts';
import { breakageKinds, breakages, type BreakageKind } from './dnssec-breakage.ts';
import type { InternetPlan, ZonePlan } from './internet.ts';

export type BrokenInternet = {
  readonly plan: InternetPlan;
  /** `www.broken.example. A`. */
  readonly question: string;
  readonly expected: Expected;
};

export function brokenInternet(kind: BreakageKind): BrokenInternet {
  const { plan, ...asked } = brokenBelow(kind, 'example.');
  return { plan: { zones: { '.': ROOT_PLAN, ...plan.zones } }, ...asked };
}

export type AllBroken = {
  readonly plan: InternetPlan;
  readonly cases: readonly { readonly kind: BreakageKind; readonly question: string; readonly expected: Expected }[];
};

export function allBroken(): AllBroken {
  const each = breakageKinds.map((kind) => ({ kind, ...brokenBelow(kind, `${kind}.example.`) }));
  const zones = Object.assign({}, ...each.map(({ plan }) => plan.zones)) as InternetPlan['zones'];
  const above = { '.': ROOT_PLAN, 'example.': { at: '127.0.53.2', signed: true } };
  return {
    plan: { zones: { ...above, ...zones } },
    cases: each.map(({ kind, question, expected }) => ({ kind, question, expected })),
  };
}

const ROOT_PLAN: ZonePlan = { at: '127.0.53.1', signed: true };

function brokenBelow(kind: BreakageKind, top: string): BrokenInternet {
  const { question, expected, signing, parentSigning } = breakages[kind];
  const zones: Record<string, ZonePlan> = {
    [top]: { at: '127.0.53.3', signed: parentSigning ?? true, records: 'aaa A 203.0.113.1' },
    [`broken.${top}`]: {
      at: '127.0.53.4',
      signed: { ...signing, breakage: [kind] },
      records: `${brokenRecords}tosound CNAME www.sound.${top}\n`,
    },
    [`sound.${top}`]: {
      at: '127.0.53.5',
      signed: true,
      records: `www A 203.0.113.20\ntobroken CNAME www.broken.${top}\ntoopen CNAME www.open.${top}`,
    },
    [`open.${top}`]: { at: '127.0.53.6', records: 'www A 203.0.113.30' },
    [`signed.open.${top}`]: { at: '127.0.53.7', signed: true, records: 'www A 203.0.113.40' },
    [`deep.signed.open.${top}`]: { at: '127.0.53.8', records: 'www A 203.0.113.50' },
  };
  return { plan: { zones }, question: asked(question, top), expected };
}

/** What the ways to break a zone speak of. */
export const brokenRecords = `
www       A     203.0.113.10
www       A     203.0.113.11
mail      A     203.0.113.12
alias     CNAME www
togone    CNAME none
old       DNAME new
www.new   A     203.0.113.13
*.wild    A     203.0.113.14
m.wild    A     203.0.113.15
m.wild    AAAA  2001:db8::15
*.starred CNAME www
a.b       A     203.0.113.16
`;

/** Questions are relative to the broken zone; those that end with a dot stand where they say, below `top`. */
function asked(question: string, top: string): string {
  const [qname, qtype] = question.split(' ');
  if (qname.endsWith('.')) return `${qname.slice(0, -'example.'.length)}${top} ${qtype}`;
  return `${qname === '@' ? '' : `${qname}.`}broken.${top} ${qtype}`;
}
