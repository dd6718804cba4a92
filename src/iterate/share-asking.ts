/**
 * Lets equal questions to the same zone share one asking: a forger gets one exchange to guess at, not one for each
 * client (RFC 5452 §5), and a cold start asks the root once for `com.`, not a thousand times.
 *
 * Whoever comes second waits, unless the first already waits for it (waiting.ts), and is told what happened meanwhile.
 * The first pays. What it could not find out, the second cannot either, unless the first merely ran out of budget: then
 * one of those who waited asks again from its own, and the others wait for that.
 */

import type { AskZone, ZoneAnswer } from './ask-zone.ts';
import type { Recorder, Task } from './task.ts';

type Shared = { readonly leader: Task; readonly record: Recorder; readonly answer: Promise<ZoneAnswer> };

export function shareAsking(askZone: AskZone): AskZone {
  const inFlight = new Map<string, Shared>();

  return async function ask(servers, question, task) {
    if (task.avoid !== undefined) return askZone(servers, question, task);
    const key = `${servers.role}${String.fromCharCode(question.qtype)}${servers.zone}${question.qname}`;
    for (;;) {
      const other = inFlight.get(key);
      if (other === undefined) return lead(key, (record) => askZone(servers, question, { ...task, record }), task);
      if (other.leader.waiter.waitsFor(task.waiter)) return askZone(servers, question, task);
      const answer = await task.waiter.during(
        other.leader.waiter,
        task.budget.within(other.answer, task.isForServerName),
      );
      task.record.include(other.record);
      if (answer === undefined) return { kind: 'failed', wasHeard: false, why: 'another walk was waited for too long' };
      const wasCutShort = answer.kind === 'failed' && other.leader.budget.isCutShort();
      if (!wasCutShort || task.budget.spent() !== undefined) return answer;
    }
  };

  async function lead(key: string, asking: (record: Recorder) => Promise<ZoneAnswer>, task: Task): Promise<ZoneAnswer> {
    const record = task.record.branch();
    const answer = begin(key, () => asking(record));
    inFlight.set(key, { leader: task, record, answer });
    try {
      return await answer;
    } finally {
      task.record.include(record);
    }
  }

  async function begin(key: string, asking: () => Promise<ZoneAnswer>): Promise<ZoneAnswer> {
    // Only when others can see it, as it may lead to the same question at once.
    await Promise.resolve();
    try {
      return await asking();
    } finally {
      inFlight.delete(key);
    }
  }
}
