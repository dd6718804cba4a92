/**
 * A walk through three levels of a server that is not ours: root, TLDs and zones on NSD, each at an address of its own,
 * all at one port. Hundreds of names, asked of the daemon once each, must have the answer that NSD itself gives where
 * the name's data is; and not one is SERVFAIL.
 */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startDaemon, type RunningDaemon } from '../support/daemon.ts';
import { freePort } from '../support/free-port.ts';
import { queryFor, readResponse } from '../support/messages.ts';
import { nsdIsMissing, skipped, startNsd, type Nsd } from '../support/nsd.ts';
import { exchangeOverTcp, exchangeOverUdp } from '../support/plain-exchange.ts';

const ZONES = 40;
const ROOT_AT = '127.54.4.1';
const TLDS_AT = '127.54.4.2';
/** The zones are spread over these. */
const ZONES_AT = ['127.54.4.3', '127.54.4.4'];

const soa = (mname: string): string => `$TTL 300\n@ 900 SOA ${mname} admin.example. 1 7200 3600 1209600 60\n`;
const zoneOf = (i: number): string => `zone${i}.${i % 2 === 0 ? 'example' : 'test'}.`;
const addressOf = (i: number): string => ZONES_AT[i % ZONES_AT.length];
/** Every fourth zone has its server named in the next zone, so its delegation comes without glue. */
const isGlueless = (i: number): boolean => i % 4 === 0;
const serverOf = (i: number): string => (isGlueless(i) ? `ns.${zoneOf(i + 1)}` : `ns.${zoneOf(i)}`);

const root = `${soa('ns.root.')}@ NS ns.root.\nns.root. A ${ROOT_AT}
example. NS ns.example.\nns.example. A ${TLDS_AT}\ntest. NS ns.test.\nns.test. A ${TLDS_AT}\n`;

function tld(apex: string, of: readonly number[]): string {
  const delegations = of.map((i) => {
    const glue = isGlueless(i) ? '' : `${serverOf(i)} A ${addressOf(i)}\n`;
    return `${zoneOf(i)} NS ${serverOf(i)}\n${glue}`;
  });
  return `${soa(`ns.${apex}`)}@ NS ns.${apex}\nns.${apex} A ${TLDS_AT}\n${delegations.join('')}`;
}

/** What stands in zone `i`: the next but one is of the other server and, for `far`, of the other TLD. */
function zone(i: number): string {
  const next = zoneOf((i + 1) % ZONES);
  // The glueless zone before this one is served at its own address by the name that stands here.
  const ns = isGlueless(i) ? '' : `ns A ${addressOf(isGlueless(i - 1) ? i - 1 : i)}\n`;
  const big = Array.from({ length: 30 }, (_, n) => `big TXT "${'x'.repeat(80)}${i}-${n}"`).join('\n');
  return `${soa(serverOf(i))}@ NS ${serverOf(i)}\n${ns}@ MX 10 mail\nmail A 203.0.113.25\nmail AAAA 2001:db8::25
www A 203.0.113.${i + 1}\nwww AAAA 2001:db8::${i + 1}\nnear CNAME www\nfar CNAME www.${next}\ngone CNAME none.${next}
*.wild TXT "wild ${i}"\na.b.c.deep A 203.0.113.200\n_sip._udp SRV 1 2 5060 www\nsvc HTTPS 1 . alpn=h2\n${big}\n`;
}

const questions = Array.from({ length: ZONES }, (_, i) =>
  [
    'www A',
    'www AAAA',
    'near A',
    'far AAAA',
    'gone A',
    'none A',
    'mail TXT',
    'x.y.wild TXT',
    'b.c.deep A',
    'a.b.c.deep A',
    '_sip._udp SRV',
    'svc HTTPS',
    'big TXT',
    ' MX',
    ' SOA',
  ].map((question) => question.replace(/^(\S*) /, (_found, label: string) => `${label}${label && '.'}${zoneOf(i)} `)),
).flat();

