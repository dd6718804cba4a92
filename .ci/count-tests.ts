/**
 * Sums up a run of `npm test` in one line, `N passed, N failed`, from vitest's JSON report and the exit code of the run.
 *
 *     node .ci/count-tests.ts REPORT EXIT_CODE
 */

import { existsSync, readFileSync } from 'node:fs';

type Report = {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
};

/** `report` is undefined where the run ended before the tests did: a lint or type error, a crash. */
export function countTests(report: Report | undefined, exitCode: number): { passed: number; failed: number } {
  const passed = report?.numPassedTests ?? 0;
  // A file that cannot be loaded fails without a failed test in it.
  const brokenFiles = (report?.testResults ?? []).filter(({ status, assertionResults }) => {
    return status === 'failed' && !assertionResults.some((test) => test.status === 'failed');
  });
  const failed = (report?.numFailedTests ?? 0) + brokenFiles.length;
  // Whatever else made the run fail (a lint error, an unhandled rejection) is one failure, never none.
  return { passed, failed: failed === 0 && exitCode !== 0 ? 1 : failed };
}

function readReport(path: string): Report | undefined {
  if (!existsSync(path)) return undefined;
  const text = readFileSync(path, 'utf8');
  return text === '' ? undefined : (JSON.parse(text) as Report);
}

if (import.meta.main) {
  const [path, exitCode] = process.argv.slice(2);
  const { passed, failed } = countTests(readReport(path), Number(exitCode));
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
}
