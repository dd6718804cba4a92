/**
 * What is fuzzed as octets or text from outside, beside messages, zone text, the walker and the validator, which have
 * files of their own: one small function each that takes octets, says how it ended, and throws where something does not
 * hold. corpus.ts has what they begin with.
 */

import { dirname, join } from 'node:path';
import { readTextFile, type FileReading } from '../../src/config/named-files.ts';
import { formatProblems } from '../../src/config/problems.ts';
import { checkConfig } from '../../src/config/load.ts';
import { createLogView } from '../../src/cli/log-view.ts';
import { parseFilter, passes, type LogFilter } from '../../src/cli/log-filter.ts';
import { parseLogLine } from '../../src/cli/parse-log-line.ts';
import { answerRequest, type ControlMethods } from '../../src/daemon/control-requests.ts';
import { addressToText } from '../../src/dns/address.ts';
import {
  readClientSubnet,
  readCookie,
  readKeepalive,
  readOptions,
  readServerCookie,
  writeOptions,
} from '../../src/dns/edns.ts';
import { readExtendedError } from '../../src/dns/extended-error.ts';
import { MAX_NAME_OCTETS, labelsOf, nameFromLabels, nameToText, nameToUnicode, parseName } from '../../src/dns/name.ts';
import { createFrameReader } from '../../src/dns/wire/framing.ts';
import { MOST_PROBLEMS, parseHostsFile } from '../../src/local/hosts-file.ts';
import { createServerCookies } from '../../src/access/server-cookies.ts';
import { packageDirectory } from '../../src/system/package-directory.ts';
import { createHandClock } from '../support/hand-clock.ts';
import { createSeededRandom } from '../support/seeded-random.ts';

export type Target = {
  readonly form: 'text' | 'octets';
  /** Pieces that the grammar of a text turns on. */
  readonly pieces: readonly string[];
  readonly work: (octets: Uint8Array) => string | Promise<string>;
};
export type TargetName = keyof typeof targets;

const BLANKS = [' ', '\t', '\n', '\r\n', '\0', '\u2028', '\ufeff', 'ü'];

export const targets = {
  'hosts-file': {
    form: 'text',
    pieces: [
      ...BLANKS,
      '#',
      '%eth0',
      '::1 ',
      '127.0.0.1 ',
      '.',
      '..',
      'a.',
      'x'.repeat(64),
      '0x7f.1 ',
      '::ffff:1.2.3.4 ',
    ],
    work: (octets) => readHosts(textOf(octets)),
  },
  configuration: {
    form: 'text',
    pieces: [
      ...BLANKS,
      ': ',
      '- ',
      '[',
      ']',
      '{',
      '}',
      '&a',
      '*a',
      '<<: *a',
      '!!binary ',
      '|\n',
      '"',
      "'",
      '---\n',
      '%YAML 1.1\n',
      '? ',
    ],
    work: (octets) => readConfiguration(textOf(octets)),
  },
  name: {
    form: 'text',
    pieces: [
      '.',
      '..',
      '\\',
      '\\.',
      '\\000',
      '\\255',
      '\\256',
      '\\1',
      '@',
      '*',
      'xn--',
      'ü',
      'A',
      'a'.repeat(63),
      '\ud800',
    ],
    work: (octets) => readNames(textOf(octets)),
  },
  'control-line': {
    form: 'text',
    pieces: [
      '{',
      '}',
      '[',
      ']',
      '"',
      ':',
      ',',
      'null',
      '1e999',
      '"params":',
      '"method":"status"',
      '"__proto__":',
      '\\u0000',
      'true',
    ],
    work: (octets) => readRequest(textOf(octets)),
  },
  'log-line': {
    form: 'text',
    pieces: [
      '{',
      '}',
      '[',
      ']',
      '"',
      ':',
      ',',
      'null',
      '1e999',
      '0',
      '"\\u001b[31m"',
      '"answers":',
      '"ms":',
      '\\ud800',
      'true',
    ],
    work: (octets) => readLogLine(textOf(octets)),
  },
  framing: { form: 'octets', pieces: [], work: readFrames },
  'edns-options': { form: 'octets', pieces: [], work: readEdns },
} as const satisfies Readonly<Record<string, Target>>;

export const targetNames = Object.keys(targets) as readonly TargetName[];

function textOf(octets: Uint8Array): string {
  return Buffer.from(octets).toString('utf8');
}

function readHosts(text: string): string {
  const { entries, problems, problemCount } = parseHostsFile(text);
  const lines = text.split('\n').length;
  ensure(problems.length === Math.min(problemCount, MOST_PROBLEMS), 'as many problems as are kept');
  ensure(
    problems.every(({ line, why }) => line >= 1 && line <= lines && why !== ''),
    'a line and a reason',
  );
  const written = entries.map(({ address, names }) => `${addressToText(address)} ${names.map(nameToText).join(' ')}`);
  const again = parseHostsFile(written.join('\n'));
  ensure(again.problemCount === 0, 'what was read can be written and read again');
  ensure(JSON.stringify(again.entries) === JSON.stringify(entries), 'and is the same');
  return problemCount > 0 ? 'with problems' : 'sound';
}

const machine = { env: {}, isRoot: false, home: '/home/ada' };

