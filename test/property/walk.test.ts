/**
 * Any small internet, walked, gives what one sees who looks straight into its zones: random zones on shared servers,
 * with and without glue, aliases, wildcards and moved trees; asked cold, and again with whatever is cached by then.
 */

import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { ROOT, name, nameToText, type Name } from '../../src/dns/name.ts';
import { formatRRset } from '../../src/dns/presentation.ts';
import { Rcode, Type } from '../../src/dns/record-type.ts';
import { withTtl, type RRset } from '../../src/dns/rrset.ts';
import type { ZonePlan } from '../../src/lab/internet.ts';
import { createZoneSet, type Zone } from '../../src/lab/zone.ts';
import { readQuestion } from '../support/messages.ts';
import { resolverIn } from '../support/resolver-in.ts';
import { simulatedInternet, defaultOptions } from '../support/walking-resolver.ts';

/** Each is delegated by the closest one above it that is there. */
const APEXES = ['a.', 'b.', 's.a.', 't.a.', 'x.s.a.', 's.b.'];
const OWNERS = ['w', 'v', 'u', 'm.w', 'k.j', '*', '*.v', '@'];
const ADDRESSES = ['192.0.2.1', '192.0.2.2', '192.0.2.3'];
const MOST_ALIASES = defaultOptions.recursion.budget.aliases;

const target = fc
  .tuple(fc.constantFrom('w', 'v', 'u', 'm.w', 'k.j', 'q', 'q.v', 'n.u'), fc.constantFrom(...APEXES))
  .map(([owner, apex]) => `${owner}.${apex}`);
const record = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('A 203.0.113.7', 'A 203.0.113.8', 'TXT "text"', 'MX 10 w') },
  { weight: 2, arbitrary: target.map((to) => `CNAME ${to}`) },
  { weight: 1, arbitrary: target.map((to) => `DNAME ${to}`) },
);
const servers = fc.tuple(fc.constantFrom<'glue' | 'host'>('glue', 'host'), fc.constantFrom(...ADDRESSES));
const zone = fc.record({
  servers,
  records: fc.dictionary(fc.constantFrom(...OWNERS), record, { minKeys: 4, maxKeys: 8 }),
});
const internets = fc.dictionary(fc.constantFrom(...APEXES), zone, { minKeys: 4, maxKeys: 6 });
const questions = fc.array(
  fc
    .tuple(
      fc.constantFrom('w', 'v', 'u', 'm.w', 'k.j', 'j', 'q', 'q.v', 'r.q.v', 'n.u', 'p.n.u'),
      fc.constantFrom(...APEXES),
      fc.constantFrom('A', 'TXT', 'MX', 'CNAME', 'NS'),
    )
    .map(([owner, apex, type]) => `${owner}.${apex} ${type}`),
  { minLength: 4, maxLength: 10 },
);

test('a walk finds what the zones hold', async () => {
  await fc.assert(
    fc.asyncProperty(internets, questions, async (zones, asked) => {
      const internet = simulatedInternet().zone('.', { at: '198.51.100.1' }).zone('host.', { at: '192.0.2.53' });
      for (const [apex, plan] of Object.entries(zones)) internet.zone(apex, planOf(apex, plan));
      const resolver = resolverIn(internet);
      const all = new Set([...resolver.servers.values()].flatMap((server) => server.zones));
      for (const question of [...asked, ...asked]) {
        const reply = await resolver.ask(question);
        const expected = lookInto([...all], ...readQuestion(question));
        expect({ question, rcode: reply.rcode, answer: textOf(reply.answer) }).toEqual({ question, ...expected });
      }
      expect(resolver.clock.pending()).toBe(0);
    }),
    { numRuns: 300, seed: 1 },
  );
});

function planOf(apex: string, plan: { servers: ['glue' | 'host', string]; records: Record<string, string> }): ZonePlan {
  const [kind, address] = plan.servers;
  const label = apex.replaceAll('.', '-').slice(0, -1);
  const at = kind === 'glue' ? { [`ns.${apex}`]: address } : { [`${label}.host.`]: address };
  return { at, records: sound(plan.records).join('\n') };
}

/** Without what no zone may hold: a CNAME or DNAME beside the apex's own sets or at a wildcard that moves trees. */
function sound(records: Record<string, string>): string[] {
  return Object.entries(records)
    .filter(([owner, text]) => !(owner === '@' && /^(?:CNAME|DNAME)/.test(text)))
    .filter(([owner, text]) => !(owner.startsWith('*') && text.startsWith('DNAME')))
    .map(([owner, text]) => `${owner} ${text}`);
}

/** RFC 1034 §4.3.2 over all zones at once, in the closest one of each name. */
function lookInto(zones: readonly Zone[], qname: Name, qtype: number): { rcode: number; answer: string[] } {
  const set = createZoneSet(zones);
  const answer: RRset[] = [];
  const visited = new Set<Name>();
  let aliases = 0;
  for (let sname = qname; ;) {
    const found = (set.find(sname, qtype) ?? set.find(ROOT, qtype)!).lookup(sname, qtype);
    visited.add(sname);
    switch (found.kind) {
      case 'answer':
        return { rcode: Rcode.NOERROR, answer: textOf([...answer, ...found.rrsets]) };
      case 'nodata':
        return { rcode: Rcode.NOERROR, answer: textOf(answer) };
      case 'nxdomain':
        return { rcode: Rcode.NXDOMAIN, answer: textOf(answer) };
      case 'alias':
        answer.push(...found.rrsets);
        if (qtype === Type.CNAME) return { rcode: Rcode.NOERROR, answer: textOf(answer) };
        sname = found.target;
        if (visited.has(sname) || ++aliases > MOST_ALIASES) return { rcode: Rcode.SERVFAIL, answer: [] };
        break;
      case 'alias-too-long':
        return { rcode: Rcode.YXDOMAIN, answer: textOf([...answer, ...found.rrsets]) };
      case 'referral':
        throw new Error(`${nameToText(sname)} is below a zone that is not there`);
      default:
        return found satisfies never;
    }
  }
}

/** In order, without TTLs, which count down. */
function textOf(sets: readonly RRset[]): string[] {
  return sets.map((set) => formatRRset(withTtl(set, 0)));
}

test('the oracle sees through an alias into another zone', () => {
  const internet = simulatedInternet()
    .zone('.', { at: '198.51.100.1' })
    .zone('a.', { at: '192.0.2.1', records: 'w CNAME v.b.' })
    .zone('b.', { at: '192.0.2.2', records: 'v A 203.0.113.7' });
  const zones = [...internet.build().servers.values()].flatMap((server) => server.zones);
  expect(lookInto(zones, name('w.a.'), Type.A)).toMatchObject({ rcode: 0, answer: { length: 2 } });
});
