/**
 * `rootwalk query NAME [TYPE]`: asks the running daemon and prints the answer as zone-file lines, with `--explain` the
 * walk that led to it as a tree.
 */

import { ROOT, parseName, nameToText } from '../dns/name.ts';
import { formatRRset } from '../dns/presentation.ts';
import { Type, parseType, rcodeToText, typeToText } from '../dns/record-type.ts';
import { errorCodeToText } from '../dns/extended-error.ts';
import type { RRset } from '../dns/rrset.ts';
import { internationalForm } from '../observe/international-name.ts';
import { replyFromJson } from '../observe/json-form.ts';
import { createPaint, wantsColours, type Paint } from '../observe/paint.ts';
import { printable } from '../observe/printable.ts';
import { walkTree } from '../observe/walk-tree.ts';
import type { Reply } from '../query/reply.ts';
import { ExitCode, badUsage, readArguments, type Command, type Io } from './command.ts';
import { createControlClient, findSocket, socketOptions, socketUsage, tellProblem } from './control-client.ts';

const options = { explain: { type: 'boolean' }, json: { type: 'boolean' }, ...socketOptions } as const;

export const command: Command = {
  name: 'query',
  summary: 'Ask the running daemon, and have it explain its answer',
  usage: `
Usage: rootwalk query NAME [TYPE] [OPTIONS]

  NAME            the name to ask for, by its xn-- form where it is international
  TYPE            the record type; A unless given
  --explain       print the walk, too: which servers were asked and what each said
  --json          print everything as JSON
${socketUsage}
Exit code 0: there is an answer, also one that the name or type does not exist; 1: there is none.
`,
  run: runQuery,
};

async function runQuery(args: string[], io: Io): Promise<number> {
  const read = readArguments(args, options, { required: ['NAME'], optional: ['TYPE'] });
  if (read.kind === 'bad-usage') return badUsage(io, command, read.why);
  const { values, positionals } = read;
  const qname = parseName(positionals[0], ROOT);
  if (typeof qname !== 'string') return badUsage(io, command, qname.why);
  const typeText = positionals[1] ?? 'A';
  const qtype = parseType(typeText);
  if (qtype === undefined) return badUsage(io, command, `there is no record type ${JSON.stringify(typeText)}`);
  const socket = findSocket(values);
  if ('why' in socket) return tellProblem(io, command, socket.why);

  const explain = values.explain === true;
  const question = { qname: nameToText(qname), qtype: typeToText(qtype), explain };
  const asked = await createControlClient(socket.path).ask('query', question);
  if (asked.kind === 'problem') return tellProblem(io, command, asked.why);
  const reply = replyFromJson(asked.result);
  if (reply === undefined)
    return tellProblem(io, command, 'the daemon is of another version: it answered what this one cannot read');
  const colours = wantsColours(io.isTerminal, io.env);
  if (values.json === true) io.stdout(`${asJson({ ...question, ...asked.result }, io.isTerminal)}\n`);
  else io.stdout(formatReply(`${question.qname} ${question.qtype}`, internationalForm(qname), reply, colours, explain));
  return isAnswer(reply) ? ExitCode.done : ExitCode.failed;
}

/** JSON escapes what is below U+0020; a terminal must be spared the rest of what steers it, too. */
function asJson(value: unknown, isTerminal: boolean): string {
  const text = JSON.stringify(value, undefined, isTerminal ? 2 : undefined);
  return isTerminal ? text.split('\n').map(printable).join('\n') : text;
}

function isAnswer({ rcode }: Reply): boolean {
  return rcodeToText(rcode) === 'NOERROR' || rcodeToText(rcode) === 'NXDOMAIN';
}

/** Comments as in a zone file, so that the whole can be put into one. */
export function formatReply(
  question: string,
  idn: string | undefined,
  reply: Reply,
  colours: boolean,
  explain: boolean,
): string {
  const paint = createPaint(colours);
  const shown = idn === undefined ? question : `${question} (${idn})`;
  const lines = [`;; ${paint.strong(shown)}: ${outcome(reply, paint)} ${paint.faint(origin(reply))}`];
  for (const set of reply.answer) lines.push(...recordLines(set));
  if (reply.authority.length > 0) lines.push(';; authority');
  for (const set of reply.authority) lines.push(...recordLines(set));
  for (const { code, text } of reply.errors) {
    lines.push(paint.doubtful(`;; ${errorCodeToText(code)}${text === '' ? '' : `: ${printable(text)}`}`));
  }
  const answer = `${lines.join('\n')}\n`;
  if (!explain) return answer;
  if (reply.walk === undefined) return `${answer}\n;; no server was asked: ${printable(whyNoWalk(reply))}\n`;
  return `${answer}\n${walkTree(reply.walk, { colours })}`;
}

/** `from recursion, secure`: where it came from, and what DNSSEC proved of it. */
function origin({ source, security }: Reply): string {
  return security === undefined ? `from ${source}` : `from ${source}, ${security.state}`;
}

function outcome(reply: Reply, paint: Paint): string {
  const rcode = rcodeToText(reply.rcode);
  if (!isAnswer(reply)) return paint.bad(rcode);
  if (rcode === 'NXDOMAIN') return paint.doubtful('NXDOMAIN, the name does not exist');
  const isDenial = reply.answer.every(({ type }) => type === Type.CNAME || type === Type.DNAME);
  return isDenial && reply.authority.length > 0 ? paint.doubtful('NOERROR, no record of this type') : paint.good(rcode);
}

function whyNoWalk({ source }: Reply): string {
  if (source === 'synthesised') return 'proofs in the cache that were given for other names say it';
  return source === 'cache' || source === 'negative' ? 'the answer was in the cache' : `the answer is from ${source}`;
}

function recordLines(set: RRset): string[] {
  return formatRRset(set).replaceAll('\t', ' ').split('\n').map(printable);
}
