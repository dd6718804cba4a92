/**
 * Writes DNS messages with name compression (RFC 1035 §4.1.4, RFC 3597 §4) into one buffer that is used again for
 * every message. An RRset goes in whole or not at all (RFC 2181 §9), so whoever calls decides what its absence means.
 */

import { ROOT, nameFromWire, parentOf, type Name } from '../name.ts';
import { Class, Type } from '../record-type.ts';
import type { RRset } from '../rrset.ts';
import { hasRdataLayout, mayCompressRdata, rdataLayout } from './rdata-layout.ts';
import type { Section } from './message-view.ts';

export const MAX_MESSAGE_OCTETS = 0xffff;
/** A compression pointer has 14 bits. */
const MAX_POINTER_TARGET = 0x3fff;

export type Header = { readonly id: number; readonly flags: number };
/** Bits of the header's second word (RFC 1035 §4.1.1, RFC 4035 §3). */
export const Flag = { QR: 0x8000, AA: 0x0400, TC: 0x0200, RD: 0x0100, RA: 0x0080, AD: 0x0020, CD: 0x0010 } as const;

const countOffset: Record<Section, number> = { answer: 6, authority: 8, additional: 10 };

export class MessageComposer {
  readonly #octets = new Uint8Array(MAX_MESSAGE_OCTETS);
  readonly #known = new Map<Name, number>();
  #at = 0;
  #limit = MAX_MESSAGE_OCTETS;

  /** Octets written so far. */
  get length(): number {
    return this.#at;
  }

  /** Begins a message of at most `limit` octets, all counts 0. */
  begin(header: Header, limit: number): void {
    this.#known.clear();
    this.#limit = Math.min(limit, MAX_MESSAGE_OCTETS);
    this.#octets.fill(0, 0, 12);
    this.#put16(0, header.id);
    this.#put16(2, header.flags);
    this.#at = 12;
  }

  setFlags(flags: number): void {
    this.#put16(2, flags);
  }

  /** Keeps `octets` free at the end, for an OPT record that must not be squeezed out. */
  reserve(octets: number): void {
    this.#limit -= octets;
  }
  release(octets: number): void {
    this.#limit += octets;
  }

  /** The question, its name with the letter case of `wireName` (uncompressed octets). */
  question(wireName: Uint8Array, qtype: number, qclass: number): void {
    const start = this.#at;
    this.#octets.set(wireName, start);
    this.#at += wireName.length;
    this.#remember(nameFromWire(wireName), start);
    this.#put16(this.#at, qtype);
    this.#put16(this.#at + 2, qclass);
    this.#at += 4;
    this.#count(4, 1);
  }

  /**
   * Adds the whole set, its records starting with number `first` and going round; false, with nothing written, when
   * it does not fit.
   */
  addRRset(section: Section, set: RRset, ttl: number, first = 0, recordClass: number = Class.IN): boolean {
    const before = this.#at;
    const { packed } = set;
    let from = 0;
    for (let skip = first % set.count; skip > 0; skip--) from += 2 + ((packed[from] << 8) | packed[from + 1]);
    for (let i = 0; i < set.count; i++) {
      if (from === packed.length) from = 0;
      const length = (packed[from] << 8) | packed[from + 1];
      if (!this.#record(set.owner, set.type, recordClass, ttl, packed, from + 2, length)) {
        this.#forgetBehind(before);
        return false;
      }
      from += 2 + length;
    }
    this.#count(countOffset[section], set.count);
    return true;
  }

  /** Adds one record of any class; false, with nothing written, when it does not fit. */
  addRecord(section: Section, owner: Name, type: number, recordClass: number, ttl: number, rdata: Uint8Array): boolean {
    const before = this.#at;
    if (!this.#record(owner, type, recordClass, ttl, rdata, 0, rdata.length)) {
      this.#forgetBehind(before);
      return false;
    }
    this.#count(countOffset[section], 1);
    return true;
  }

  /** The message in octets of its own. */
  finish(): Uint8Array {
    return this.#octets.slice(0, this.#at);
  }

