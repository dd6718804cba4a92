/**
 * Damaged messages to the reader of the wire: `node test/fuzz/message-view.fuzz.ts --inputs 2000000 --seed 1`.
 *
 * Any octets must give a view or `malformed` with a reason, and of a view everything that can be asked must be answered
 * soundly. A throw ends the run and names the input by its seed and number.
 */

import { readOptions } from '../../src/dns/edns.ts';
import { MAX_NAME_OCTETS, labelsOf, nameFromLabels, type Name } from '../../src/dns/name.ts';
import { hasRdataLayout } from '../../src/dns/wire/rdata-layout.ts';
import { MessageView, readMessage } from '../../src/dns/wire/message-view.ts';
import { createSeededRandom } from '../support/seeded-random.ts';
import { largeMessage, messageCorpus } from './message-corpus.ts';
import { mutate } from './mutate.ts';
import { fuzz, fuzzOptions, summary, type FuzzOptions, type FuzzReport } from './run.ts';

/** One input in so many is a damaged large message. */
const LARGE_EVERY = 2000;

export function fuzzMessages(options: FuzzOptions): FuzzReport {
  const random = createSeededRandom(options.seed);
  const corpus = messageCorpus();
  const large = [largeMessage()];
  return fuzz(options, () => {
    const octets = mutate(random.below(LARGE_EVERY) === 0 ? large : corpus, random);
    return { length: octets.length, work: () => readEverything(octets) };
  });
}

/** How it ended: `views` or `malformed`; throws where an answer is not sound. */
function readEverything(octets: Uint8Array): string {
  const view = readMessage(octets);
  if (!(view instanceof MessageView)) {
    ensure(view.why !== '' && view.at >= 0 && view.at <= octets.length, 'a reason and where it stands');
    return 'malformed';
  }
  ensure(
    view.recordCount * 11 + view.questionEnd + view.trailing <= octets.length,
    'as many records as there is room for',
  );
  if (view.questionCount > 0) ensureName(view.qname());
  if (view.questionCount === 1) ensure(view.qtype <= 0xffff && view.qclass <= 0xffff, 'type and class');
  for (let i = 0; i < view.recordCount; i++) readRecord(view, i);
  ensure(typeof view.hasBadOpt === 'boolean' && view.rcode >= 0 && view.rcode <= 0xfff, 'OPT and RCODE');
  const opt = view.opt();
  if (opt !== undefined) readOptions(opt.options);
  return 'views';
}

function readRecord(view: MessageView, i: number): void {
  ensureName(view.owner(i));
  ensure(view.rdataStart(i) + view.rdataLength(i) <= view.octets.length, 'RDATA within the message');
  ensure(view.ttl(i) >= 0 && view.ttl(i) < 2 ** 31, 'a TTL of 31 bits');
  ensure(['answer', 'authority', 'additional'].includes(view.section(i)), 'a section');
  ensure(view.recordClass(i) <= 0xffff, 'a class');
  const rdata = view.rdata(i);
  ensure(rdata === undefined || hasRdataLayout(view.type(i), rdata), 'RDATA as its type wants it');
  ensure(rdata === undefined || rdata.buffer !== view.octets.buffer, 'RDATA in octets of its own');
}

function ensureName(name: Name): void {
  ensure(name.length >= 1 && name.length <= MAX_NAME_OCTETS, 'a name of 1 to 255 octets');
  ensure(nameFromLabels(labelsOf(name)) === name, 'a name of sound labels');
}

function ensure(isSound: boolean, what: string): void {
  if (!isSound) throw new Error(`not sound: ${what}`);
}

if (import.meta.main) process.stdout.write(`${summary('message-view', fuzzMessages(fuzzOptions(2_000_000)))}\n`);
