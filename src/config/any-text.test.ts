import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { describeKeys } from './describe.ts';
import { checkConfig } from './load.ts';
import { formatProblems } from './problems.ts';

const machine = { env: {}, isRoot: false, home: '/home/ada' };
const absent = () => ({ kind: 'unreadable', why: 'there is no such file' }) as const;

function complaints(text: string): string {
  const result = checkConfig(text, 'rootwalk.yaml', machine, absent);
  return formatProblems(result.kind === 'problems' ? result.problems : result.warnings);
}

test('any text is a configuration or has problems with reasons, and nothing throws', () => {
  const yamlish = fc.string({
    unit: fc.constantFrom(...Array.from('ab:-[]{}&*!|>"\'#,\n\t 01.?%@'), 'zones', 'cache'),
  });
  fc.assert(
    fc.property(fc.oneof(fc.string(), yamlish), (text) => {
      expect(complaints(text)).toMatch(/^$|^rootwalk\.yaml[^\p{Cc}]*\n/u);
    }),
    { numRuns: 1000 },
  );
});

test('any value at any key is taken or has a problem that names the key', () => {
  const anywhere = fc.constantFrom(...describeKeys().map(({ path }) => path));
  fc.assert(
    fc.property(anywhere, fc.jsonValue({ maxDepth: 3 }), (path, value) => {
      const config = path.reduceRight<unknown>((inner, step) => ({ [step]: inner }), value);
      const told = complaints(JSON.stringify(config));
      // The hints are absent here, so even a sound value leads to a problem.
      expect(told.includes(path.join('.')) || told.includes('roots.hints')).toBe(true);
    }),
    { numRuns: 1000 },
  );
});

test('a key with control characters does not reach the terminal as it is', () => {
  expect(complaints('"\\e[31mred": 1')).toContain('rootwalk.yaml:1:1: \\x1b[31mred: there is no such key');
});