describe.skipIf(nsdIsMissing !== undefined)(`three levels of NSD${skipped(nsdIsMissing)}`, () => {
  const running: Nsd[] = [];
  let daemon: RunningDaemon;
  let directory: string;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'rootwalk-levels-'));
    const hints = join(directory, 'named.root');
    writeFileSync(hints, `. 3600000 NS ns.root.\nns.root. 3600000 A ${ROOT_AT}\n`);
    const port = await freePort(ROOT_AT);
    const numbers = Array.from({ length: ZONES }, (_, i) => i);
    const servedAt = (address: string): Record<string, string> =>
      Object.fromEntries(numbers.filter((i) => addressOf(i) === address).map((i) => [zoneOf(i), zone(i)]));
    const levels: [string, Record<string, string>][] = [
      [ROOT_AT, { '.': root }],
      [TLDS_AT, { 'example.': tld('example.', numbers.filter(isEven)), 'test.': tld('test.', numbers.filter(isOdd)) }],
      ...ZONES_AT.map((address): [string, Record<string, string>] => [address, servedAt(address)]),
    ];
    for (const [address, zones] of levels) running.push(await startNsd({ address, port, zones }));
    daemon = await startDaemon({
      config: { roots: { hints }, iteration: { serverPort: port, ipv6: 'off', doNotQuery: [] }, local: noSpecialUse },
    });
  });
  afterAll(async () => {
    await daemon?.stop();
    await Promise.all(running.map((nsd) => nsd.stop()));
    rmSync(directory, { recursive: true, force: true });
  });

  /** Over UDP, and over TCP where the response is truncated. */
  async function ask(at: { address: string; port: number }, question: string, flags = 0): Promise<Uint8Array> {
    const query = queryFor(question, { flags });
    const response = await exchangeOverUdp(at, query, 10_000);
    if (response !== undefined && (response[2] & 0x02) === 0) return response;
    const whole = await exchangeOverTcp(at, query, 10_000);
    if (typeof whole === 'string') throw new Error(`${question}: ${whole}`);
    return whole;
  }

  /** What the servers of the zones say, links of an alias put together; TTLs left out, as ours count down. */
  async function truth(question: string): Promise<{ rcode: string; answer: string[] }> {
    const [qname, qtype] = question.split(' ');
    const home = running[2 + ZONES_AT.indexOf(addressOf(Number(/zone(\d+)/.exec(qname)?.[1])))];
    const { rcode, answer } = comparable(await ask(home, question));
    const [, target] = /^\S+ CNAME (\S+)$/.exec(answer.length === 1 ? answer[0] : '') ?? [];
    if (target === undefined || qtype === 'CNAME') return { rcode, answer };
    const rest = await truth(`${target} ${qtype}`);
    return { rcode: rest.rcode, answer: [...answer, ...rest.answer].toSorted() };
  }

  test(`${questions.length} names of ${ZONES} zones, each as NSD has it`, async () => {
    const wrong: unknown[] = [];
    for (let at = 0; at < questions.length; at += 20) {
      await Promise.all(
        questions.slice(at, at + 20).map(async (question) => {
          const [ours, theirs] = await Promise.all([ask(daemon, question, 0x0100).then(comparable), truth(question)]);
          if (JSON.stringify(ours) !== JSON.stringify(theirs)) wrong.push({ question, ours, theirs });
        }),
      );
    }
    expect(wrong).toEqual([]);
  });

  test('every kind of answer was among them', async () => {
    const kinds = await Promise.all(
      ['www A', 'gone A', 'mail TXT', 'big TXT'].map(async (question) => {
        const { rcode, answer } = await truth(question.replace(' ', `.${zoneOf(5)} `));
        return `${rcode} ${answer.length}`;
      }),
    );
    expect(kinds).toEqual(['NOERROR 1', 'NXDOMAIN 1', 'NOERROR 0', 'NOERROR 30']);
  });
});

/** `test` is a zone here. */
const noSpecialUse = { specialUse: { test: false } };
const isEven = (i: number): boolean => i % 2 === 0;
const isOdd = (i: number): boolean => i % 2 === 1;

function comparable(octets: Uint8Array): { rcode: string; answer: string[] } {
  const { rcode, answer } = readResponse(octets);
  return { rcode, answer: answer.map((line) => line.replace(/^(\S+) \d+ /, '$1 ')).toSorted() };
}
