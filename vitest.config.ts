import { env } from 'node:process';
import { defineConfig } from 'vitest/config';

/** Where .ci/run wants the results as JSON, to count them. */
const report = env['ROOTWALK_TEST_REPORT'];

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    testTimeout: 30_000,
    reporters: report ? ['default', ['json', { outputFile: report }]] : ['default'],
  },
});
