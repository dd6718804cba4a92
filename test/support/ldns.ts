/** ldns of NLnet Labs: somebody else's signer, to have our validator read what it was not written beside. */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Why it cannot be used here, or undefined. */
export const ldnsIsMissing: string | undefined =
  spawnSync('ldns-signzone', ['-v']).error === undefined ? undefined : 'ldns-signzone is not installed';

export type LdnsSigning = {
  /** `ED25519`, … as `ldns-keygen -a list` has them. */
  readonly algorithm: string;
  /** Further words for ldns-signzone: `-n` for NSEC3, `-p` for opt-out, … */
  readonly options?: readonly string[];
};

/** The signed zone, and the DS records for its parent, as master files. */
export function signWithLdns(zone: string, text: string, { algorithm, options = [] }: LdnsSigning): [string, string] {
  const directory = mkdtempSync(join(tmpdir(), 'rootwalk-ldns-'));
  try {
    writeFileSync(join(directory, 'zone'), text);
    const keygen = ['-a', algorithm, ...(algorithm.startsWith('RSA') ? ['-b', '1024'] : [])];
    const ksk = run(directory, 'ldns-keygen', [...keygen, '-k', zone]).trim();
    const zsk = run(directory, 'ldns-keygen', [...keygen, zone]).trim();
    run(directory, 'ldns-signzone', [...options, '-o', zone, '-f', 'signed', 'zone', ksk, zsk]);
    const read = (file: string): string => readFileSync(join(directory, file), 'utf8');
    return [read('signed'), read(`${ksk}.ds`)];
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** What ldns-verify-zone says of a signed zone, as if it were `at`. */
export function verifyWithLdns(text: string, at: Date): string {
  const directory = mkdtempSync(join(tmpdir(), 'rootwalk-ldns-'));
  try {
    writeFileSync(join(directory, 'zone'), text);
    const time = at.toISOString().replaceAll(/[-T:]/g, '').slice(0, 14);
    const { stdout, stderr } = spawnSync('ldns-verify-zone', ['-t', time, 'zone'], {
      cwd: directory,
      encoding: 'utf8',
    });
    return stdout + stderr;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function run(directory: string, program: string, words: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(program, words, { cwd: directory, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ended with ${status}: ${stderr}`);
  return stdout;
}
