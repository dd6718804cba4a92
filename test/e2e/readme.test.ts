/**
 * The README is true: its screens have the shape of what the program prints, its links and files exist, its npm scripts
 * and commands are there. What differs from run to run (times, which of several servers was asked, keys) is not
 * compared.
 */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { command as log } from '../../src/cli/log.ts';
import { command as query } from '../../src/cli/query.ts';
import { commands } from '../../src/cli/run-command.ts';
import { packageDirectory } from '../../src/system/package-directory.ts';
import type { Child } from '../support/child.ts';
import { startProgram } from '../support/daemon.ts';
import { freePort } from '../support/free-port.ts';
import { queryFor } from '../support/messages.ts';
import { exchangeOverUdp } from '../support/plain-exchange.ts';
import { callCommand } from '../support/recorded-io.ts';

const readme = readFileSync(join(packageDirectory, 'README.md'), 'utf8');

/** The block of text behind `<!-- screen: title -->`. */
function screen(title: string): string {
  const found = new RegExp(`<!-- screen: ${title} -->\n\n\`\`\`\n([^]*?)\`\`\``).exec(readme);
  if (found === null) throw new TypeError(`the README has no screen ${title}`);
  return found[1];
}

function shape(text: string): string[] {
  return text
    .trim()
    .split('\n')
    .filter((line) => !/→ (cancelled|timeout)/.test(line)) // a slow machine: another server was asked as well
    .map((line) =>
      line
        .replaceAll(/[├└]─ /g, '- ')
        .replaceAll('│', ' ')
        .replaceAll(/\b\d+(\.\d+)? (ms|s)\b/g, 'TIME')
        .replaceAll(/\b\d+ exchanges?\b/g, 'N exchanges')
        .replaceAll(/\d{4}-\d\d-\d\d[ T][\d:.]+Z?/g, 'DATE')
        .replaceAll(/\bkey \d+/g, 'key TAG')
        .replaceAll(/\bns[12](\.[\w.]+) \([\d.]+\)/g, 'ns$1 (ADDRESS)')
        .replaceAll(/\b[abc](\.(?:root|gtld)-servers\.net\.) \([\d.]+\)/g, '$1 (ADDRESS)')
        .trimEnd(),
    );
}

describe('the screens', () => {
  let demo: Child;
  let port: number;
  let directory: string;
  beforeAll(async () => {
    port = await freePort('127.0.0.1');
    demo = startProgram(['demo', '--port', String(port), '--server-port', String(await freePort('127.53.0.1'))]);
    [, directory] = await demo.says(/--directory (\S+)\/log\n[^]*Ctrl-C ends it/, 25_000);
  });
  afterAll(() => demo.kill());

  test('demo', () => {
    const [first] = demo.out().trim().split('\n\n# ');
    expect(shape(first)).toEqual(shape(screen('demo')));
  });

  test('query --explain', async () => {
    const socket = ['--socket', join(directory, 'control.sock')];
    const { out } = await callCommand(query, ['www.expired.example.com', '--explain', ...socket]);
    expect(shape(out)).toEqual(shape(screen('query www.expired.example.com --explain')));
  });

  test('log', async () => {
    for (const qname of ['www.example.com.', 'www.broken.example.com.', 'nothing.example.com.']) {
      await exchangeOverUdp({ address: '127.0.0.1', port }, queryFor(`${qname} A`, { flags: 0x0100 }), 10_000);
    }
    const read = async (): Promise<string[]> => {
      const args = ['--directory', join(directory, 'log')];
      const { out } = await callCommand(log, args, { isTerminal: true, env: { NO_COLOR: '1' } });
      return sameOrder(shape(out));
    };
    await expect.poll(read, { timeout: 5000 }).toEqual(sameOrder(shape(screen('log'))));
  });

  test('Ctrl-C ends the demo, and nothing of it stays', async () => {
    demo.process.kill('SIGINT');
    expect(await demo.ended).toBe(0);
    expect(existsSync(directory)).toBe(false);
  });
});

/** Addresses rotate, and servers are asked in any order. */
function sameOrder(lines: readonly string[]): string[] {
  return lines.map((line) =>
    line
      .split(/, | (?=203)|: (?=ns)/)
      .toSorted()
      .join(', '),
  );
}

test('every file and page that it names exists', () => {
  const linked = [...readme.matchAll(/\]\(([^)]+)\)/g)].map(([, target]) => target);
  const named = [...readme.matchAll(/\b(?:config|packaging|docs)\/[\w.-]+\w/g)].map(([path]) => path);
  expect(linked.length).toBeGreaterThan(5);
  for (const path of [...linked, ...named]) expect(existsSync(join(packageDirectory, path)), path).toBe(true);
});

test('every npm script and every command that it names is there', () => {
  const { scripts } = JSON.parse(readFileSync(join(packageDirectory, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  const called = [...readme.matchAll(/npm run (?:-s )?([\w:]+)/g)].map(([, script]) => script);
  for (const script of called) expect(Object.keys(scripts)).toContain(script);
  const words = [...readme.matchAll(/(?<!\w\s)\brootwalk (?:-- )?([a-z][a-z-]+)(?= --| [A-Z]|`)/g)].map(
    ([, word]) => word,
  );
  expect(words).toContain('check-config');
  for (const word of words) expect(Object.keys(commands)).toContain(word);
});
