import { expect, test } from 'vitest';
import type { Command, Io } from './command.ts';
import { commands, runCommand } from './run-command.ts';
import type { CommandTable } from './run-command.ts';

const loaded: string[] = [];

function fake(name: string): () => Promise<{ command: Command }> {
  const command: Command = {
    name,
    summary: `Do ${name}`,
    usage: `\nUsage: rootwalk ${name} [--fast]\n`,
    run: async (args, io) => {
      io.stdout(`${name} ran with ${JSON.stringify(args)}`);
      return 7;
    },
  };
  return async () => {
    loaded.push(name);
    return { command };
  };
}

const table: CommandTable = { start: fake('start'), query: fake('query') };

async function call(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  loaded.length = 0;
  const io: Io = {
    stdout: (text) => void (out += text),
    stderr: (text) => void (err += text),
    drained: async () => {},
    env: {},
    isTerminal: false,
  };
  const code = await runCommand(args, table, io);
  return { code, out, err };
}

test('a command gets its arguments, and its exit code is that of the program', async () => {
  expect(await call('query', 'www.example', 'AAAA')).toEqual({
    code: 7,
    out: 'query ran with ["www.example","AAAA"]',
    err: '',
  });
});

test('only the command that is called is loaded', async () => {
  await call('query');
  expect(loaded).toEqual(['query']);
  await call('version');
  expect(loaded).toEqual([]);
});

test.each([
  ['strat', 'rootwalk: there is no command "strat"; did you mean start?\n'],
  ['querry', 'rootwalk: there is no command "querry"; did you mean query?\n'],
  ['elephant', 'rootwalk: there is no command "elephant"; see `rootwalk help`\n'],
  ['__proto__', 'rootwalk: there is no command "__proto__"; see `rootwalk help`\n'],
])('%s is no command', async (word, err) => {
  expect(await call(word)).toEqual({ code: 2, out: '', err });
  expect(await call('help', word)).toEqual({ code: 2, out: '', err });
});

test.each([
  ['query', '--help'],
  ['query', 'www.example', '-h'],
  ['help', 'query'],
])('%s %s prints the usage of the command', async (...args) => {
  expect(await call(...args)).toEqual({ code: 0, out: 'Do query\n\nUsage: rootwalk query [--fast]\n', err: '' });
});

test('--help behind -- is an argument like any other', async () => {
  expect((await call('query', '--', '--help')).out).toBe('query ran with ["--","--help"]');
});

test.each([[], ['help'], ['--help'], ['help', 'version']])('%j lists all commands', async (...args: string[]) => {
  const { code, out } = await call(...args);
  expect(code).toBe(0);
  for (const line of ['  start    Do start', '  query    Do query', '  version  Print the version']) {
    expect(out.split('\n')).toContain(line);
  }
});

test.each(['version', '--version', '-V'])('%s prints the version', async (word) => {
  const { code, out } = await call(word);
  expect(code).toBe(0);
  expect(out).toMatch(/^rootwalk \d+\.\d+\.\d+ \(Node \d+\.\d+\.\d+\)\n$/);
});

test.each(['check-config', 'config-schema', 'query', 'log', 'cache', 'health'])(
  '%s stands in the file of its name',
  async (name) => {
    expect((await commands[name]()).command).toMatchObject({ name });
  },
);
