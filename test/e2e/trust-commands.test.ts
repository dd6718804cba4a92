/** `rootwalk nta` and `rootwalk anchors` with the daemon: set, shown, taken back; what is trusted. */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';

import { startDaemon, type RunningDaemon } from '../support/daemon.ts';
import { startLoopbackInternet, type LoopbackInternet } from '../support/loopback-internet.ts';

let daemon: RunningDaemon | undefined;
let internet: LoopbackInternet | undefined;
afterEach(async () => {
  await daemon?.stop();
  await internet?.stop();
  internet = undefined;
});

const config = {
  dnssec: {
    validate: true,
    // Nobody is asked on the way.
    rollover: false,
    negativeTrustAnchors: [{ zone: 'old.example', reason: 'never mended', until: '2100-01-01' }],
  },
  roots: { prime: false },
};

test('a negative trust anchor is set, shown and taken back', async () => {
  daemon = await startDaemon({ config });
  const file = join(daemon.directory, 'data', 'negative-trust-anchors.json');

  const added = await daemon.call('nta', 'add', 'broken.example', '--reason', 'stale DS', '--for', '2h');
  expect(added).toMatchObject({ code: 0, err: '' });
  expect(added.out).toMatch(/^broken\.example\. is not validated until \d{4}-\d\d-\d\dT[\d:]+Z; \d+ cached entr/);
  expect(readFileSync(file, 'utf8')).toContain('"stale DS"');

  const listed = await daemon.call('nta', 'list');
  expect(listed.out.split('\n')).toEqual([
    'old.example. until 2100-01-01T00:00:00Z: never mended (configuration)',
    expect.stringMatching(/^broken\.example\. until 2.*Z: stale DS$/),
    '',
  ]);
  const [, json] = (await daemon.call('nta', 'list', '--json')).out.split('\n');
  expect(JSON.parse(json)).toMatchObject({ zone: 'broken.example.', reason: 'stale DS', from: 'command' });

  const tooLong = await daemon.call('nta', 'add', 'broken.example', '--reason', 'stale DS', '--for', '8d');
  expect(tooLong).toMatchObject({ code: 1, out: '', err: expect.stringContaining('a week at most') as string });
  expect(await daemon.call('nta', 'add', 'broken.example')).toMatchObject({ code: 2 });

  expect((await daemon.call('nta', 'remove', 'broken.example')).out).toMatch(/^broken\.example\. is validated again/);
  expect(await daemon.call('nta', 'remove', 'broken.example')).toMatchObject({ code: 1 });
  expect(existsSync(file)).toBe(true);
});

test('the trust anchors are shown', async () => {
  daemon = await startDaemon({ config });
  const shown = await daemon.call('anchors');
  expect(shown).toMatchObject({ code: 0, err: '' });
  expect(shown.out.split('\n')).toContain('. 20326 RSASHA256 configured');
  const [first] = (await daemon.call('anchors', '--json')).out.split('\n');
  expect(JSON.parse(first)).toMatchObject({ zone: '.', algorithm: 'RSASHA256', state: 'configured' });
});

test('the keys of a signed root are seen, kept, and validated by', async () => {
  internet = await startLoopbackInternet({
    zones: {
      '.': { at: '127.53.90.1', signed: true },
      'example.': { at: '127.53.90.2', records: 'www 300 A 203.0.113.7', signed: true },
    },
  });
  const { trustAnchors } = internet;
  daemon = await startDaemon({ config: { ...internet.config, dnssec: { validate: true, trustAnchors } } });
  await expect
    .poll(async () => (await daemon!.call('anchors')).out, { timeout: 10_000 })
    .toMatch(/^\. \d+ \S+ valid since/);

  const query = await daemon.call('query', 'www.example', 'A', '--json');
  expect(JSON.parse(query.out)).toMatchObject({ rcode: 0, errors: [] });
  expect(readFileSync(join(daemon.directory, 'data', 'anchors.json'), 'utf8')).toContain('"state": "valid"');
});
