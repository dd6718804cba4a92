import { expect, test } from 'vitest';
import { countTests } from '../../.ci/count-tests.ts';

const passed = { status: 'passed' };
const failed = { status: 'failed' };

test.each([
  [
    'all passed',
    { numPassedTests: 2, numFailedTests: 0, testResults: [{ ...passed, assertionResults: [passed, passed] }] },
    0,
    2,
    0,
  ],
  [
    'one failed',
    { numPassedTests: 1, numFailedTests: 1, testResults: [{ ...failed, assertionResults: [passed, failed] }] },
    1,
    1,
    1,
  ],
  [
    'a file that could not be loaded',
    { numPassedTests: 1, numFailedTests: 0, testResults: [{ ...failed, assertionResults: [] }] },
    1,
    1,
    1,
  ],
  ['an unhandled rejection beside good tests', { numPassedTests: 2, numFailedTests: 0, testResults: [] }, 1, 2, 1],
  ['a lint error before the tests', undefined, 1, 0, 1],
])('%s', (_, report, exitCode, passedCount, failedCount) => {
  expect(countTests(report, exitCode)).toEqual({ passed: passedCount, failed: failedCount });
});
