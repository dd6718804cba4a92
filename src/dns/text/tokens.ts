/**
 * Words of a master file (RFC 1035 §5.1) as they stand there, quotes and escapes included: `"a b"`, `a\032b`, `\#`.
 * So `""` differs from nothing, and `"\#"` from the mark of generic RDATA.
 */

import { ROOT, readEscape, type Name } from '../name.ts';

export class Tokens {
  readonly origin: Name;
  readonly #list: readonly string[];
  #next = 0;

  constructor(list: readonly string[], origin: Name = ROOT) {
    this.#list = list;
    this.origin = origin;
  }

  get left(): number {
    return this.#list.length - this.#next;
  }
  peek(): string | undefined {
    return this.#list[this.#next];
  }
  next(): string | undefined {
    return this.#list[this.#next++];
  }
  rest(): readonly string[] {
    const rest = this.#list.slice(this.#next);
    this.#next = this.#list.length;
    return rest;
  }
}

/** The octets a word stands for: quotes taken off, escapes resolved, a character beyond ASCII as its UTF-8. */
export function octetsFromToken(token: string): Uint8Array | string {
  const isQuoted = token.length >= 2 && token.startsWith('"') && token.endsWith('"');
  const text = isQuoted ? token.slice(1, -1) : token;
  // Every character becomes at most three octets in UTF-8 (a surrogate pair, four for two).
  const octets = Buffer.alloc(text.length * 3);
  let length = 0;
  for (let i = 0; i < text.length;) {
    if (text[i] === '\\') {
      const escaped = readEscape(text, i);
      if (typeof escaped === 'string') return escaped;
      octets[length++] = escaped.octet;
      i += escaped.length;
      continue;
    }
    const escape = text.indexOf('\\', i);
    const end = escape < 0 ? text.length : escape;
    length += octets.write(text.slice(i, end), length, 'utf8');
    i = end;
  }
  return new Uint8Array(octets.subarray(0, length));
}

/** Octets with `"` and `\` escaped and whatever is not printable ASCII as `\DDD`: reversible. */
export function escapeOctets(octets: Uint8Array): string {
  let text = '';
  for (const octet of octets) {
    if (octet < 0x20 || octet >= 0x7f) text += '\\' + String(octet).padStart(3, '0');
    else if (octet === 0x22 || octet === 0x5c) text += '\\' + String.fromCharCode(octet);
    else text += String.fromCharCode(octet);
  }
  return text;
}

export function quoteOctets(octets: Uint8Array): string {
  return `"${escapeOctets(octets)}"`;
}
