/**
 * The internet that a soak runs on: three TLDs and two dozen zones on loopback, most of them signed, where every server
 * loses datagrams and some of them do worse; and servers that die, by closing their ports or by falling silent, and come
 * back.
 */

import { hintsToText } from '../../src/lab/demo-internet.ts';
import { planInternet, type Host, type InternetPlan, type ServerPlan, type ZonePlan } from '../../src/lab/internet.ts';
import { createLoopbackServer, type LoopbackServer } from '../../src/lab/loopback-server.ts';
import {
  delays,
  dropsEdns,
  failsAlways,
  lowersCase,
  loses,
  refuses,
  sendsFirst,
  silent,
  tcpHangs,
  truncates,
  type Misbehaviour,
} from '../../src/lab/misbehaviour.ts';
import { systemClock } from '../../src/system/clock.ts';
import type { Random } from '../../src/system/random.ts';
import { freePort } from '../support/free-port.ts';

export type UnsteadyInternet = {
  readonly port: number;
  readonly hints: string;
  readonly trustAnchors: string;
  /** Apexes of zones that answer, with a wildcard in every other one. */
  readonly apexes: readonly string[];
  /** One server dies; the function brings it back. Undefined where enough have died already. */
  kill(): Promise<(() => Promise<void>) | undefined>;
  stop(): Promise<void>;
};

const ZONES = 24;
const MOST_DEAD = 3;
/** One datagram in twelve. */
const loss = loses(1, 12);
/** Of the second server of a zone, beside the loss. */
const WORSE: readonly (readonly Misbehaviour[])[] = [
  [],
  [delays(30)],
  [truncates],
  [refuses],
  [failsAlways],
  [lowersCase],
  [dropsEdns],
  [truncates, tcpHangs],
  [sendsFirst('noise', 'wrong-question', 'cut')],
];

/** Zones that never answer well, each in its own way. */
export const HOPELESS = ['silent.aa.', 'refused.aa.', 'failing.bb.', 'bogus.aa.'];

export async function startUnsteadyInternet(random: Random): Promise<UnsteadyInternet> {
  const { plan, apexes } = unsteadyPlan();
  const { hosts, hints, trustAnchors } = planInternet(plan, systemClock);
  const port = await freePort(hosts[0].address);
  const mortals = hosts.map((host) => mortal(host, port));
  for (const { server } of mortals) {
    const started = await server.start();
    if (started.kind === 'failed') throw new Error(started.why);
  }
  return {
    port,
    hints: hintsToText(hints),
    trustAnchors,
    apexes,
    async kill() {
      const living = mortals.filter((one) => !one.isDead);
      if (mortals.length - living.length >= MOST_DEAD) return undefined;
      return die(living[random.below(living.length)], random.below(2) === 0 ? 'closed' : 'silent');
    },
    stop: async () => void (await Promise.all(mortals.map(({ server }) => server.stop()))),
  };
}

type Mortal = { readonly server: LoopbackServer; isDead: boolean; isSilent: boolean };

function mortal({ address, server, latencyMs }: Host, port: number): Mortal {
  const one: Mortal = {
    isDead: false,
    isSilent: false,
    server: createLoopbackServer(
      {
        address,
        port,
        latencyMs,
        server: {
          ...server,
          react: (octets, transport) => (one.isSilent ? { delayMs: 0, messages: [] } : server.react(octets, transport)),
        },
      },
      { clock: systemClock },
    ),
  };
  return one;
}

async function die(one: Mortal, manner: 'closed' | 'silent'): Promise<() => Promise<void>> {
  one.isDead = true;
  if (manner === 'silent') one.isSilent = true;
  else await one.server.stop();
  return async () => {
    one.isSilent = false;
    if (manner === 'closed') await one.server.start();
    one.isDead = false;
  };
}

function unsteadyPlan(): { plan: InternetPlan; apexes: string[] } {
  const servers: Record<string, ServerPlan> = {};
  const zones: Record<string, ZonePlan> = {
    '.': { at: ['127.70.0.1', '127.70.0.2'], signed: true },
    'aa.': { at: ['127.70.1.1', '127.70.1.2'], signed: true },
    'bb.': { at: ['127.70.2.1', '127.70.2.2'], signed: { denial: 'nsec3', optOut: true } },
    'cc.': { at: ['127.70.3.1', '127.70.3.2'] },
    'silent.aa.': { at: '127.70.8.1' },
    'refused.aa.': { at: '127.70.8.2' },
    'failing.bb.': { at: '127.70.8.3', signed: true },
    'bogus.aa.': { at: '127.70.8.4', signed: { breakage: ['signature-wrong'] }, records: 'www A 203.0.113.1' },
  };
  const apexes: string[] = [];
  for (let i = 0; i < ZONES; i++) {
    const apex = `zone${i}.${['aa.', 'bb.', 'cc.'][i % 3]}`;
    const [good, other] = [`127.70.10.${i + 1}`, `127.70.11.${i + 1}`];
    zones[apex] = { at: [good, other], records: records(i), ...signing(i) };
    servers[other] = { misbehaviour: [...WORSE[i % WORSE.length], loss] };
    apexes.push(apex);
  }
  const hopeless = { '127.70.8.1': silent, '127.70.8.2': refuses, '127.70.8.3': failsAlways };
  for (const [address, deed] of Object.entries(hopeless)) servers[address] = { misbehaviour: [deed] };
  for (const { at } of Object.values(zones)) {
    for (const address of [at as string | string[]].flat()) servers[address] ??= { misbehaviour: [loss] };
  }
  return { plan: { zones, servers, latencyMs: 2 }, apexes };
}

/** NSEC, NSEC3 and nothing, not in step with the TLDs. */
function signing(i: number): Pick<ZonePlan, 'signed'> {
  if (i % 4 === 3) return {};
  return { signed: i % 4 === 2 ? { denial: 'nsec3' } : true };
}

function records(i: number): string {
  const other = `zone${(i + 5) % ZONES}.${['aa.', 'bb.', 'cc.'][(i + 5) % 3]}`;
  const lines = [
    'www 30 A 203.0.113.7',
    'www 30 AAAA 2001:db8::7',
    '@ 60 MX 10 www',
    '@ 60 TXT "unsteady"',
    `alias 20 CNAME www.${other}`,
    `moved 20 DNAME ${other}`,
    'deep.er.down 5 A 203.0.113.8',
  ];
  if (i % 2 === 0) lines.push('* 60 A 203.0.113.9');
  return lines.join('\n');
}
