/**
 * What rootwalk costs, part by part: `npm run bench`. Each part runs in a process of its own, one after the other, and
 * prints its figures; name parts to run only those. How rootwalk stands beside other resolvers is results.md.
 */

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const parts: Readonly<Record<string, readonly string[]>> = {
  wire: ['wire.ts'],
  'cache-cost': ['--expose-gc', 'cache-cost.ts', '100000'],
  exchange: ['exchange.ts'],
  walk: ['walk.ts'],
  hostile: ['--expose-gc', 'hostile.ts'],
};

const chosen = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(parts);
for (const part of chosen) {
  const args = parts[part];
  if (args === undefined) {
    process.stderr.write(`there is no part ${part}; there are ${Object.keys(parts).join(', ')}\n`);
    process.exitCode = 2;
    continue;
  }
  process.stdout.write(`\n== ${part}\n`);
  const run = spawnSync(process.execPath, args, {
    cwd: fileURLToPath(new URL('.', import.meta.url)),
    stdio: 'inherit',
  });
  if (run.status !== 0) process.exitCode = 1;
}
