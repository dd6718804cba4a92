/**
 * Gives up root once the ports are bound, before any octet from the network is read by root for long.
 *
 * Group before user, and then a look whether it holds: a process that could become root again has given up nothing.
 */

import { chownSync, readFileSync, statSync } from 'node:fs';

export type DropResult =
  | { readonly kind: 'dropped'; readonly user: string; readonly uid: number; readonly gid: number }
  /** Not root, or told to stay it. */
  | { readonly kind: 'kept' }
  | { readonly kind: 'failed'; readonly why: string };

export type Account = { readonly uid: number; readonly gid: number };

/** The account by name or number; undefined when the system knows none. */
export function findAccount(user: string, passwd = readFileSync('/etc/passwd', 'utf8')): Account | undefined {
  for (const line of passwd.split('\n')) {
    const [name, , uid, gid] = line.split(':');
    if (name === user || uid === user) return { uid: Number(uid), gid: Number(gid) };
  }
  return /^[0-9]+$/.test(user) ? { uid: Number(user), gid: Number(user) } : undefined;
}

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** Lets the account own a directory of ours that root has made; what belongs to somebody else stays theirs. */
export function handOver(path: string, { uid, gid }: Account): void {
  if (statSync(path).uid === 0) chownSync(path, uid, gid);
}

export function dropPrivileges(user: string): DropResult {
  if (!isRoot() || user === '' || user === 'root' || user === '0') return { kind: 'kept' };
  const account = findAccount(user);
  if (account === undefined) return { kind: 'failed', why: `there is no user ${user} (key \`user\`)` };
  try {
    process.setgroups?.([account.gid]);
    process.setgid?.(account.gid);
    process.setuid?.(account.uid);
  } catch (error) {
    return {
      kind: 'failed',
      why: `cannot become user ${user}: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
  return canBecomeRoot()
    ? { kind: 'failed', why: `could become root again after becoming ${user}` }
    : { kind: 'dropped', user, ...account };
}

function canBecomeRoot(): boolean {
  if (isRoot()) return true;
  try {
    process.setuid?.(0);
  } catch {
    return false;
  }
  return true;
}
