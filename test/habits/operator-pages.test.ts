/** The pages for operators name each field, value, code and call that the code has, and no other. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commands } from '../../src/cli/run-command.ts';
import { ErrorCode } from '../../src/dns/extended-error.ts';
import { packageDirectory } from '../../src/system/package-directory.ts';
import { sourceFiles, withoutComments } from './source-files.ts';

const read = (path: string): string => readFileSync(join(packageDirectory, path), 'utf8');

/** First cells of a table's rows, without their back-ticks. */
function firstCells(table: string): string[] {
  return [...table.matchAll(/^\| `?([^`|]+?)`? +\|/gm)].map(([, cell]) => cell).filter((cell) => !/^-+:?$/.test(cell));
}

/** The table of a page whose heading row begins with that. */
function tableOf(page: string, heading: string): string {
  const from = page.split('\n').findIndex((line, i, lines) => {
    return line.startsWith(`| ${heading}`) && lines[i + 1].startsWith('| -');
  });
  if (from < 0) throw new TypeError(`there is no table ${heading}`);
  const rows = page.split('\n').slice(from + 2);
  return rows.slice(0, rows.findIndex((line) => !line.startsWith('|')) >>> 0).join('\n');
}

/** Members of a union of strings, as the source writes it. */
function unionMembers(path: string, type: string): string[] {
  const body = new RegExp(`export type ${type} =([^;]*);`).exec(withoutComments(read(path)))?.[1] ?? '';
  return [...body.matchAll(/\| '([^']+)'/g)].map(([, member]) => member);
}

/** Properties of a type of log-line.ts; those of a type within it as `flags.rd`, of a list as `walk[].zone`. */
function propertiesOf(type: string): string[] {
  const source = withoutComments(read('src/observe/log-line.ts'));
  const [, inOneLine, body = inOneLine] =
    new RegExp(`export type ${type} = \\{(?:(.+) \\}|([^]*?)\\n\\});`).exec(source) ?? [];
  const depthOne = [...body.matchAll(/readonly (\w+)\??: ([^;{]*)(\{[^}]*\})?([^;]*)(?:;|$)/g)];
  return depthOne.flatMap(([, name, before, inner, after]) => {
    const within = inner ?? '';
    const named = /Log(?:Answer|Exchange)/.exec(before)?.[0];
    const list = /\[\]/.test(before + after) ? '[]' : '';
    const parts =
      named === undefined ? [...within.matchAll(/readonly (\w+)/g)].map(([, part]) => part) : propertiesOf(named);
    return parts.length === 0 ? [name] : parts.map((part) => `${name}${list}.${part}`);
  });
}

describe('docs/query-log.md', () => {
  const page = read('docs/query-log.md');

  test('has a row for each field of a line', () => {
    const fields = propertiesOf('LogLine');
    expect(fields).toContain('walk[].result');
    expect(firstCells(tableOf(page, 'Field')).toSorted()).toEqual(['v', ...fields].toSorted());
  });

  test.each([
    ['source', 'src/query/reply.ts', 'Source'],
    ['dropped', 'src/query/client-query.ts', 'DropReason'],
    ['walk[].result', 'src/query/walk-event.ts', 'ExchangeResult'],
  ])('has a row for each value of %s', (field, path, type) => {
    const members = unionMembers(path, type);
    expect(members.length).toBeGreaterThan(3);
    expect(firstCells(tableOf(page, `\`${field}\``)).toSorted()).toEqual(members.toSorted());
  });
});

test('docs/extended-errors.md has a row for each code that is used', () => {
  const used = sourceFiles('src')
    .filter(({ isTest }) => !isTest)
    .flatMap(({ text }) => [...withoutComments(text).matchAll(/\bErrorCode\.([A-Z0-9_]+)/g)].map(([, key]) => key));
  const codes = new Set(used.map((key) => ErrorCode[key as keyof typeof ErrorCode]));
  const rows = firstCells(tableOf(read('docs/extended-errors.md'), 'Code')).map(Number);
  expect(rows).toEqual([...codes].toSorted((a, b) => a - b));
});

describe('docs/commands.md', () => {
  const loaded = Object.entries(commands).map(([name, load]): [string, typeof load] => [name, load]);

  test.each(loaded)('an option that %s reads stands in its usage, and its usage has no other', async (name, load) => {
    const { command } = await load();
    const source = withoutComments(read(`src/cli/${name}.ts`));
    const shared = source.includes('...socketOptions') ? ['socket', 'config'] : [];
    const own = [...source.matchAll(/'?([a-z-]+)'?: \{ type: '(?:string|boolean)'/g)].map(([, option]) => option);
    const shown = [...command.usage.matchAll(/--([a-z][a-z-]*)/g)].map(([, option]) => option);
    expect([...new Set(shown)].toSorted()).toEqual([...new Set([...own, ...shared])].toSorted());
  });
});
