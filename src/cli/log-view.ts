/**
 * A line of the query log for people: when, who, what, what was said, where from, how long it took; a failure has its
 * sentence below. Text from the file passes through `printable`, as the file may have been written by anyone.
 */

import { createPaint, type Paint } from '../observe/paint.ts';
import type { LogAnswer, LogLine } from '../observe/log-line.ts';
import { printable } from '../observe/printable.ts';
import { spanToText } from '../observe/time-text.ts';

/** Answers shown in a line; the others are counted. */
const MAX_ANSWERS_SHOWN = 2;
const MAX_DATA_SHOWN = 60;

export function createLogView(options: { readonly colours: boolean }): (line: LogLine) => string {
  const paint = createPaint(options.colours);
  return (line) => viewLine(line, paint);
}

function viewLine(line: LogLine, paint: Paint): string {
  const parts = [
    paint.faint(printable(line.time).replace('T', ' ').slice(0, 23)),
    printable(line.client).padEnd(15),
    printable(line.transport).padEnd(3),
    paint.strong(question(line)),
    outcome(line, paint),
    ...(line.answers ? [answers(line.answers, line.answersLeftOut ?? 0)] : []),
    paint.faint(origin(line)),
    ...(line.count === undefined
      ? []
      : [paint.doubtful(`×${line.count}${line.manyClients ? ' from many clients' : ''}`)]),
  ];
  const head = parts.filter((part) => part !== '').join(' ');
  return line.error === undefined ? `${head}\n` : `${head}\n    ${paint.bad(printable(line.error))}\n`;
}

function question({ qname, idn, qtype, qclass }: LogLine): string {
  if (qname === undefined) return '-';
  const shown = idn === undefined ? qname : `${qname} (${idn})`;
  const rrClass = qclass === undefined || qclass === 'IN' ? '' : ` ${qclass}`;
  return printable(`${shown}${rrClass} ${qtype ?? ''}`);
}

function outcome({ rcode, dropped, truncated }: LogLine, paint: Paint): string {
  if (dropped !== undefined) return paint.bad(`dropped: ${printable(dropped)}`);
  const text = `${printable(rcode ?? '?')}${truncated ? ' truncated' : ''}`;
  if (rcode === 'NOERROR') return paint.good(text);
  return rcode === 'NXDOMAIN' ? paint.doubtful(text) : paint.bad(text);
}

function answers(list: readonly LogAnswer[], leftOut: number): string {
  const shown = list.slice(0, MAX_ANSWERS_SHOWN).map(({ data, type }) => {
    const text = printable(data);
    const short = text.length > MAX_DATA_SHOWN ? `${text.slice(0, MAX_DATA_SHOWN - 1)}…` : text;
    return type === 'CNAME' || type === 'DNAME' ? `→ ${short}` : short;
  });
  const more = list.length + leftOut - shown.length;
  return [...shown, ...(more > 0 ? [`+${more}`] : [])].join(', ');
}

function origin({ source, exchanges = 0, ms }: LogLine): string {
  const asked = exchanges === 0 ? '' : `, ${exchanges} ${exchanges === 1 ? 'exchange' : 'exchanges'}`;
  return `[${source === undefined ? '' : `${printable(source)}${asked}, `}${spanToText(ms.total)}]`;
}
