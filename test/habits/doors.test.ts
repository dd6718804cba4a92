/** Time, chance and the network come in by one door each, and so does the library that may not meet hostile octets. */

import { describe, expect, test } from 'vitest';
import { roomOf, sourceFiles, withoutComments } from './source-files.ts';

const product = sourceFiles('src').filter(({ isTest }) => !isTest);

/** Where a pattern stands in the code of files outside the rooms that may have it, as `path: line`. */
function strays(pattern: RegExp, rooms: readonly string[]): string[] {
  return product
    .filter(({ path }) => !rooms.includes(roomOf(path)))
    .flatMap(({ path, text }) =>
      withoutComments(text)
        .split('\n')
        .filter((line) => pattern.test(line))
        .map((line) => `${path}: ${line.trim()}`),
    );
}

function importers(target: string): string[] {
  return product.filter(({ imports }) => imports.includes(target)).map(({ path }) => path);
}

describe('time and chance', () => {
  test.each([
    ['timers', /(?<![.\w])set(Timeout|Interval)\(|from 'node:timers/],
    ['the wall clock', /\bDate\.now\(|\bnew Date\(\)/],
    ['the monotonic clock', /\bperformance\.now\(|\bhrtime\b/],
    ['random octets', /\brandom(Fill|FillSync|Bytes|Int|UUID)\(/],
  ])('%s are asked for in system alone', (_, pattern) => {
    expect(strays(pattern, ['system'])).toEqual([]);
  });

  test('Math.random, which can be foretold, stands nowhere', () => {
    expect(strays(/\bMath\.random\b/, [])).toEqual([]);
  });
});

describe('the network', () => {
  /** Rooms that open sockets: towards clients, towards servers, of the lab, of the control socket and its callers. */
  const withSockets = ['listen', 'exchange', 'lab', 'daemon', 'cli'];

  test.each(['node:dgram', 'node:tls', 'node:http', 'node:https', 'node:http2'])(
    '%s is imported behind the doors',
    (module) => {
      expect(importers(module).filter((path) => !withSockets.includes(roomOf(path)))).toEqual([]);
    },
  );

  test('of node:net, other rooms take only what looks at addresses', () => {
    const lines = strays(/from 'node:net'/, withSockets);
    expect(lines.filter((line) => !/: import \{ (isIP|isIPv4|isIPv6|, )+ \} from/.test(line))).toEqual([]);
  });

  test.each(['node:dns', 'node:dns/promises'])('%s, which would ask ourselves, is imported nowhere', (module) => {
    expect(importers(module)).toEqual([]);
  });

  test('nothing is fetched', () => {
    expect(strays(/(?<![.\w])fetch\(/, [])).toEqual([]);
  });
});

test('dns-packet, which dies of hostile octets, is imported only where our own daemon is looked at from outside', () => {
  expect(importers('dns-packet')).toEqual(['src/cli/health.ts']);
});

test('nothing writes to the console: rooms report events, commands write through Io', () => {
  expect(strays(/(?<![.\w])console\./, [])).toEqual([]);
});
