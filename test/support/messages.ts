/** Queries from text and responses to text, so that a test shows a message as one would write it down. */

import { name, nameToText, nameToWire } from '../../src/dns/name.ts';
import { rdataToText } from '../../src/dns/presentation.ts';
import { Class, parseType, rcodeToText, typeToText, Type } from '../../src/dns/record-type.ts';
import { addOpt, Flag, MessageComposer } from '../../src/dns/wire/compose.ts';
import { MessageView, readMessage } from '../../src/dns/wire/message-view.ts';

export type QueryOptions = {
  readonly id?: number;
  readonly flags?: number;
  /** 0 sends no OPT record. */
  readonly payloadSize?: number;
  readonly version?: number;
  readonly dnssecOk?: boolean;
  readonly qclass?: number;
  /** QNAME with its letter case; that of the text is folded. */
  readonly wireName?: Uint8Array;
};

/** The octets of a query from `www.example. A`; with EDNS and 1232 octets unless told otherwise. */
export function queryFor(question: string, options: QueryOptions = {}): Uint8Array {
  const [qname, qtype] = readQuestion(question);
  const composer = new MessageComposer();
  composer.begin({ id: options.id ?? 0x1234, flags: options.flags ?? 0 }, 0xffff);
  composer.question(options.wireName ?? nameToWire(qname), qtype, options.qclass ?? Class.IN);
  const payloadSize = options.payloadSize ?? 1232;
  if (payloadSize > 0) {
    const { version = 0, dnssecOk = false } = options;
    addOpt(composer, { payloadSize, extendedRcode: 0, version, dnssecOk, options: new Uint8Array(0) });
  }
  return composer.finish();
}

/** QNAME and QTYPE from `www.example. A`. */
export function readQuestion(question: string): [ReturnType<typeof name>, number] {
  const [qname, type = 'A'] = question.split(/\s+/);
  const qtype = parseType(type);
  if (qname === undefined || qtype === undefined) throw new TypeError(`not a question: ${question}`);
  return [name(qname), qtype];
}

export type ResponseText = {
  rcode: string;
  /** `AA`, `TC`, … in the order of the header. */
  flags: string[];
  answer: string[];
  authority: string[];
  additional: string[];
  /** The payload size of the OPT record. */
  edns: number | undefined;
};

export function readResponse(octets: Uint8Array | undefined): ResponseText {
  if (octets === undefined) throw new Error('no response');
  const view = readMessage(octets);
  if (!(view instanceof MessageView)) throw new Error(`malformed: ${view.why}`);
  return {
    rcode: rcodeToText(view.rcode),
    flags: Object.entries(Flag)
      .filter(([flag, bit]) => flag !== 'QR' && (view.flags & bit) !== 0)
      .map(([flag]) => flag),
    answer: sectionText(view, 'answer'),
    authority: sectionText(view, 'authority'),
    additional: sectionText(view, 'additional'),
    edns: view.opt()?.payloadSize,
  };
}

function sectionText(view: MessageView, section: 'answer' | 'authority' | 'additional'): string[] {
  const lines: string[] = [];
  for (let i = 0; i < view.recordCount; i++) {
    if (view.section(i) !== section || view.type(i) === Type.OPT) continue;
    const rdata = view.rdata(i);
    const text = rdata === undefined ? '(malformed)' : rdataToText(view.type(i), rdata);
    lines.push(`${nameToText(view.owner(i))} ${view.ttl(i)} ${typeToText(view.type(i))} ${text}`);
  }
  return lines;
}
