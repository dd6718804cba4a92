/**
 * Reads a DNS message in place: one bounded pass finds the question and, for every record, where its owner name and
 * its RDATA stand. Nothing is copied or turned into text until it is asked for.
 *
 * What cannot be a message (RFC 1035 §4) is `malformed` with the reason and the offset: a name or record that runs
 * past the end, a pointer that does not point back, a name above 255 octets. A record whose frame is sound but whose
 * RDATA does not have the shape of its type keeps its place; its `rdata()` is undefined and nobody uses it.
 * Octets behind the last record are tolerated and counted.
 *
 * Time is linear in the length: following a name has a bound (wire-name.ts), and records are counted
 * against the octets that are there before anything is allocated for them.
 */

import { MAX_NAME_OCTETS, type Name } from '../name.ts';
import { Type } from '../record-type.ts';
import { rdataLayout } from './rdata-layout.ts';
import { HEADER_OCTETS, copyName, endOfName, nameAt, nameFaults, pointerTarget } from './wire-name.ts';

export { HEADER_OCTETS } from './wire-name.ts';

export type Malformed = { readonly kind: 'malformed'; readonly why: string; readonly at: number };

export type Section = 'answer' | 'authority' | 'additional';

/** The least octets that a record takes: root owner, TYPE, CLASS, TTL, RDLENGTH. */
const LEAST_RECORD_OCTETS = 11;

/** What the OPT record of a message says (RFC 6891 §6.1.2, §6.1.3). */
export type OptView = {
  readonly payloadSize: number;
  readonly extendedRcode: number;
  readonly version: number;
  readonly dnssecOk: boolean;
  /** The octets of the options, code ‖ length ‖ data. */
  readonly options: Uint8Array;
};

/** Numbers kept for each record in `index`. */
const OWNER = 0;
const FIXED = 1;
const STRIDE = 2;

export class MessageView {
  readonly octets: Uint8Array;
  /** The records of all three sections. */
  readonly recordCount: number;
  /** Where the question section ends and the records begin. */
  readonly questionEnd: number;
  /** Octets behind the last record. */
  readonly trailing: number;
  readonly #index: Int32Array;
  /** The owner made last and where it stands: the records of a set follow each other and point to one place. */
  #ownerAt = -1;
  #owner: Name | undefined;

  constructor(octets: Uint8Array, index: Int32Array, recordCount: number, questionEnd: number, trailing: number) {
    this.octets = octets;
    this.#index = index;
    this.recordCount = recordCount;
    this.questionEnd = questionEnd;
    this.trailing = trailing;
  }

  get id(): number {
    return this.#u16(0);
  }
  /** The second word of the header: QR, OPCODE, AA, TC, RD, RA, Z, AD, CD, RCODE. */
  get flags(): number {
    return this.#u16(2);
  }
  get isResponse(): boolean {
    return (this.octets[2] & 0x80) !== 0;
  }
  get opcode(): number {
    return (this.octets[2] >> 3) & 0x0f;
  }
  get isAuthoritative(): boolean {
    return (this.octets[2] & 0x04) !== 0;
  }
  get isTruncated(): boolean {
    return (this.octets[2] & 0x02) !== 0;
  }
  get recursionDesired(): boolean {
    return (this.octets[2] & 0x01) !== 0;
  }
  get recursionAvailable(): boolean {
    return (this.octets[3] & 0x80) !== 0;
  }
  get authenticData(): boolean {
    return (this.octets[3] & 0x20) !== 0;
  }
  get checkingDisabled(): boolean {
    return (this.octets[3] & 0x10) !== 0;
  }
  get questionCount(): number {
    return this.#u16(4);
  }
  get answerCount(): number {
    return this.#u16(6);
  }
  get authorityCount(): number {
    return this.#u16(8);
  }

