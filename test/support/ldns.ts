/** The signer and the verifier of ldns (Debian package ldnsutils): somebody else's opinion of a signed zone. */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Why it cannot be used here, or undefined. */
export const ldnsIsMissing: string | undefined =
  spawnSync('ldns-signzone', ['-v']).error === undefined ? undefined : 'ldnsutils is not installed';

/** The zone signed with a new key; `options` are those of ldns-signzone. */
export function signWithLdns(apex: string, text: string, options: readonly string[]): string {
  return inDirectory((directory) => {
    writeFileSync(join(directory, 'zone'), text);
    const key = run(directory, 'ldns-keygen', ['-a', 'ECDSAP256SHA256', '-k', apex]).trim();
    run(directory, 'ldns-signzone', [...options, '-f', 'signed', 'zone', key]);
    return readFileSync(join(directory, 'signed'), 'utf8');
  });
}

/** What ldns-verify-zone says of it, as if it were `at`: nothing but the one line where all is well. */
export function verifyWithLdns(text: string, at: Date): string {
  return inDirectory((directory) => {
    writeFileSync(join(directory, 'zone'), text);
    const time = at.toISOString().replaceAll(/[-T:]/g, '').slice(0, 14);
    const { stdout, stderr } = spawnSync('ldns-verify-zone', ['-t', time, join(directory, 'zone')], {
      encoding: 'utf8',
    });
    return stdout + stderr;
  });
}

function run(directory: string, program: string, options: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(program, options, { cwd: directory, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program}: ${stderr}`);
  return stdout;
}

function inDirectory<T>(use: (directory: string) => T): T {
  const directory = mkdtempSync(join(tmpdir(), 'rootwalk-ldns-'));
  try {
    return use(directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
}
