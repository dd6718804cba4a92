/** Every name of the demo, asked of the resolver: what `rootwalk demo` promises is what a person will see. */

import { expect, test } from 'vitest';

import { demoNames, demoPlan, type DemoName } from '../../src/lab/demo-plan.ts';
import type { Reply } from '../../src/query/reply.ts';
import { validatedInternet } from '../support/validating-resolver.ts';

test.each(demoNames.map((demo) => [demo.question, demo.shows, demo] as const))('%s: %s', async (question, _, demo) => {
  const { reply } = await validatedInternet().plan(demoPlan).ask(question);
  expectEnd(reply, demo.ends);
});

test('asked one after the other, with what is cached from the last, they end the same', async () => {
  const internet = validatedInternet().plan(demoPlan);
  for (const { question, ends } of demoNames) expectEnd((await internet.ask(question)).reply, ends);
});

function expectEnd(reply: Reply, ends: DemoName['ends']): void {
  if (ends === 'failure' || ends === 'bogus') expect(reply).toFail();
  else if (ends !== 'answer') expect(reply).toDeny(ends);
  else expect({ rcode: reply.rcode, hasAnswer: reply.answer.length > 0 }).toEqual({ rcode: 0, hasAnswer: true });
}
