import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { command as checkConfig } from './check-config.ts';
import type { Command, Io } from './command.ts';
import { command as configSchema } from './config-schema.ts';

const directory = mkdtempSync(join(tmpdir(), 'rootwalk-check-config-'));
afterAll(() => rmSync(directory, { recursive: true }));
const file = join(directory, 'rootwalk.yaml');

async function call(command: Command, ...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const io = { stdout: (text: string) => void (out += text), stderr: (text: string) => void (err += text) } as Io;
  return { code: await command.run(args, io), out, err };
}

test('a sound file is said to be so', async () => {
  writeFileSync(file, 'cache: {maxTtl: 60}\n');
  expect(await call(checkConfig, file)).toEqual({ code: 0, out: `${file} is sound\n`, err: '' });
});

test('a bad file exits with 1 and names the place and the right key', async () => {
  writeFileSync(file, '# ours\ncache:\n  maxTtls: 60\n');
  expect(await call(checkConfig, file)).toEqual({
    code: 1,
    out: '',
    err: `${file}:3:3: cache.maxTtls: there is no such key\n    did you mean maxTtl?\n`,
  });
});

test('a warning does not stop a start', async () => {
  writeFileSync(file, 'web: {enabled: true}\n');
  const { code, err } = await call(checkConfig, file);
  expect(code).toBe(0);
  expect(err).toBe(`Warnings:\n${file}:1:16: web.enabled: there is no status page yet\n`);
});

test('without a file the call is wrong', async () => {
  expect(await call(checkConfig)).toMatchObject({ code: 2, out: '' });
});

test('the JSON Schema names every section and refuses unknown keys', async () => {
  const { code, out } = await call(configSchema);
  expect(code).toBe(0);
  const schema: unknown = JSON.parse(out);
  expect(schema).toMatchObject({
    additionalProperties: false,
    properties: { iteration: { properties: { budget: { properties: { exchanges: { default: 50 } } } } } },
  });
});
