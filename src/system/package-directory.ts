/**
 * Where the files stand that come with the program (root hints, examples), and which version it is. The same place is
 * found from the sources and from `dist/`: the nearest directory above with a package.json.
 */

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export const packageDirectory: string = nearestPackage(import.meta.dirname);

export const packageVersion: string = readVersion();

function nearestPackage(from: string): string {
  if (existsSync(join(from, 'package.json'))) return from;
  const above = dirname(from);
  if (above === from) throw new Error('rootwalk was installed without its package.json');
  return nearestPackage(above);
}

function readVersion(): string {
  const described: unknown = JSON.parse(readFileSync(join(packageDirectory, 'package.json'), 'utf8'));
  const isDescribed = typeof described === 'object' && described !== null && 'version' in described;
  return isDescribed ? String(described.version) : 'unknown';
}
