/**
 * What reading and composing cost, in microseconds a message: `node bench/wire.ts`. The best of five rounds is shown,
 * as whatever else the machine does can only add.
 */

import { name, nameToWire } from '../src/dns/name.ts';
import { rdataFromText } from '../src/dns/presentation.ts';
import { Type } from '../src/dns/record-type.ts';
import { rrset, type RRset } from '../src/dns/rrset.ts';
import { MessageComposer, addOpt } from '../src/dns/wire/compose.ts';
import { MessageView, readMessage } from '../src/dns/wire/message-view.ts';

const composer = new MessageComposer();
const wireName = nameToWire(name('www.example.com.'));
const letters = 'abcdefghijklm'.split('');

function set(owner: string, type: number, ...texts: string[]): RRset {
  return rrset(
    name(owner),
    type,
    3600,
    texts.map((text) => rdataFromText(type, [text]) as Uint8Array),
  );
}

const four = [set('www.example.com.', Type.A, '192.0.2.1', '192.0.2.2', '192.0.2.3', '192.0.2.4')];
const servers = [set('.', Type.NS, ...letters.map((letter) => `${letter}.servers.example.`))];
const glue = letters.flatMap((letter, i) => [
  set(`${letter}.servers.example.`, Type.A, `198.51.100.${i}`),
  set(`${letter}.servers.example.`, Type.AAAA, `2001:db8::${i}`),
]);

function compose(answer: readonly RRset[], authority: readonly RRset[], additional: readonly RRset[]): Uint8Array {
  composer.begin({ id: 1, flags: 0x8180 }, 1232);
  composer.question(wireName, Type.A, 1);
  for (const one of answer) composer.addRRset('answer', one, one.ttl);
  for (const one of authority) composer.addRRset('authority', one, one.ttl);
  for (const one of additional) composer.addRRset('additional', one, one.ttl);
  addOpt(composer, { payloadSize: 1232, extendedRcode: 0, version: 0, dnssecOk: true, options: new Uint8Array() });
  return composer.finish();
}

/** Everything that a message says, as a walk would take it. */
function readAll(octets: Uint8Array): number {
  const view = readMessage(octets);
  if (!(view instanceof MessageView)) throw new Error(view.why);
  let sum = view.qname().length;
  for (let i = 0; i < view.recordCount; i++) sum += view.owner(i).length + view.ttl(i) + view.rdata(i)!.length;
  return sum;
}

function measure(what: string, work: () => unknown, times: number): void {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 5; round++) {
    const start = performance.now();
    for (let i = 0; i < times; i++) work();
    best = Math.min(best, ((performance.now() - start) * 1000) / times);
  }
  process.stdout.write(`${what.padEnd(36)}${best.toFixed(2).padStart(8)}\n`);
}

const answer = compose(four, [], []);
const referral = compose([], servers, glue);
measure('compose an answer of 4 A', () => compose(four, [], []), 100_000);
measure('compose a referral, 13 NS, 26 glue', () => compose([], servers, glue), 10_000);
measure('index an answer of 4 A', () => readMessage(answer), 200_000);
measure('index a referral', () => readMessage(referral), 50_000);
measure('read all of an answer of 4 A', () => readAll(answer), 100_000);
measure('read all of a referral', () => readAll(referral), 10_000);
