import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { describeKeys } from '../../src/config/describe.ts';
import { checkConfig, loadConfig } from '../../src/config/load.ts';
import { formatProblems } from '../../src/config/problems.ts';
import { defaultConfig } from '../../src/config/settle.ts';
import { packageDirectory } from '../../src/system/package-directory.ts';

const directory = join(packageDirectory, 'config');
const examples = readdirSync(directory).filter((file) => file.endsWith('.yaml'));
const readExample = (file: string): string => readFileSync(join(directory, file), 'utf8');

test('there is an example for each role', () => {
  expect(examples.toSorted()).toEqual(['docker.yaml', 'forwarding.yaml', 'lab.yaml', 'lan.yaml', 'rootwalk.yaml']);
});

test.each(examples)('config/%s loads without a problem or a warning', (file) => {
  const result = loadConfig(join(directory, file));
  expect(formatProblems(result.kind === 'problems' ? result.problems : result.warnings)).toBe('');
});

test.each(examples)('config/%s tells editors its schema', (file) => {
  expect(readExample(file).split('\n')[0]).toBe('# yaml-language-server: $schema=rootwalk.schema.json');
});

test('rootwalk.yaml as it stands is the default configuration', () => {
  expect(loadConfig(join(directory, 'rootwalk.yaml'))).toMatchObject({ kind: 'loaded', config: defaultConfig() });
});

test('rootwalk.yaml with its keys uncommented is the default configuration, too', () => {
  const uncommented = readExample('rootwalk.yaml').replaceAll(/^( *)# (\w+:|\w+: .*| {2}- .*)$/gm, '$1$2');
  const withoutMachine = uncommented.replaceAll(
    /^ *(version|hints|trustAnchors|directory|dataDirectory|controlSocket):$/gm,
    '',
  );
  const result = checkConfig(withoutMachine, join(directory, 'rootwalk.yaml'));
  expect(result).toMatchObject({ kind: 'loaded', config: defaultConfig() });
  const written = parse(uncommented) as object;
  for (const { path } of describeKeys()) {
    // Every key stands in the file: taking the # away found it.
    let here: unknown = written;
    for (const step of path) {
      expect(Object.keys(here as object), path.join('.')).toContain(step);
      here = (here as Record<string, unknown>)[step];
    }
  }
});
