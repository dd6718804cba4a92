/** A process of its own that logs queries at a steady rate until it is killed, and says what it has recorded. */

import { systemClock } from '../../src/system/clock.ts';
import { createQueryLog } from '../../src/observe/query-log.ts';
import { answered } from '../support/finished-query.ts';

const [directory, ratePerSecond] = process.argv.slice(2);
const log = createQueryLog(
  { directory, maxFileBytes: 1e9, maxFileAgeMs: 1e9, maxTotalBytes: 4e9 },
  { clock: systemClock, report: (event) => process.stderr.write(`${JSON.stringify(event)}\n`) },
);

const start = systemClock.now();
let recorded = 0;
const tick = (): void => {
  const due = Math.floor(((systemClock.now() - start) / 1000) * Number(ratePerSecond));
  for (; recorded < due; recorded++) {
    log.record(answered(`n${recorded}.example.`, {}, { receivedWallMs: systemClock.wallMs() }));
  }
  process.stdout.write(`${recorded} ${systemClock.wallMs()}\n`);
  systemClock.after(10, tick);
};
tick();
