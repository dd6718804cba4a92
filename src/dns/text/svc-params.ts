/**
 * Service parameters of SVCB and HTTPS (RFC 9460 §2.1, §2.2, §7; RFC 9461 §5 dohpath; RFC 9540 §4 ohttp).
 *
 * A record whose parameters break a rule that RFC 9460 has a receiver reject (order, `mandatory`, `no-default-alpn`
 * alone) is neither read nor shown; it keeps its generic form.
 */

import { addressFromText, addressToText } from '../address.ts';
import { base64ToOctets, decimal, toText, type Field, type Shown } from './fields.ts';
import { escapeOctets, octetsFromToken, quoteOctets } from './tokens.ts';

type Parameters = Map<number, Uint8Array>;

/** How the value of one known key is written: octets from the value's octets as text, and back. */
type Codec = {
  readonly name: string;
  read(text: Uint8Array): Uint8Array | undefined;
  show(octets: Uint8Array): Shown | undefined;
};

const Key = { MANDATORY: 0, ALPN: 1, NO_DEFAULT_ALPN: 2 } as const;

const codecs = new Map<number, Codec>([
  [Key.MANDATORY, { name: 'mandatory', read: readMandatory, show: showMandatory }],
  [Key.ALPN, { name: 'alpn', read: readAlpn, show: showAlpn }],
  [Key.NO_DEFAULT_ALPN, flag('no-default-alpn')],
  [3, { name: 'port', read: readPort, show: showPort }],
  [4, addresses('ipv4hint', 4)],
  [5, { name: 'ech', read: (text) => nonEmpty(base64ToOctets(ascii(text))), show: showEch }],
  [6, addresses('ipv6hint', 16)],
  [7, { name: 'dohpath', read: nonEmpty, show: (octets) => nonEmpty(octets) && showOpaque(octets) }],
  [8, flag('ohttp')],
]);
const keysByName = new Map([...codecs].map(([key, { name }]) => [name, key]));

export function serviceParameters(name: string): Field {
  return {
    key: name,
    read(from, to) {
      const found: Parameters = new Map();
      for (const token of from.rest()) {
        const why = readParameter(token, found);
        if (why !== undefined) return `${token}: ${why}`;
      }
      const why = inconsistency(found);
      if (why !== undefined) return why;
      for (const [key, octets] of [...found].sort(([a], [b]) => a - b)) {
        to.put16(key);
        to.put16(octets.length);
        to.put(octets);
      }
      return undefined;
    },
    show(from) {
      const found: Parameters = new Map();
      for (let last = -1; from.left > 0;) {
        const key = from.number(2);
        const length = from.number(2);
        const octets = length === undefined ? undefined : from.take(length);
        // RFC 9460 §2.2: keys ascend, none comes twice.
        if (key === undefined || octets === undefined || key <= last || key === 0xffff) return undefined;
        found.set(key, octets);
        last = key;
      }
      return inconsistency(found) === undefined ? showParameters(found) : undefined;
    },
  };
}

function showParameters(parameters: Parameters): Shown | undefined {
  const words: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [key, octets] of parameters) {
    const shown = codecs.has(key) ? codecs.get(key)!.show(octets) : showOpaque(octets);
    if (shown === undefined) return undefined;
    words.push(shown.text === '' ? keyToText(key) : `${keyToText(key)}=${shown.text}`);
    values[keyToText(key)] = shown.value;
  }
  return { text: words.join(' '), value: values };
}

/** What RFC 9460 §8 and §7.1.1 ask of the parameters of one record taken together. */
function inconsistency(parameters: Parameters): string | undefined {
  if (parameters.has(Key.NO_DEFAULT_ALPN) && !parameters.has(Key.ALPN)) return 'no-default-alpn stands without alpn';
  for (const key of keysIn(parameters.get(Key.MANDATORY) ?? new Uint8Array(0))) {
    if (key === Key.MANDATORY) return 'mandatory lists itself';
    if (!parameters.has(key)) return `mandatory lists ${keyToText(key)}, which is not there`;
  }
  return undefined;
}

function readParameter(token: string, into: Parameters): string | undefined {
  const equals = token.indexOf('=');
  const name = equals < 0 ? token : token.slice(0, equals);
  const key = keyFromText(name);
  if (key === undefined) return `${name} is not a service parameter`;
  if (into.has(key)) return 'it comes twice';
  const text = octetsFromToken(equals < 0 ? '' : token.slice(equals + 1));
  if (typeof text === 'string') return text;
  const codec = codecs.get(key);
  // keyNNNNN of a known key gives its octets as they are; they must still be what that key allows.
  const isOpaque = name !== codec?.name;
  const octets = isOpaque || codec === undefined ? text : codec.read(text);
  if (octets === undefined || (codec !== undefined && codec.show(octets) === undefined))
    return 'its value is not sound';
  if (octets.length > 0xffff) return 'its value is too long';
  into.set(key, octets);
  return undefined;
}

