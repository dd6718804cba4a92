/**
 * C2. CAMP (2024): what is bounded each by itself is multiplied: aliases × minimised labels × server names without
 * addresses × referrals × truncation.
 *
 * There is one budget for all of it (B13), in which the parts have bounds for the whole query, too: ten minimised
 * questions (B8), five exchanges for server names that came to nothing (B1), eleven aliases (C1). The worst product is
 * looked for here among random zone programs.
 */

import { expect, test } from 'vitest';

import { nameToText } from '../../src/dns/name.ts';
import { Type } from '../../src/dns/record-type.ts';
import { truncates, only } from '../../src/lab/misbehaviour.ts';
import type { Random } from '../../src/system/random.ts';
import { createSeededRandom } from '../support/seeded-random.ts';
import { simulatedInternet } from '../support/walking-resolver.ts';
import { besieged, numbered, type Told } from './besieged.ts';
import { recordFigure } from './figures.ts';
import { alias, answer, invents, nodata, referral, type Invention } from './hostile-zones.ts';

const PROGRAMS = 500;
const ATTACKERS = ['192.0.2.66', '192.0.2.67'];
const TLDS = ['a.', 'b.'];

/** What the attacker's servers do to every question; each part is drawn. */
type Program = {
  /** Labels of each new name, which exist one by one. */
  readonly labels: number;
  /** Of 10 whole names so many are aliases. */
  readonly aliases: number;
  /** Of 10 zones so many are delegated on. */
  readonly referrals: number;
  readonly serverNames: number;
  /** Of 10 server names so many are without addresses. */
  readonly glueless: number;
  readonly truncates: boolean;
  readonly question: string;
};

function drawProgram(random: Random): Program {
  return {
    labels: [1, 2, 4, 8, 13, 30][random.below(6)],
    aliases: random.below(11),
    referrals: [0, 0, 1, 3, 6, 10][random.below(6)],
    serverNames: [1, 2, 4, 13][random.below(4)],
    glueless: random.below(11),
    truncates: random.below(8) === 0,
    question: `${'q.'.repeat(1 + random.below(20))}start.a. ${['A', 'AAAA', 'TXT'][random.below(3)]}`,
  };
}

function run(program: Program, random: Random): Promise<Told> {
  let serial = 0;
  /** Zones that were delegated, by name, so that their own servers do not refer again. */
  const zones = new Set<string>();
  const freshName = (): string =>
    `${numbered(program.labels, () => `x${++serial}`).join('.')}.${TLDS[random.below(TLDS.length)]}`;
  const outOfTen = (part: number): boolean => random.below(10) < part;

  const invention: Invention = (qname, labels, qtype) => {
    if (labels.length < 2) return undefined;
    const asked = nameToText(qname).toLowerCase();
    const zone = labels.slice(-Math.min(labels.length, 2 + random.below(3))).join('.') + '.';
    if (!zones.has(zone) && outOfTen(program.referrals)) {
      zones.add(zone);
      const servers = numbered(program.serverNames, () => [
        `ns.${freshName()}`,
        outOfTen(program.glueless) ? [] : ATTACKERS.slice(0, 1),
      ]);
      return referral(zone, Object.fromEntries(servers) as Record<string, string[]>);
    }
    const isWhole = qtype !== Type.A || !/^x\d+\.x\d+\./.test(asked) || outOfTen(3);
    return isWhole && outOfTen(program.aliases) ? answer(alias(qname, freshName())) : nodata;
  };

  const internet = simulatedInternet().zone('.', { at: '198.51.100.1' });
  for (const [i, tld] of TLDS.entries()) {
    internet.zone(tld, { at: ATTACKERS[i] }).server(ATTACKERS[i], invents(invention));
    if (program.truncates) internet.server(ATTACKERS[i], only({ transport: 'udp' }, truncates));
  }
  return besieged(internet).ask(program.question);
}

test(`of ${PROGRAMS} random zone programs none costs more than the bound`, async () => {
  const random = createSeededRandom(2024);
  let worst = { packets: 0, octets: 0, tookMs: 0, program: {} as Program };
  for (let i = 0; i < PROGRAMS; i++) {
    const program = drawProgram(random);
    const { packets, octets, tookMs } = await run(program, random);
    if (packets > worst.packets) worst = { ...worst, packets, program };
    worst = { ...worst, octets: Math.max(worst.octets, octets), tookMs: Math.max(worst.tookMs, tookMs) };
  }
  expect(worst.packets, JSON.stringify(worst.program)).toBeGreaterThan(12);
  recordFigure('C2', `most packets of ${PROGRAMS} programs`, worst.packets, 40);
  recordFigure('C2', `most octets received of ${PROGRAMS} programs`, worst.octets, 200 * 1024);
  recordFigure('C2', `longest simulated ms of ${PROGRAMS} programs`, worst.tookMs, 7000);
});

test('the published product: aliases of 13 labels, each of which exists, in two zones in turn', async () => {
  const program: Program = {
    labels: 13,
    aliases: 10,
    referrals: 0,
    serverNames: 1,
    glueless: 0,
    truncates: false,
    question: 'start.a. TXT',
  };
  const { packets } = await run(program, createSeededRandom(1));
  recordFigure('C2', 'packets of alias × minimisation', packets, 40);
});
