/** Files of the repository's root, held against each other. */

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { packageDirectory } from '../../src/system/package-directory.ts';

const read = (path: string): string => readFileSync(join(packageDirectory, path), 'utf8');

const described = JSON.parse(read('package.json')) as {
  readonly engines: { readonly node: string };
  readonly scripts: Readonly<Record<string, string>>;
  readonly optionalDependencies: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
};

describe('the Node it runs on', () => {
  const floor = /const floor = \[(\d+), (\d+)\]/.exec(read('src/node-floor.js'));

  test('the floor that is refused below is the one of package.json', () => {
    expect(described.engines.node).toBe(`>=${floor?.[1]}.${floor?.[2]}`);
  });

  test('it is pinned to one exact version for every platform', () => {
    const versions = new Set(Object.values(described.optionalDependencies));
    expect([...versions]).toEqual([expect.stringMatching(/^\d+\.\d+\.\d+$/)]);
  });

  test('the tests run on the pinned one', () => {
    expect(Object.values(described.optionalDependencies)).toContain(process.versions.node);
  });

  test.each(['start', 'demo', 'rootwalk'])('npm run %s refuses an old Node before it reads the sources', (script) => {
    expect(described.scripts[script]).toMatch(/^node --import \.\/src\/node-floor\.js src\/main\.ts/);
  });
});

test('every dependency is pinned to one version, and the lock file agrees', () => {
  const lock = JSON.parse(read('package-lock.json')) as { readonly packages: { readonly '': unknown } };
  const { dependencies, devDependencies, optionalDependencies } = described;
  for (const version of Object.values({ ...dependencies, ...devDependencies, ...optionalDependencies })) {
    expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  }
  expect(lock.packages['']).toMatchObject({ dependencies, devDependencies, optionalDependencies });
});

describe('Dockerfile', () => {
  const instructions = read('Dockerfile')
    .replaceAll(/\\\n\s*/g, ' ')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => ({ word: line.split(' ')[0], rest: line.slice(line.indexOf(' ') + 1) }));
  const of = (word: string): string[] => instructions.filter((one) => one.word === word).map(({ rest }) => rest);
  const lastStage = instructions.slice(instructions.findLastIndex(({ word }) => word === 'FROM'));

  test('every instruction is one that Docker knows', () => {
    const known = [
      'FROM',
      'WORKDIR',
      'COPY',
      'RUN',
      'USER',
      'ENV',
      'VOLUME',
      'EXPOSE',
      'HEALTHCHECK',
      'ENTRYPOINT',
      'CMD',
      'STOPSIGNAL',
      'LABEL',
    ];
    expect(instructions.map(({ word }) => word).filter((word) => !known.includes(word))).toEqual([]);
  });

  test('it is built by the Node major that the package pins, and runs by the same', () => {
    const major = Object.values(described.optionalDependencies)[0].split('.')[0];
    expect(of('FROM')[0]).toBe(`node:${major}-bookworm-slim AS build`);
    expect(lastStage.map(({ rest }) => rest)).toContain('--from=build /usr/local/bin/node /usr/local/bin/node');
  });

  test('the Debian that it runs on is the one whose libraries it was built with', () => {
    for (const from of of('FROM')) expect(from).toContain('bookworm-slim');
  });

  test('what is copied exists in the repository, or in an earlier stage', () => {
    const stages = of('FROM').map((from) => / AS (\w+)$/.exec(from)?.[1]);
    for (const copy of of('COPY')) {
      const words = copy.split(/\s+/);
      const from = words.find((word) => word.startsWith('--from='))?.slice('--from='.length);
      if (from !== undefined) expect(stages).toContain(from);
      const sources = words.filter((word) => !word.startsWith('--')).slice(0, -1);
      for (const source of from === undefined ? sources : []) {
        expect(existsSync(join(packageDirectory, source)), `COPY ${source}`).toBe(true);
      }
    }
  });

  test('what is copied is not kept out by .dockerignore', () => {
    const ignored = read('.dockerignore')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    expect(ignored[0], 'everything is out but what is named').toBe('*');
    const kept = ignored.slice(1).map((line) => line.replace(/^!/, ''));
    const sources = of('COPY')
      .filter((copy) => !copy.includes('--from='))
      .flatMap((copy) =>
        copy
          .split(/\s+/)
          .filter((word) => !word.startsWith('--'))
          .slice(0, -1),
      );
    for (const source of sources) expect(kept).toContain(source);
  });

  test('it ends as an ordinary user', () => {
    const users = lastStage.filter(({ word }) => word === 'USER').map(({ rest }) => rest);
    expect(users.at(-1)).toMatch(/^(?!(root|0)$)\w+$/);
    const start = lastStage.findIndex(({ word }) => word === 'ENTRYPOINT');
    expect(lastStage.findLastIndex(({ word }) => word === 'USER')).toBeLessThan(start);
  });

  test('its health is what the daemon itself says', () => {
    expect(of('HEALTHCHECK')).toHaveLength(1);
    expect(of('HEALTHCHECK')[0]).toMatch(/CMD \["rootwalk", "health"\]|CMD \[.*"health"/);
  });

  test('configuration and data are volumes', () => {
    expect(of('VOLUME').join(' ')).toMatch(/\/etc\/rootwalk.*\/var\/lib\/rootwalk/);
  });
});

describe('compose.yaml', () => {
  const { services } = parse(read('compose.yaml')) as {
    readonly services: { readonly rootwalk: Readonly<Record<string, unknown>> };
  };

  test('the container may do one thing beyond an ordinary user: bind port 53', () => {
    expect(services.rootwalk).toMatchObject({ cap_drop: ['ALL'], cap_add: ['NET_BIND_SERVICE'], read_only: true });
    expect(services.rootwalk).not.toHaveProperty('privileged');
  });

  test('the configuration that it mounts is one of the examples', () => {
    const mounts = services.rootwalk['volumes'] as string[];
    const [file] = mounts.map((mount) => mount.split(':')).find(([, to]) => to === '/etc/rootwalk/rootwalk.yaml') ?? [];
    expect(existsSync(join(packageDirectory, file))).toBe(true);
  });
});

describe('packaging/rootwalk.service', () => {
  const lines = read('packaging/rootwalk.service').split('\n');

  test.each([
    'AmbientCapabilities=CAP_NET_BIND_SERVICE',
    'CapabilityBoundingSet=CAP_NET_BIND_SERVICE',
    'NoNewPrivileges=yes',
    'ProtectSystem=strict',
    'SystemCallFilter=@system-service',
    'Restart=on-failure',
  ])('says %s', (line) => {
    expect(lines).toContain(line);
  });

  test('does not forbid what V8 needs', () => {
    expect(lines.filter((line) => line.startsWith('MemoryDenyWriteExecute'))).toEqual([]);
  });
});

test('.ci/run calls the test command of the README, and is free of what shellcheck finds', () => {
  expect(read('.ci/run')).toMatch(/^ROOTWALK_TEST_REPORT="\$report" npm test /m);
  const found = spawnSync('shellcheck', ['.ci/run', '.ci/nightly'], { cwd: packageDirectory, encoding: 'utf8' });
  // Where shellcheck is not installed there is no verdict; .ci/run installs it.
  if (found.error === undefined) expect(found.stdout).toBe('');
});