function keyToText(key: number): string {
  return codecs.get(key)?.name ?? `key${key}`;
}
/** RFC 9460 §14.3.2: 65535 is reserved for "invalid key". */
function keyFromText(name: string): number | undefined {
  const known = keysByName.get(name);
  if (known !== undefined) return known;
  return /^key(?:0|[1-9][0-9]{0,4})$/.test(name) ? decimal(name.slice(3), 0xfffe) : undefined;
}

function ascii(octets: Uint8Array): string {
  return Buffer.from(octets).toString('latin1');
}
function nonEmpty(octets: Uint8Array | undefined): Uint8Array | undefined {
  return octets === undefined || octets.length === 0 ? undefined : octets;
}
function showOpaque(octets: Uint8Array): Shown {
  return { text: octets.length === 0 ? '' : quoteOctets(octets), value: escapeOctets(octets) };
}

/** A key whose presence is all it says. */
function flag(name: string): Codec {
  return {
    name,
    read: (text) => (text.length === 0 ? text : undefined),
    show: (octets) => (octets.length === 0 ? { text: '', value: true } : undefined),
  };
}

function addresses(name: string, size: 4 | 16): Codec {
  return {
    name,
    read(text) {
      const parts = ascii(text).split(',').map(addressFromText);
      return parts.every((part) => part?.length === size)
        ? new Uint8Array(Buffer.concat(parts as Uint8Array[]))
        : undefined;
    },
    show(octets) {
      if (octets.length === 0 || octets.length % size !== 0) return undefined;
      const list: string[] = [];
      for (let at = 0; at < octets.length; at += size) list.push(addressToText(octets.subarray(at, at + size)));
      return { text: list.join(','), value: list };
    },
  };
}

function readPort(text: Uint8Array): Uint8Array | undefined {
  const port = decimal(ascii(text), 0xffff);
  return port === undefined ? undefined : Uint8Array.of(port >> 8, port);
}
function showPort(octets: Uint8Array): Shown | undefined {
  if (octets.length !== 2) return undefined;
  const port = (octets[0] << 8) | octets[1];
  return { text: String(port), value: port };
}

function showEch(octets: Uint8Array): Shown | undefined {
  const text = toText(octets, 'base64');
  return octets.length === 0 ? undefined : { text, value: text };
}

/** RFC 9460 §8: the keys that a client must understand, on the wire in ascending order. */
function readMandatory(text: Uint8Array): Uint8Array | undefined {
  const keys = ascii(text).split(',').map(keyFromText);
  if (keys.includes(undefined) || new Set(keys).size !== keys.length) return undefined;
  return Uint8Array.from((keys as number[]).sort((a, b) => a - b).flatMap((key) => [key >> 8, key & 0xff]));
}
function showMandatory(octets: Uint8Array): Shown | undefined {
  const keys = keysIn(octets);
  const isSound = octets.length > 0 && octets.length % 2 === 0 && keys.every((key, i) => i === 0 || key > keys[i - 1]);
  if (!isSound || keys.includes(0xffff)) return undefined;
  const names = keys.map(keyToText);
  return { text: names.join(','), value: names };
}
function keysIn(octets: Uint8Array): number[] {
  const keys: number[] = [];
  for (let at = 0; at + 1 < octets.length; at += 2) keys.push((octets[at] << 8) | octets[at + 1]);
  return keys;
}

/** RFC 9460 §7.1.1 and Appendix A.1: protocol ids between commas, a comma or backslash inside one escaped once more. */
function readAlpn(text: Uint8Array): Uint8Array | undefined {
  const octets: number[] = [];
  let id: number[] = [];
  for (let i = 0; i <= text.length; i++) {
    if (i === text.length || text[i] === 0x2c) {
      if (id.length === 0 || id.length > 255) return undefined;
      octets.push(id.length, ...id);
      id = [];
      continue;
    }
    if (text[i] === 0x5c && ++i === text.length) return undefined;
    id.push(text[i]);
  }
  return Uint8Array.from(octets);
}
function showAlpn(octets: Uint8Array): Shown | undefined {
  const ids: Uint8Array[] = [];
  for (let at = 0; at < octets.length; at += octets[at] + 1) {
    if (octets[at] === 0 || at + 1 + octets[at] > octets.length) return undefined;
    ids.push(octets.subarray(at + 1, at + 1 + octets[at]));
  }
  if (ids.length === 0) return undefined;
  const escaped = ids.map((id) =>
    [...id].flatMap((octet) => (octet === 0x2c || octet === 0x5c ? [0x5c, octet] : [octet])),
  );
  return {
    text: quoteOctets(Uint8Array.from(escaped.flatMap((id, i) => (i === 0 ? id : [0x2c, ...id])))),
    value: ids.map(escapeOctets),
  };
}
