/** `dig` of BIND, the tool that people will hold against us. */

import { execFile, spawnSync } from 'node:child_process';

const PROGRAM = '/usr/bin/dig';

/** Why it cannot be used here, or undefined. */
export const digIsMissing: string | undefined =
  spawnSync(PROGRAM, ['-v']).error === undefined ? undefined : `${PROGRAM} is not installed`;

/** What it prints, errors included; one try of one second unless told otherwise. */
export function dig(at: { readonly address: string; readonly port: number }, ...words: string[]): Promise<string> {
  const args = [`@${at.address}`, '-p', String(at.port), '+time=1', '+tries=1', '+norecurse', ...words];
  return new Promise((resolve) => {
    execFile(PROGRAM, args, { env: { ...process.env, HOME: '/nonexistent' } }, (_, stdout, stderr) =>
      resolve(stdout + stderr),
    );
  });
}
