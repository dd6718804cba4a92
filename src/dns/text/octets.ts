/**
 * RDATA while it is put together from text or taken apart for it: a growing run of octets, and a bounded reader.
 */

export class OctetSink {
  #octets = new Uint8Array(64);
  #length = 0;

  get length(): number {
    return this.#length;
  }
  put8(value: number): void {
    this.#room(1);
    this.#octets[this.#length++] = value;
  }
  put16(value: number): void {
    this.put8(value >>> 8);
    this.put8(value);
  }
  put32(value: number): void {
    this.put16(value >>> 16);
    this.put16(value);
  }
  put(octets: Uint8Array): void {
    this.#room(octets.length);
    this.#octets.set(octets, this.#length);
    this.#length += octets.length;
  }
  /** What was put in, in octets of its own. */
  finish(): Uint8Array {
    return this.#octets.slice(0, this.#length);
  }

  #room(more: number): void {
    if (this.#length + more <= this.#octets.length) return;
    const larger = new Uint8Array(Math.max(this.#octets.length * 2, this.#length + more));
    larger.set(this.#octets);
    this.#octets = larger;
  }
}

/** Reads from the front; every read is undefined once the octets do not suffice, and takes nothing then. */
export class OctetSource {
  readonly octets: Uint8Array;
  #at = 0;

  constructor(octets: Uint8Array) {
    this.octets = octets;
  }

  get left(): number {
    return this.octets.length - this.#at;
  }
  /** An unsigned number of 1 to 4 octets, the most significant first. */
  number(size: number): number | undefined {
    if (this.left < size) return undefined;
    let value = 0;
    for (const end = this.#at + size; this.#at < end;) value = value * 256 + this.octets[this.#at++];
    return value;
  }
  take(count: number): Uint8Array | undefined {
    if (this.left < count) return undefined;
    const start = this.#at;
    this.#at += count;
    return this.octets.subarray(start, this.#at);
  }
  rest(): Uint8Array {
    return this.octets.subarray(this.#at, (this.#at = this.octets.length));
  }
  /** Octets behind a length in one octet (RFC 1035 §3.3, character-string). */
  counted(): Uint8Array | undefined {
    if (this.left === 0 || this.left < 1 + this.octets[this.#at]) return undefined;
    return this.take(this.number(1)!);
  }
  /** An uncompressed name, as its wire octets. */
  name(): Uint8Array | undefined {
    let end = this.#at;
    for (;;) {
      const length = this.octets[end];
      if (length === undefined || length > 63 || end - this.#at + length + 1 > 255) return undefined;
      end += length + 1;
      if (length === 0) return this.take(end - this.#at);
    }
  }
}
