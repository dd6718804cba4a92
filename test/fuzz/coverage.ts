/**
 * Which blocks of our sources have run, as V8 counts them (precise coverage of node:inspector), to tell inputs that
 * reach something new from those that do not.
 *
 * It is in place of Jazzer.js, the coverage-guided fuzzer for Node: its 4.0.0 ships libFuzzer as a binary that wants
 * glibc 2.38, where Debian 12 has 2.36, hooks `require` to instrument what it loads, and its own build wants clang.
 */

import { Session, type Profiler } from 'node:inspector';

export type Coverage = {
  /** How many blocks have run since the last call that had never run before. */
  takeNew(): number;
  stop(): void;
};

/** Counts in sources whose URL has this in it. */
export function startCoverage(within: string): Coverage {
  const session = new Session();
  session.connect();
  session.post('Profiler.enable');
  session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  const seen = new Set<string>();
  return {
    takeNew() {
      let found = 0;
      for (const { url, functions } of take(session)) {
        if (!url.includes(within)) continue;
        for (const { ranges } of functions) {
          for (const { startOffset, endOffset, count } of ranges) {
            const block = `${url} ${startOffset} ${endOffset}`;
            if (count === 0 || seen.has(block)) continue;
            seen.add(block);
            found++;
          }
        }
      }
      return found;
    },
    stop() {
      session.post('Profiler.stopPreciseCoverage');
      session.disconnect();
    },
  };
}

/** The profiler answers within the call. */
function take(session: Session): readonly Profiler.ScriptCoverage[] {
  let taken: readonly Profiler.ScriptCoverage[] = [];
  session.post('Profiler.takePreciseCoverage', (error, { result }) => {
    if (error === null) taken = result;
  });
  return taken;
}
