/** Responses of servers from text, for tests of what a response means. */

import { rrset } from '../../src/dns/rrset.ts';
import { Flag, MessageComposer, addOpt } from '../../src/dns/wire/compose.ts';
import { Class, type Rcode } from '../../src/dns/record-type.ts';
import { nameToWire } from '../../src/dns/name.ts';
import { MessageView, readMessage } from '../../src/dns/wire/message-view.ts';
import { parseZoneText } from '../../src/dns/zone-text.ts';
import { readQuestion } from './messages.ts';

export type ResponsePlan = {
  readonly flags?: readonly (keyof typeof Flag)[];
  readonly rcode?: (typeof Rcode)[keyof typeof Rcode];
  /** Records a line each: `www.example. 300 A 203.0.113.7`. */
  readonly answer?: string;
  readonly authority?: string;
  readonly additional?: string;
  /** Without an OPT record unless told otherwise. */
  readonly withEdns?: boolean;
};

const SECTIONS = ['answer', 'authority', 'additional'] as const;

/** With AA unless other flags are given. */
export function responseTo(question: string, plan: ResponsePlan): MessageView {
  const [qname, qtype] = readQuestion(question);
  const composer = new MessageComposer();
  const flags = (plan.flags ?? ['AA']).reduce<number>((bits, flag) => bits | Flag[flag], Flag.QR);
  composer.begin({ id: 1, flags: flags | (plan.rcode ?? 0) }, 0xffff);
  composer.question(nameToWire(qname), qtype, Class.IN);
  for (const section of SECTIONS) {
    const { records, problems } = parseZoneText(plan[section] ?? '');
    if (problems.length > 0) throw new TypeError(problems[0].why);
    for (const { owner, type, ttl, rdata } of records) {
      composer.addRRset(section, rrset(owner, type, ttl, [rdata]), ttl);
    }
  }
  if (plan.withEdns === true) {
    addOpt(composer, { payloadSize: 1232, extendedRcode: 0, version: 0, dnssecOk: false, options: new Uint8Array(0) });
  }
  const message = readMessage(composer.finish());
  if (!(message instanceof MessageView)) throw new TypeError(message.why);
  return message;
}
