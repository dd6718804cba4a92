/**
 * Keeps questions away from zones of which nothing is heard.
 *
 * A zone whose servers were all silent, each asked and one asked again, is not asked for a while whatever the name: RFC
 * 9520 §3.2 wants the failure of servers remembered as much as that of questions, or a flood of fresh names below a dead
 * zone sends every one of them to servers that cannot answer, and to whoever else is behind the same address. Now and
 * then one question is let through as a probe, with one exchange; what it hears ends the silence at once. Types beyond
 * those of RFC 1035 are kept apart, since some servers (and what stands before them) are silent to what they do not know.
 *
 * Until anything is known, no more than SLOTS questions at once are put to a zone that has not answered one of them; the
 * others wait their turn, for a moment. The first answer lets all of them through.
 */

import { LRUCache } from 'lru-cache';
import { Type } from '../dns/record-type.ts';
import type { Clock } from '../system/clock.ts';
import type { AskZone, ZoneAnswer, ZoneFailure } from './ask-zone.ts';
import { createCrowd } from './crowd.ts';
import type { Ask } from './qname-minimisation.ts';
import { sameServers, serversInWords, type ZoneServers } from './servers.ts';
import type { Task } from './task.ts';

/** From the beginning of one probe to that of the next. A zone that was mended is found again within the longest. */
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 5000;
/** How long a question waits for a probe that is under way: a zone that lives answers within it. */
const PROBE_ANSWER_MS = 400;
/** After that long without a probe nothing is known of it any more. */
const FORGOTTEN_AFTER_MS = 60_000;
const MAX_SILENT_ZONES = 5000;
/** The last one that RFC 1035 §3.2.2 defines. */
const MOST_OLD_TYPE = Type.TXT;

type Silence = {
  readonly servers: ZoneServers;
  readonly waitMs: number;
  readonly startedAt: number;
  readonly askedAgainAt: number;
  probe: Promise<unknown> | undefined;
};

export function keepFromSilentZones(askZone: AskZone, clock: Clock): AskZone {
  const silences = new LRUCache<string, Silence>({ max: MAX_SILENT_ZONES });
  const crowd = createCrowd(clock);

  return async function ask(servers, question, task) {
    const cameAt = clock.now();
    const key = keyOf(servers, question);
    const known = silenceOf(key, servers);
    if (known !== undefined) {
      if (known.probe === undefined && clock.now() >= known.askedAgainAt) return probe(key, known, question, task);
      await endOf(known.probe);
      if (silenceOf(key, servers) !== undefined) return refusal(servers, known);
    }
    const place = `${servers.role}${servers.zone}`;
    if (!(await crowd.enter(place))) {
      const silence = silenceOf(key, servers);
      return silence === undefined ? crowded(servers) : refusal(servers, silence);
    }
    const startedAt = clock.now();
    task.budget.countVainMs(startedAt - cameAt);
    let answer: ZoneAnswer | undefined;
    try {
      // It may have been found silent while this one waited.
      const silence = silenceOf(key, servers);
      if (silence !== undefined) return refusal(servers, silence);
      answer = await askZone(servers, question, task);
      learn(key, servers, answer, FIRST_WAIT_MS, startedAt);
      return answer;
    } finally {
      crowd.leave(place, wasHeard(answer));
    }
  };

  /** Other servers of the same zone have not been silent. */
  function silenceOf(key: string, servers: ZoneServers): Silence | undefined {
    const silence = silences.get(key);
    if (silence === undefined || clock.now() >= silence.startedAt + FORGOTTEN_AFTER_MS) return undefined;
    return sameServers(silence.servers, servers) ? silence : undefined;
  }

  async function probe(key: string, silence: Silence, question: Ask, task: Task): Promise<ZoneAnswer> {
    const startedAt = clock.now();
    const asking = askZone(silence.servers, question, { ...task, isProbe: true });
    silence.probe = asking;
    const answer = await asking.finally(() => (silence.probe = undefined));
    learn(key, silence.servers, answer, Math.min(silence.waitMs * 2, LONGEST_WAIT_MS), startedAt);
    return answer;
  }

  function learn(key: string, servers: ZoneServers, answer: ZoneAnswer, waitMs: number, startedAt: number): void {
    if (wasHeard(answer) === true) {
      silences.delete(key);
    } else if (answer.kind === 'failed' && answer.isSilent === true) {
      const askedAgainAt = Math.max(startedAt + waitMs, clock.now() + FIRST_WAIT_MS);
      silences.set(key, { servers, waitMs, startedAt, askedAgainAt, probe: undefined });
    }
  }

  async function endOf(probing: Promise<unknown> | undefined): Promise<void> {
    if (probing === undefined) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = clock.after(PROBE_ANSWER_MS, resolve);
    await Promise.race([probing, promise]);
    timer.cancel();
  }

  function refusal(servers: ZoneServers, { askedAgainAt }: Silence): ZoneFailure {
    const seconds = Math.max(Math.ceil((askedAgainAt - clock.now()) / 1000), 1);
    const why = `${serversInWords(servers)} were silent when they were asked last; asked again in ${seconds} s at the earliest`;
    return { kind: 'failed', wasHeard: false, why };
  }
}

function crowded(servers: ZoneServers): ZoneFailure {
  return { kind: 'failed', wasHeard: false, why: `too many questions wait for ${serversInWords(servers)}` };
}

/** Undefined where the answer says neither. */
function wasHeard(answer: ZoneAnswer | undefined): boolean | undefined {
  if (answer === undefined) return undefined;
  if (answer.kind === 'meaning' || answer.wasHeard) return true;
  return answer.isSilent === true ? false : undefined;
}

function keyOf({ role, zone }: ZoneServers, { qtype }: Ask): string {
  return `${role}${String.fromCharCode(qtype <= MOST_OLD_TYPE ? Type.A : qtype)}${zone}`;
}