  /** The RCODE with the upper bits of the OPT record (RFC 6891 §6.1.3). */
  get rcode(): number {
    const low = this.octets[3] & 0x0f;
    const opt = this.optIndex();
    return opt === undefined ? low : low | (this.octets[this.#at(opt) + 4] << 4);
  }

  /** QNAME of the first question, folded; only where `questionCount` is at least 1. */
  qname(): Name {
    return nameAt(this.octets, HEADER_OCTETS);
  }
  /** QTYPE of the only question; only where `questionCount` is 1. */
  get qtype(): number {
    return this.#u16(this.questionEnd - 4);
  }
  get qclass(): number {
    return this.#u16(this.questionEnd - 2);
  }

  section(record: number): Section {
    if (record < this.answerCount) return 'answer';
    return record < this.answerCount + this.authorityCount ? 'authority' : 'additional';
  }
  owner(record: number): Name {
    const { octets } = this;
    let at = this.#index[record * STRIDE + OWNER];
    if (octets[at] >= 0xc0) at = pointerTarget(octets, at);
    if (this.#owner === undefined || at !== this.#ownerAt) {
      this.#owner = nameAt(octets, at);
      this.#ownerAt = at;
    }
    return this.#owner;
  }
  type(record: number): number {
    return this.#u16(this.#at(record));
  }
  /** CLASS as sent; for OPT it is the payload size. */
  recordClass(record: number): number {
    return this.#u16(this.#at(record) + 2);
  }
  /** Seconds. RFC 2181 §8: a TTL with its most significant bit set is taken as 0. */
  ttl(record: number): number {
    const at = this.#at(record) + 4;
    const { octets } = this;
    if (octets[at] & 0x80) return 0;
    return (octets[at] << 24) | (octets[at + 1] << 16) | (octets[at + 2] << 8) | octets[at + 3];
  }
  rdataStart(record: number): number {
    return this.#at(record) + 10;
  }
  rdataLength(record: number): number {
    return this.#u16(this.#at(record) + 8);
  }

  /**
   * The RDATA in octets of its own, names inside it uncompressed (case as sent); undefined when it does not have
   * the shape of its type, and then the record is not to be used.
   */
  rdata(record: number): Uint8Array | undefined {
    const start = this.rdataStart(record);
    return uncompressedRdata(this.octets, this.type(record), start, start + this.rdataLength(record));
  }

  /** The record number of the first OPT in the additional section. */
  optIndex(): number | undefined {
    for (let i = this.answerCount + this.authorityCount; i < this.recordCount; i++) {
      if (this.type(i) === Type.OPT) return i;
    }
    return undefined;
  }
  /** RFC 6891 §6.1.1: more than one OPT, one with an owner other than the root, or one elsewhere is FORMERR. */
  get hasBadOpt(): boolean {
    let seen = 0;
    for (let i = 0; i < this.recordCount; i++) {
      if (this.type(i) !== Type.OPT) continue;
      const isPlain = this.octets[this.#index[i * STRIDE + OWNER]] === 0 && this.section(i) === 'additional';
      if (!isPlain || ++seen > 1) return true;
    }
    return false;
  }
  opt(): OptView | undefined {
    const record = this.optIndex();
    if (record === undefined) return undefined;
    const at = this.#at(record);
    return {
      payloadSize: this.#u16(at + 2),
      extendedRcode: this.octets[at + 4],
      version: this.octets[at + 5],
      dnssecOk: (this.octets[at + 6] & 0x80) !== 0,
      options: this.octets.subarray(at + 10, at + 10 + this.rdataLength(record)),
    };
  }

  #at(record: number): number {
    return this.#index[record * STRIDE + FIXED];
  }
  #u16(at: number): number {
    return (this.octets[at] << 8) | this.octets[at + 1];
  }
}

/** Finds the parts of a message, or says why the octets cannot be one. */
export function readMessage(message: Uint8Array): MessageView | Malformed {
  const octets = plainOctets(message);
  const end = octets.length;
  if (end < HEADER_OCTETS) return malformed('shorter than a header', end);
  const count = (at: number): number => (octets[at] << 8) | octets[at + 1];
  let at = HEADER_OCTETS;
  for (let questions = count(4); questions > 0; questions--) {
    const behind = endOfName(octets, at);
    if (behind < 0) return malformed(nameFaults[-behind], at);
    if (behind + 4 > end) return malformed('the question runs past the end', at);
    at = behind + 4;
  }
  const questionEnd = at;
  const records = count(6) + count(8) + count(10);
  if (records * LEAST_RECORD_OCTETS > end - at) return malformed('more records counted than there is room for', at);
  const index = new Int32Array(records * STRIDE);
  for (let i = 0; i < records; i++) {
    const behind = endOfName(octets, at);
    if (behind < 0) return malformed(nameFaults[-behind], at);
    if (behind + 10 > end) return malformed('a record runs past the end', at);
    index[i * STRIDE + OWNER] = at;
    index[i * STRIDE + FIXED] = behind;
    at = behind + 10 + count(behind + 8);
    if (at > end) return malformed('RDATA runs past the end', behind);
  }
  return new MessageView(octets, index, records, questionEnd, end - at);
}

/** A Buffer's slice() shares its memory: RDATA would change with the receive buffer, or keep all of it alive. */
function plainOctets(octets: Uint8Array): Uint8Array {
  return Buffer.isBuffer(octets) ? new Uint8Array(octets.buffer, octets.byteOffset, octets.length) : octets;
}

function malformed(why: string, at: number): Malformed {
  return { kind: 'malformed', why, at };
}

/** Where RDATA is put together; an RDATA with two names and the longest rest fits. Only used between calls, never kept. */
const scratch = new Uint8Array(0x10000 + 3 * MAX_NAME_OCTETS);

function uncompressedRdata(octets: Uint8Array, type: number, start: number, end: number): Uint8Array | undefined {
  const layout = rdataLayout(type);
  if (layout === undefined) return octets.slice(start, end);
  let at = start;
  let out = 0;
  for (const field of layout) {
    let length: number;
    if (field === 'name') {
      const behind = endOfName(octets, at);
      if (behind < 0 || behind > end) return undefined;
      out += copyName(octets, at, scratch, out);
      at = behind;
      continue;
    } else if (field === 'character-string') {
      if (at >= end) return undefined;
      length = octets[at] + 1;
    } else {
      length = field === 'rest' ? end - at : field;
    }
    if (at + length > end) return undefined;
    for (const stop = at + length; at < stop;) scratch[out++] = octets[at++]!;
  }
  // RDLENGTH that says more than the type holds is as wrong as one that says less.
  return at === end && out <= 0xffff ? scratch.slice(0, out) : undefined;
}
