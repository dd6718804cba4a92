/**
 * A server that lies: sound messages that say whatever comes to its mind, about itself and about others, and damaged
 * ones. What it says is drawn from few names and addresses, so that its lies meet each other and the truth.
 */

import { ROOT, nameToWire, parentOf, prepend, type Name } from '../../src/dns/name.ts';
import { rrset } from '../../src/dns/rrset.ts';
import { Class, Type } from '../../src/dns/record-type.ts';
import { Flag, MessageComposer, addOpt } from '../../src/dns/wire/compose.ts';
import { MessageView, readMessage, HEADER_OCTETS, type Section } from '../../src/dns/wire/message-view.ts';
import { addressFromText } from '../../src/dns/address.ts';
import type { LabServer } from '../../src/lab/lab-server.ts';
import type { Reaction } from '../../src/lab/misbehave.ts';
import type { Random } from '../../src/system/random.ts';
import { mutate } from './mutate.ts';

export type Lies = {
  /** Names that it speaks of, beside those of the question. */
  readonly names: readonly Name[];
  readonly addresses: readonly string[];
};

const OPT = { payloadSize: 1232, extendedRcode: 0, version: 0, dnssecOk: false, options: new Uint8Array(0) };
const NOTHING: Reaction = { delayMs: 0, messages: [] };
const SECTIONS: readonly Section[] = ['answer', 'authority', 'additional'];
const TYPES = [
  Type.A,
  Type.AAAA,
  Type.NS,
  Type.CNAME,
  Type.DNAME,
  Type.SOA,
  Type.MX,
  Type.TXT,
  Type.DS,
  65_280,
] as const;
const RCODES = [0, 0, 0, 0, 0, 3, 3, 2, 5, 1, 4, 6, 9, 15];
const TTLS = [0, 1, 60, 3600, 604_800, 0x7fffffff, 0x80000000];

/** `truth` gives the honest response, to be sent at times or damaged. */
export function createLyingServer(
  { names, addresses }: Lies,
  random: Random,
  truth: (query: Uint8Array, transport: 'udp' | 'tcp') => Uint8Array | undefined,
): LabServer & { replies(): number } {
  const composer = new MessageComposer();
  let replies = 0;
  const pick = <T>(list: readonly T[]): T => list[random.below(list.length)];
  const oneIn = (n: number): boolean => random.below(n) === 0;

  return { zones: [], udp: 'serves', tcp: 'serves', react, replies: () => replies, tally };

  function react(octets: Uint8Array, transport: 'udp' | 'tcp'): Reaction {
    const query = readMessage(octets);
    if (!(query instanceof MessageView) || oneIn(25)) return NOTHING;
    const delayMs = oneIn(10) ? random.below(900) : 0;
    const messages = [respond(query, octets, transport)];
    if (oneIn(20)) messages.unshift(respond(query, octets, transport));
    replies += messages.length;
    return { delayMs, messages: messages.map((each) => ({ octets: each, source: 'asked' })) };
  }

  function respond(query: MessageView, octets: Uint8Array, transport: 'udp' | 'tcp'): Uint8Array {
    const honest = oneIn(4) ? truth(octets, transport) : undefined;
    const response = honest ?? invent(query, octets);
    return oneIn(4) ? mutate([response], random) : response;
  }

  function invent(query: MessageView, octets: Uint8Array): Uint8Array {
    const qname = query.qname();
    const flags = Flag.QR | (oneIn(2) ? Flag.AA : 0) | (oneIn(20) ? Flag.TC : 0) | (oneIn(10) ? Flag.RA : 0);
    const isPlot = oneIn(2);
    const id = oneIn(40) ? random.below(65_536) : query.id;
    composer.begin({ id, flags: flags | (isPlot ? 0 : pick(RCODES)) }, oneIn(10) ? 0xffff : 1200);
    if (!oneIn(60)) composer.question(octets.slice(HEADER_OCTETS, query.questionEnd - 4), query.qtype, query.qclass);
    if (isPlot) plot(qname, query.qtype);
    else
      for (const section of SECTIONS)
        for (let sets = random.below(4); sets > 0; sets--) addLie(section, qname, query.qtype);
    if (oneIn(2)) addOpt(composer, OPT);
    return composer.finish();
  }

  /** Records that fit each other, as somebody would send who wants a name that is not his. */
  function plot(qname: Name, qtype: number): void {
    const prey = pick(names);
    const add = (section: Section, owner: Name, type: number, rdata: Uint8Array): void =>
      void composer.addRRset(section, rrset(owner, type, 0, [rdata]), pick(TTLS));
    const address = addressFromText(pick(addresses))!;
    const zone = pick([prey, parentOf(prey), qname, parentOf(qname), ROOT]);
    switch (random.below(4)) {
      case 0: // an alias to the prey, and the prey's data
        add('answer', qname, Type.CNAME, nameToWire(prey));
        return add('answer', prey, qtype, qtype === Type.A ? address : rdataOf(qtype, qname));
      case 1: // servers of the zone above it all, with their addresses
        add('authority', zone, Type.NS, nameToWire(prey));
        return add('additional', prey, Type.A, address);
      case 2: // a tree moved away
        add('answer', zone, Type.DNAME, nameToWire(prey));
        return add('answer', qname, Type.CNAME, nameToWire(prepend('www', prey) ?? prey));
      default: // a denial in the name of another zone
        return add('authority', zone, Type.SOA, rdataOf(Type.SOA, qname));
    }
  }

  function addLie(section: Section, qname: Name, qtype: number): void {
    const owner = somebody(qname);
    const type = oneIn(3) ? qtype : pick(TYPES);
    const count = oneIn(30) ? 40 : 1 + random.below(3);
    const set = rrset(
      owner,
      type,
      0,
      Array.from({ length: count }, () => rdataOf(type, qname)),
    );
    composer.addRRset(section, set, pick(TTLS), 0, oneIn(50) ? Class.CH : Class.IN);
  }

  function somebody(qname: Name): Name {
    const other = pick(names);
    switch (random.below(6)) {
      case 0:
      case 1:
        return qname;
      case 2:
        return parentOf(qname);
      case 3:
        return prepend(pick(['a', 'ns', 'www']), random.below(2) === 0 ? qname : other) ?? other;
      default:
        return other;
    }
  }

  function rdataOf(type: number, qname: Name): Uint8Array {
    if (oneIn(40)) return Uint8Array.from({ length: random.below(30) }, () => random.below(256));
    const target = nameToWire(somebody(qname));
    switch (type) {
      case Type.A:
        return addressFromText(pick(addresses))!;
      case Type.AAAA:
        return Uint8Array.from({ length: 16 }, (_, i) => (i === 15 ? random.below(4) : 0x20));
      case Type.NS:
      case Type.CNAME:
      case Type.DNAME:
        return target;
      case Type.SOA:
        return Uint8Array.of(...target, ...target, ...Array.from({ length: 20 }, () => random.below(200)));
      case Type.MX:
        return Uint8Array.of(0, 10, ...target);
      default:
        return Uint8Array.of(3, 0x6c, 0x69, 0x65);
    }
  }

  function tally(): ReturnType<LabServer['tally']> {
    return { count: replies, queries: [], octetsIn: 0, octetsOut: 0 };
  }
}
