/**
 * Zones that the lab has signed, given to other people's tools: ldns-verify-zone reads them whole, and delv of BIND
 * validates answers of a lab server from the trust anchor down.
 */

import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { name } from '../../src/dns/name.ts';
import { planInternet, type Internet, type InternetPlan } from '../../src/lab/internet.ts';
import { createLabServer } from '../../src/lab/lab-server.ts';
import { createLoopbackServer, type LoopbackServer } from '../../src/lab/loopback-server.ts';
import type { Signing } from '../../src/lab/signer.ts';
import { Algorithm } from '../../src/lab/signing-keys.ts';
import { zoneToText } from '../../src/lab/zone-file.ts';
import { systemClock } from '../../src/system/clock.ts';
import { texts } from '../support/every-shape.ts';
import { freePort } from '../support/free-port.ts';
import { ldnsIsMissing, verifyWithLdns } from '../support/ldns.ts';
import { skipped } from '../support/nsd.ts';

const delvIsMissing =
  spawnSync('delv', ['-v']).error === undefined ? undefined : 'delv (bind9-dnsutils) is not installed';

const ways: [string, Signing][] = [
  ['two keys and NSEC', {}],
  ['one key', { keys: 'one' }],
  ['NSEC3', { denial: 'nsec3' }],
  ['NSEC3 with salt and iterations', { denial: 'nsec3', salt: 'c0ffee', iterations: 10 }],
  ['NSEC3 with opt-out', { denial: 'nsec3', optOut: true }],
  ['DS by SHA-384', { digests: [4] }],
  ...Object.entries(Algorithm)
    .filter(([, algorithm]) => algorithm !== Algorithm.ECDSAP256SHA256)
    .map(([mnemonic, algorithm]): [string, Signing] => [
      mnemonic,
      { algorithm, denial: algorithm === 7 ? 'nsec3' : 'nsec' },
    ]),
];

function plan(signing: Signing): InternetPlan {
  return {
    zones: {
      '.': { at: '198.51.100.1', signed: true },
      'example.': { at: '192.0.2.1', signed: signing, records: texts['example.'] },
      'child.example.': { at: '192.0.2.2', signed: signing, records: 'www A 203.0.113.7' },
      'open.example.': { at: '192.0.2.3', records: 'www A 203.0.113.8' },
    },
  };
}

describe.skipIf(ldnsIsMissing !== undefined)(
  `ldns-verify-zone finds the zone complete${skipped(ldnsIsMissing)}`,
  () => {
    test.each(ways)('%s', (_, signing) => {
      const { zones } = planInternet(plan(signing));
      const newYear = new Date(Date.UTC(2026, 0, 1));
      for (const apex of ['.', 'example.', 'child.example.']) {
        expect(verifyWithLdns(zoneToText(zones.get(name(apex))!), newYear)).toBe('Zone is verified and complete\n');
      }
    });
  },
);

describe.skipIf(delvIsMissing !== undefined)(`delv validates${skipped(delvIsMissing)}`, () => {
  describe.each(ways)('%s', (way, signing) => {
    let tool: ForDelv;
    beforeAll(async () => {
      tool = await startForDelv(planInternet(plan(signing), systemClock));
    });
    afterAll(() => tool.stop());

    const questions = withEveryQuestion.has(way) ? [...few, ...more] : few;
    test.each(questions)('%s: %s', async (question, expected) => {
      const under = signing.optOut === true ? underOptOut[question] : undefined;
      const said = (await tool.delv(question)).split('\n').find((line) => line.startsWith('; '));
      expect(said).toBe(`; ${under ?? expected}`);
    });
  });
});

/** It takes a while to start, so not every key gets every question. */
const withEveryQuestion = new Set(['two keys and NSEC', 'NSEC3 with salt and iterations', 'NSEC3 with opt-out']);
const few = [
  ['www.child.example. A', 'fully validated'],
  ['www.example. TXT', 'negative response, fully validated'],
];
const more = [
  ['example. SOA', 'fully validated'],
  ['example. DNSKEY', 'fully validated'],
  ['a.wild.example. TXT', 'fully validated'],
  ['alias.example. A', 'fully validated'],
  ['a.old.example. A', 'fully validated'],
  ['child.example. DS', 'fully validated'],
  ['www.open.example. A', 'unsigned answer'],
  ['empty.example. A', 'negative response, fully validated'],
  ['none.example. A', 'negative response, fully validated'],
  ['open.example. DS', 'negative response, fully validated'],
];
/** An unsigned delegation may stand in the span beside the wildcard. */
const underOptOut: Readonly<Record<string, string>> = { 'a.wild.example. TXT': 'unsigned answer' };

type ForDelv = { delv(question: string): Promise<string>; stop(): Promise<void> };

/** One server for all zones: delv asks it as it would ask a resolver, and takes nothing on trust. */
async function startForDelv({ zones, trustAnchors }: Internet): Promise<ForDelv> {
  const directory = mkdtempSync(join(tmpdir(), 'rootwalk-delv-'));
  const anchors = join(directory, 'anchors');
  const [, , , , ...ds] = trustAnchors.trim().split(' ');
  writeFileSync(anchors, `trust-anchors { . static-ds ${ds.slice(0, 3).join(' ')} "${ds[3]}"; };\n`);
  const server = createLabServer([...zones.values()]);
  const address = '127.0.0.1';
  const port = await freePort(address);
  const loopback: LoopbackServer = createLoopbackServer(
    { address, port, server, latencyMs: 0 },
    { clock: systemClock },
  );
  const started = await loopback.start();
  if (started.kind === 'failed') throw new Error(started.why);
  return {
    async delv(question) {
      const words = [`@${address}`, '-p', String(port), '-a', anchors, '+root=.', ...question.split(' ')];
      const { stdout, stderr } = await promisify(execFile)('delv', words);
      return stderr + stdout;
    },
    async stop() {
      await loopback.stop();
      rmSync(directory, { recursive: true });
    },
  };
}
