/**
 * Lets equal questions to the same zone share one asking: a forger gets one exchange to guess at, not one for each
 * client (RFC 5452 §5), and a cold start asks the root once for `com.`, not a thousand times.
 *
 * Whoever comes second waits, unless the first already waits for it (waiting.ts). The first pays from its budget; when
 * that fails, the second asks for itself.
 */

import type { AskZone, ZoneAnswer } from './ask-zone.ts';
import type { Waiter } from './waiting.ts';

export function shareAsking(askZone: AskZone): AskZone {
  const inFlight = new Map<string, { readonly waiter: Waiter; readonly answer: Promise<ZoneAnswer> }>();
  return async (servers, ask, task) => {
    const key = `${servers.role}${String.fromCharCode(ask.qtype)}${servers.zone}${ask.qname}`;
    const other = inFlight.get(key);
    if (other !== undefined && !other.waiter.waitsFor(task.waiter)) {
      const answer = await task.waiter.during(other.waiter, other.answer);
      if (answer.kind === 'meaning' || task.budget.spent() !== undefined) return answer;
      return askZone(servers, ask, task);
    }
    const answer = askZone(servers, ask, task);
    if (other !== undefined) return answer;
    inFlight.set(key, { waiter: task.waiter, answer });
    try {
      return await answer;
    } finally {
      inFlight.delete(key);
    }
  };
}