function readConfiguration(text: string): string {
  const result = checkConfig(text, 'rootwalk.yaml', machine, readOwnFile);
  const told = formatProblems(result.kind === 'problems' ? result.problems : result.warnings);
  // oxlint-disable-next-line no-control-regex -- what a terminal would obey is looked for
  ensure(!/[\0-\x08\x0b-\x1f\x7f]/.test(told), 'nothing that a terminal obeys');
  ensure(result.kind === 'loaded' || told !== '', 'a reason');
  return result.kind;
}

/** The files that come with rootwalk, and no others, whatever the text names. */
function readOwnFile(file: string): FileReading {
  if (dirname(file) === join(packageDirectory, 'root-hints')) return readTextFile(file);
  return { kind: 'unreadable', why: 'there is no such file' };
}

function readNames(text: string): string {
  let sound = 0;
  for (const word of text.split(' ')) {
    const name = parseName(word);
    if (typeof name !== 'string') {
      ensure(name.why !== '', 'a reason');
      continue;
    }
    sound++;
    ensure(name.length <= MAX_NAME_OCTETS && nameFromLabels(labelsOf(name)) === name, 'sound labels');
    ensure(parseName(nameToText(name)) === name, 'what is written is read again');
    nameToUnicode(name);
  }
  return sound > 0 ? 'names' : 'none';
}

/** Says yes to everything, as the methods themselves are tested elsewhere. */
const methods: ControlMethods = {
  query: () =>
    Promise.resolve({ rcode: 0, isAuthoritative: false, answer: [], authority: [], errors: [], source: 'cache' }),
  cacheDump: () => [],
  cacheFlush: () => ({ removed: 0 }),
  ntaAdd: () => Promise.resolve({ why: 'no' }),
  ntaRemove: () => Promise.resolve({ wasThere: true, removed: 0 }),
  ntaList: () => [],
  anchors: () => [],
  status: () => ({}),
};

function failed(method: string, error: unknown): void {
  throw new Error(`${method} failed`, { cause: error });
}

async function readRequest(line: string): Promise<string> {
  const said: string[] = [];
  for await (const response of answerRequest(line, methods, failed)) {
    ensure(!JSON.stringify(response).includes('\n'), 'one line');
    said.push(response.kind);
  }
  ensure(said.length === 1, 'one answer');
  return said[0];
}

const filter = parseFilter({ name: 'example.', since: '1h' }, Date.UTC(2026, 0, 1)) as LogFilter;
const view = createLogView({ colours: false });

function readLogLine(text: string): string {
  const line = parseLogLine(text);
  if (line === undefined) return 'no line';
  passes(line, filter);
  // oxlint-disable-next-line no-control-regex -- what a terminal would obey is looked for
  ensure(!/[\0-\x09\x0b-\x1f\x7f]/.test(view(line)), 'nothing that a terminal obeys');
  return 'line';
}

/** However the stream is cut, the messages are the same. The first two octets say where. */
function readFrames(octets: Uint8Array): string {
  const [cutEvery, stream] = [1 + ((octets[0] ?? 0) % 40), octets.subarray(2)];
  const whole = createFrameReader();
  whole.push(stream);
  const inOne = [...whole.all()];
  const cut = createFrameReader();
  const inParts: Uint8Array[] = [];
  for (let at = 0; at < stream.length; at += cutEvery) {
    cut.push(stream.subarray(at, at + cutEvery));
    // Not every time: several messages may have come before they are looked for.
    if ((at & 3) !== 0 || at + cutEvery >= stream.length) inParts.push(...cut.all());
  }
  ensure(inOne.map(hex).join() === inParts.map(hex).join(), 'the same messages');
  ensure(whole.isMidFrame === cut.isMidFrame, 'the same rest');
  const taken = inOne.reduce((sum, message) => sum + 2 + message.length, 0);
  ensure(taken <= stream.length && (taken < stream.length || !whole.isMidFrame), 'no octet twice');
  return inOne.length > 0 ? 'messages' : 'none';
}

const cookies = createServerCookies({ clock: createHandClock(), random: createSeededRandom(1) });
const CLIENT = '192.0.2.7';

function readEdns(octets: Uint8Array): string {
  const options = readOptions(octets, octets.length);
  if (options === undefined) return 'malformed';
  ensure(hex(writeOptions(options)) === hex(octets), 'what is read can be written');
  for (const { data } of options) {
    const cookie = readCookie(data);
    if (cookie !== undefined) judgeCookie(data);
    if (cookie?.server !== undefined) readServerCookie(cookie.server);
    const subnet = readClientSubnet(data);
    ensure(subnet === undefined || subnet.sourcePrefix <= subnet.address.length * 8, 'a prefix of its address');
    readKeepalive(data);
    readExtendedError(data);
  }
  return 'options';
}

/** Nobody has been given one here, so none is valid; and what is told is sound. */
function judgeCookie(data: Uint8Array): void {
  const judged = cookies.judge(data, CLIENT);
  ensure(!judged.isValid, 'a cookie that nobody gave is not valid');
  ensure(hex(judged.reply.subarray(0, 8)) === hex(data.subarray(0, 8)), 'the client’s own part comes back');
}

function hex(octets: Uint8Array): string {
  return Buffer.from(octets).toString('hex');
}

function ensure(holds: boolean, what: string): void {
  if (!holds) throw new Error(`does not hold: ${what}`);
}
