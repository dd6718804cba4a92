/**
 * F7: text that people and programs give us: a hosts file of one line of 100 MiB, lines that make a regular expression
 * go back and forth, zone text that names other files ($INCLUDE) or multiplies itself ($GENERATE).
 *
 * A file above 64 MiB is not read (system/file-watch.ts), a line above 64 Ki characters is left out with its number
 * (local/hosts-file.ts), and text is taken apart character by character or by expressions without choices inside
 * repetitions, so the work is linear; bench/hostile.ts has the time. $INCLUDE and $GENERATE are refused
 * (dns/zone-text.ts).
 */

import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseName } from '../../src/dns/name.ts';
import { parseZoneText } from '../../src/dns/zone-text.ts';
import { parseHostsFile } from '../../src/local/hosts-file.ts';
import { createHostsWatcher, type HostsEvent } from '../../src/local/hosts-watcher.ts';
import { systemFiles } from '../../src/system/file-watch.ts';
import { createHandClock } from '../support/hand-clock.ts';
import { recordFigure } from './figures.ts';

const MIB = 2 ** 20;
let directory: string;
beforeAll(() => void (directory = mkdtempSync(join(tmpdir(), 'rootwalk-f07-'))));
afterAll(() => rmSync(directory, { recursive: true }));

async function read(path: string): Promise<{ events: HostsEvent[]; names: number }> {
  const events: HostsEvent[] = [];
  const report = (event: HostsEvent): void => void events.push(event);
  const watcher = createHostsWatcher([path], { clock: createHandClock(), files: systemFiles, report });
  await watcher.start();
  watcher.stop();
  const taken = events.find((event) => event.kind === 'hosts-file-read');
  return { events, names: taken?.entries ?? 0 };
}

test('a hosts file of 100 MiB is not read, and the reason told', async () => {
  const path = join(directory, 'huge');
  const file = openSync(path, 'w');
  ftruncateSync(file, 100 * MIB);
  closeSync(file);
  const { events, names } = await read(path);
  expect(events).toEqual([{ kind: 'hosts-file-unreadable', path, why: expect.stringContaining('larger than') }]);
  recordFigure('F7', 'entries of a hosts file of 100 MiB', names, 0);
});

test('a hosts file of one line of 8 MiB gives its number and its reason, and no names', async () => {
  const path = join(directory, 'line');
  writeFileSync(path, `192.0.2.1${' a'.repeat(4 * MIB)}\n192.0.2.2 sound.example\n`);
  const { events, names } = await read(path);
  expect(events).toContainEqual(
    expect.objectContaining({
      kind: 'hosts-file-problems',
      problems: [{ line: 1, why: expect.stringContaining('longer') }],
    }),
  );
  recordFigure('F7', 'entries beside a line of 8 MiB', names, { exactly: 1 });
});

test('100,000 lines are all read, and of 100,000 bad ones the first 20 are told', () => {
  const good = Array.from({ length: 100_000 }, (_, i) => `192.0.2.${i % 256} h${i}.example`).join('\n');
  recordFigure('F7', 'entries of 100,000 lines', parseHostsFile(good).entries.length, { exactly: 100_000 });
  const { problems, problemCount } = parseHostsFile('nonsense\n'.repeat(100_000));
  recordFigure('F7', 'problems kept of 100,000', problems.length, 20);
  expect(problemCount).toBe(100_000);
});

describe('text that would make an expression go back and forth', () => {
  const long = 60_000;
  test.each<[string, string]>([
    ['letters and one that no name has', `${'a'.repeat(long)}!`],
    ['dots', '.'.repeat(long)],
    ['hyphens and dots by turns', '-.'.repeat(long / 2)],
    ['backslashes', '\\'.repeat(long)],
    ['quotes', '"'.repeat(long)],
    ['escapes', '\\000'.repeat(long / 4)],
    ['blanks', ' '.repeat(long)],
    ['digits', '1'.repeat(long)],
    ['opening brackets', '('.repeat(long)],
    ['NUL', '\0'.repeat(long)],
    ['letters outside ASCII', 'ß'.repeat(long)],
  ])('is refused as a name, a hosts line and zone text: %s', (_, text) => {
    expect(parseName(text)).toMatchObject({ why: expect.any(String) });
    expect(parseHostsFile(`192.0.2.1 ${text}`).entries).toEqual([]);
    expect(parseZoneText(`${text} A 192.0.2.1`).records).toEqual([]);
  });
});

test.each([
  ['$INCLUDE /etc/passwd', '$INCLUDE is not read'],
  ['$include /etc/passwd', '$INCLUDE is not read'],
  ['$GENERATE 1-4294967295 h$ A 192.0.2.1', '$GENERATE is not a directive'],
])('%s is refused with its line', (line, why) => {
  const { records, problems } = parseZoneText(`\n${line}\n`, { defaultTtl: 60 });
  recordFigure('F7', `records of ${line}`, records.length, 0);
  expect(problems).toEqual([{ line: 2, why: expect.stringContaining(why) }]);
});
