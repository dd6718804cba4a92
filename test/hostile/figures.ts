/**
 * The figures that the hostile tests keep: each is compared with its bound here, so that a test cannot record one and
 * forget to hold it, and is put down in the run's report.
 *
 * The report is a file of JSON lines, one a figure, that ROOTWALK_FIGURES names; without it nothing is written. Test
 * files run beside each other, so a line goes in with one write.
 */

import { appendFileSync } from 'node:fs';
import { env } from 'node:process';
import { expect } from 'vitest';
import { createStallWatch } from '../../src/system/stall-watch.ts';

/** A number is the most that the figure may be. */
export type FigureBound = number | { readonly atLeast: number } | { readonly exactly: number };

/** `classId` is that of docs/security.md: `E4`. `what` names the figure with its unit. */
export function recordFigure(classId: string, what: string, value: number, bound: FigureBound): void {
  put({ class: classId, what, value, bound: boundText(bound) });
  const figure = expect(value, `${classId}: ${what}`);
  if (typeof bound === 'number') figure.toBeLessThanOrEqual(bound);
  else if ('atLeast' in bound) figure.toBeGreaterThanOrEqual(bound.atLeast);
  else figure.toBe(bound.exactly);
}

/**
 * Does the work and puts the longest stall of the event loop into the report. It is not compared: on a machine that
 * others use too, a time says as much about them; bench/hostile.ts measures it alone.
 */
export async function reportStall<T>(classId: string, work: () => Promise<T>): Promise<T> {
  const watch = createStallWatch();
  try {
    return await work();
  } finally {
    put({ class: classId, what: 'longest stall of the event loop, ms', value: watch.longestMs(), bound: 'reported' });
    watch.stop();
  }
}

type Figure = { readonly class: string; readonly what: string; readonly value: number; readonly bound: string };

function put(figure: Figure): void {
  const path = env['ROOTWALK_FIGURES'];
  if (path) appendFileSync(path, `${JSON.stringify(figure)}\n`);
}

function boundText(bound: FigureBound): string {
  if (typeof bound === 'number') return `<= ${bound}`;
  return 'atLeast' in bound ? `>= ${bound.atLeast}` : `= ${bound.exactly}`;
}
