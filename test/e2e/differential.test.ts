/**
 * Rootwalk and Unbound on the same servers, some hundred random questions: what clients get is the same, or the
 * difference is explained (test/differential/known.ts). `npm run differential` asks as many as one likes.
 */

import { beforeAll, describe, expect, test } from 'vitest';
import { unboundIsMissing } from '../differential/unbound.ts';
import { createNamespace, namespacesAreMissing } from '../support/namespace.ts';
import { skipped } from '../support/nsd.ts';

const QUESTIONS = 500;
/** Of an internet with broken zones, and without servers that one waits for. */
const SEED = '5';
const missing = unboundIsMissing ?? namespacesAreMissing;

describe.skipIf(missing !== undefined)(`${QUESTIONS} questions to rootwalk and to Unbound${skipped(missing)}`, () => {
  let said: string;
  beforeAll(async () => {
    const namespace = await createNamespace();
    const program = new URL('../differential/against-unbound.ts', import.meta.url).pathname;
    try {
      said = await namespace.run(process.execPath, program, '--questions', String(QUESTIONS), '--seed', SEED);
    } catch (error) {
      // It has ended with the code that says that something is unexplained; what it is stands in its words.
      said = String((error as { stdout?: string }).stdout ?? error);
    } finally {
      await namespace.remove();
    }
  }, 120_000);

  test('no difference is unexplained', () => {
    expect(said).toMatch(/ 0 unexplained$/m);
  });

  test('secure, insecure and bogus answers and denials were among them', () => {
    for (const outcome of ['NOERROR AD', 'NOERROR', 'NXDOMAIN AD', 'NXDOMAIN', 'SERVFAIL']) {
      expect(said).toMatch(new RegExp(`^ +\\d+ ${outcome}$`, 'm'));
    }
  });
});
