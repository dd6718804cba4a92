import { describe, expect, test } from 'vitest';
import { corpusOf } from './corpus.ts';
import { fuzzGuided } from './guided.fuzz.ts';
import { targetNames, targets, type TargetName } from './targets.ts';

/** Ends that each run has to have seen, so that it has looked at both sound and unsound inputs. */
const ends: { readonly [name in TargetName]: readonly string[] } = {
  'hosts-file': ['sound', 'with problems'],
  configuration: ['loaded', 'problems'],
  name: ['names', 'none'],
  'control-line': ['result', 'error'],
  'log-line': ['line', 'no line'],
  framing: ['messages', 'none'],
  'edns-options': ['options', 'malformed'],
};
/** The schema of a configuration is a lot to go through. */
const inputsOf = (target: TargetName): number => (target === 'configuration' ? 300 : 2000);

describe.each(targetNames)('%s', (target) => {
  test.each(corpusOf(target))('what was found earlier: $name', async ({ octets }) => {
    expect(await targets[target].work(octets)).toBeTypeOf('string');
  });

  test('damaged ones are read or refused with a reason', async () => {
    const inputs = inputsOf(target);
    const report = await fuzzGuided({ target, seed: 1, inputs, ms: Infinity });
    for (const end of ends[target]) expect(report.ends[end]).toBeGreaterThan(0);
    expect(report.inputs).toBe(inputs);
  });
});
