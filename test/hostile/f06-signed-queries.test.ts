/**
 * F6: queries that are signed: TSIG, SIG(0), TKEY (2024, CVE-2024-1975; 2025, CVE-2025-40775; 2026, CVE-2026-3119). A
 * server that checks them spends a public-key operation for each packet of a stranger, and trips over odd ones.
 *
 * We have no keys with clients, so no signature of theirs is looked at: TSIG and SIG(0) are records like any others in
 * the additional section, read over (access/read-query.ts); TKEY and TSIG as types that are asked for are NOTIMP, SIG is
 * a type like any other. Nothing on the way of a client's query computes with keys but our own cookies.
 */

import { expect, test } from 'vitest';
import { queryOctets, u16 } from '../support/client-query.ts';
import { readResponse } from '../support/messages.ts';
import { rawMessage, rawRecord, wwwQuestion } from '../support/raw-message.ts';
import { serveInternet } from '../support/served-internet.ts';
import { sourceFiles } from '../habits/source-files.ts';
import { clientInternet } from './client-internet.ts';
import { recordFigure } from './figures.ts';

const TSIG = 250;
const TKEY = 249;
const SIG = 24;
const tsig = [
  ...Buffer.from('\x08hmac-md5\x07sig-alg\x03reg\x03int\0', 'latin1'),
  0,
  0,
  0x67,
  0xdb,
  0x98,
  0x80,
  1,
  44,
  ...u16(16),
  ...Array<number>(16).fill(7),
  ...u16(0x1234),
  0,
  0,
  0,
  0,
];
const sig0 = [
  0,
  0,
  8,
  0,
  0,
  0,
  0,
  0,
  ...Array<number>(8).fill(0x66),
  ...u16(4711),
  1,
  97,
  0,
  ...Array<number>(256).fill(9),
];

test.each<[string, number, number[]]>([
  ['TSIG', TSIG, tsig],
  ['TSIG of no algorithm', TSIG, [0]],
  ['an empty TSIG', TSIG, []],
  ['SIG(0) of RSA', SIG, sig0],
  ['SIG(0) of an algorithm nobody knows', SIG, sig0.map((octet, i) => (i === 2 ? 200 : octet))],
  ['an empty SIG(0)', SIG, []],
  ['TKEY', TKEY, [...tsig, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0]],
])('a query with %s is answered as one without, unsigned', async (what, type, rdata) => {
  const plain = readResponse(await serveInternet(clientInternet()).ask(queryOctets()));
  const internet = serveInternet(clientInternet());
  const reply = await internet.ask(rawMessage([1, 0, 0, 1], [...wwwQuestion, ...rawRecord([0], type, rdata)]));
  expect(readResponse(reply)).toEqual(plain);
  recordFigure('F6', `faults from ${what}`, internet.faults.length, 0);
});

test('a hundred SIG(0) records are a hundred records read over', async () => {
  const many = Array.from({ length: 100 }, () => rawRecord([0], SIG, sig0)).flat();
  const internet = serveInternet(clientInternet());
  const reply = await internet.ask(rawMessage([1, 0, 0, 100], [...wwwQuestion, ...many]), { transport: 'tcp' });
  expect(readResponse(reply).answer).toHaveLength(1);
});

test.each([
  ['TKEY', TKEY, 'NOTIMP'],
  ['TSIG', TSIG, 'NOTIMP'],
])('%s cannot be asked for', async (what, qtype, rcode) => {
  const internet = serveInternet(clientInternet());
  expect(readResponse(await internet.ask(queryOctets({ qtype }))).rcode).toBe(rcode);
  recordFigure('F6', `exchanges for a question of type ${what}`, internet.exchanges(), 0);
});

test('on the way of a query nothing computes with keys but the cookies', () => {
  const way = sourceFiles('src').filter(
    ({ path, isTest }) => !isTest && /^src\/(access|listen|respond|local|pipeline|dns)\b/.test(path),
  );
  const users = way.filter(({ imports }) => imports.includes('node:crypto')).map(({ path }) => path);
  recordFigure('F6', 'files towards the client that use cryptography, beside the cookies', users.length - 1, 0);
  expect(users).toEqual(['src/access/server-cookies.ts']);
});
