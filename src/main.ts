#!/usr/bin/env node
/**
 * The program `rootwalk`: refuses a Node that is too old, then runs the command. Everything else is loaded behind the
 * refusal, since it may not even parse there.
 */

import './node-floor.js';

const { runProgram } = await import('./cli/run-command.ts');
process.exitCode = await runProgram(process.argv.slice(2));
