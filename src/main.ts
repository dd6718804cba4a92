#!/usr/bin/env node
/**
 * The program `rootwalk`: refuses a Node that is too old, then runs the command. Everything else is loaded behind the
 * refusal, since it may not even parse there.
 */

import './node-floor.js';

const { runProgram } = await import('./cli/run-command.ts');
const code = await runProgram(process.argv.slice(2));
// Walks that were given up at a stop's deadline still wait for their servers; the process does not wait for them.
process.stdout.write('', () => process.exit(code));
