/**
 * Damaged zone text and names: `node test/fuzz/zone-text.fuzz.ts --inputs 200000 --seed 1`.
 *
 * Any text must give records and problems, any word a name or a reason; what is read must be written and read again.
 */

import { nameToText, parseName } from '../../src/dns/name.ts';
import { rdataToText } from '../../src/dns/presentation.ts';
import { parseZoneText } from '../../src/dns/zone-text.ts';
import { createSeededRandom } from '../support/seeded-random.ts';
import { CORPUS_ZONE, corpusLines } from './message-corpus.ts';
import { fuzz, fuzzOptions, summary, type FuzzOptions, type FuzzReport } from './run.ts';
import { woundText } from './wound-text.ts';

const PIECES = [
  '(',
  ')',
  '"',
  ';',
  '\\',
  '\\#',
  '\\000',
  '\\999',
  '\n',
  '\n ',
  '\r',
  '\t',
  '.',
  '..',
  '@',
  '$',
  ',',
  '=',
  '-',
];
const MORE_PIECES = [
  '$ORIGIN ',
  '$TTL ',
  'IN ',
  '4294967296 ',
  '1w ',
  'TYPE1 ',
  'CLASS1 ',
  'ü',
  '\0',
  '\u2028',
  '\ud800',
];
const pieces = [...PIECES, ...MORE_PIECES];

export function fuzzZoneText(options: FuzzOptions): FuzzReport {
  const random = createSeededRandom(options.seed);
  const lines = [...corpusLines(), ...CORPUS_ZONE.split('\n')].filter((line) => line !== '');
  return fuzz(options, () => {
    let text = '';
    for (let count = 1 + random.below(4); count > 0; count--) text += lines[random.below(lines.length)] + '\n';
    const wounded = woundText(text, pieces, random);
    return { length: wounded.length, work: () => readText(wounded) };
  });
}

function readText(text: string): string {
  const { records, problems } = parseZoneText(text, { defaultTtl: 60 });
  const written = records.map((r) => `${nameToText(r.owner)} ${r.ttl} TYPE${r.type} ${rdataToText(r.type, r.rdata)}`);
  const again = parseZoneText(written.join('\n'));
  if (again.problems.length > 0) throw new Error(`${JSON.stringify(text)}: ${again.problems[0].why}`);
  again.records.forEach((record, i) => {
    const { owner, type, ttl, rdata } = records[i];
    const isSame = record.owner === owner && record.type === type && record.ttl === ttl;
    if (!isSame || Buffer.compare(record.rdata, rdata) !== 0) throw new Error(`${JSON.stringify(text)}: ${written[i]}`);
  });
  for (const word of text.split(' ', 6)) {
    const name = parseName(word);
    if (typeof name === 'string' && parseName(nameToText(name)) !== name) throw new Error(JSON.stringify(word));
  }
  return problems.length > 0 ? 'with problems' : 'sound';
}

if (import.meta.main) process.stdout.write(`${summary('zone-text', fuzzZoneText(fuzzOptions(200_000)))}\n`);