  #record(
    owner: Name,
    type: number,
    recordClass: number,
    ttl: number,
    from: Uint8Array,
    start: number,
    length: number,
  ): boolean {
    const octets = this.#octets;
    if (!this.#name(owner)) return false;
    if (this.#at + 10 > this.#limit) return false;
    this.#put16(this.#at, type);
    this.#put16(this.#at + 2, recordClass);
    this.#put16(this.#at + 4, ttl >>> 16);
    this.#put16(this.#at + 6, ttl & 0xffff);
    const lengthAt = this.#at + 8;
    this.#at += 10;
    const end = start + length;
    // RDATA without the shape of its type is nobody's to take apart: it goes out as the octets it is.
    if (mayCompressRdata(type) && hasRdataLayout(type, from.subarray(start, end))) {
      if (!this.#rdataWithNames(type, from, start, end)) return false;
    } else {
      if (this.#at + length > this.#limit) return false;
      for (let i = start; i < end; i++) octets[this.#at++] = from[i]!;
    }
    this.#put16(lengthAt, this.#at - lengthAt - 2);
    return true;
  }

  #rdataWithNames(type: number, from: Uint8Array, start: number, end: number): boolean {
    let at = start;
    for (const field of rdataLayout(type)!) {
      let behind = at;
      if (field === 'name') {
        while (from[behind] !== 0) behind += from[behind] + 1;
        behind++;
        if (!this.#name(nameFromWire(from, at, behind), from, at)) return false;
      } else {
        behind = typeof field === 'number' ? at + field : end;
        if (this.#at + behind - at > this.#limit) return false;
        for (let i = at; i < behind; i++) this.#octets[this.#at++] = from[i]!;
      }
      at = behind;
    }
    return true;
  }

  /** Writes a name, its longest known suffix as a pointer; `cased` holds the same name with the case to write. */
  #name(name: Name, cased?: Uint8Array, casedAt = 0): boolean {
    const start = this.#at;
    let rest = name;
    while (rest !== ROOT && !this.#known.has(rest)) rest = parentOf(rest);
    const fresh = name.length - rest.length;
    if (start + fresh + (rest === ROOT ? 1 : 2) > this.#limit) return false;
    for (let i = 0; i < fresh; i++) {
      this.#octets[this.#at++] = cased === undefined ? name.charCodeAt(i) : cased[casedAt + i];
    }
    if (rest === ROOT) {
      this.#octets[this.#at++] = 0;
    } else {
      this.#put16(this.#at, 0xc000 | this.#known.get(rest)!);
      this.#at += 2;
    }
    this.#remember(name, start, rest);
    return true;
  }

  #remember(name: Name, start: number, until: Name = ROOT): void {
    let suffix = name;
    for (let at = start; suffix !== until && suffix !== ROOT && at <= MAX_POINTER_TARGET;) {
      if (!this.#known.has(suffix)) this.#known.set(suffix, at);
      at += suffix.charCodeAt(0) + 1;
      suffix = parentOf(suffix);
    }
  }

  #forgetBehind(before: number): void {
    this.#at = before;
    for (const [name, at] of this.#known) if (at >= before) this.#known.delete(name);
  }

  #count(at: number, more: number): void {
    this.#put16(at, ((this.#octets[at] << 8) | this.#octets[at + 1]) + more);
  }

  #put16(at: number, value: number): void {
    this.#octets[at] = value >> 8;
    this.#octets[at + 1] = value;
  }
}

/** The OPT record's fixed part as the composer wants it: class is the payload size, TTL the rest (RFC 6891 §6.1.3). */
export function addOpt(
  composer: MessageComposer,
  opt: { payloadSize: number; extendedRcode: number; version: number; dnssecOk: boolean; options: Uint8Array },
): boolean {
  const ttl = ((opt.extendedRcode << 24) | (opt.version << 16) | (opt.dnssecOk ? 0x8000 : 0)) >>> 0;
  return composer.addRecord('additional', ROOT, Type.OPT, opt.payloadSize, ttl, opt.options);
}
