/**
 * EDNS options: the octets of an OPT record's RDATA, code ‖ length ‖ data (RFC 6891 §6.1.2), and the layouts of the
 * few options we read or write. What a listener or a server does with them is decided elsewhere.
 */

export const Option = {
  NSID: 3,
  CLIENT_SUBNET: 8,
  EXPIRE: 9,
  COOKIE: 10,
  TCP_KEEPALIVE: 11,
  PADDING: 12,
  CHAIN: 13,
  KEY_TAG: 14,
  EXTENDED_ERROR: 15,
  REPORT_CHANNEL: 18,
} as const;

/** RFC 9715 §3: the largest UDP payload that crosses every ordinary path unfragmented. */
export const DEFAULT_PAYLOAD_SIZE = 1232;
/** RFC 6891 §6.2.3: a payload size below 512 is taken as 512. */
export const LEAST_PAYLOAD_SIZE = 512;
/** An OPT record without options. */
export const OPT_OCTETS = 11;

export type EdnsOption = { readonly code: number; readonly data: Uint8Array };

/** The options in order; undefined when a length runs past the end (FORMERR). At most `most` are read. */
export function readOptions(octets: Uint8Array, most = 64): EdnsOption[] | undefined {
  const options: EdnsOption[] = [];
  for (let at = 0; at < octets.length;) {
    if (at + 4 > octets.length) return undefined;
    const length = (octets[at + 2] << 8) | octets[at + 3];
    if (at + 4 + length > octets.length) return undefined;
    if (options.length < most) {
      options.push({ code: (octets[at] << 8) | octets[at + 1], data: octets.subarray(at + 4, at + 4 + length) });
    }
    at += 4 + length;
  }
  return options;
}

export function writeOptions(options: readonly EdnsOption[]): Uint8Array {
  let size = 0;
  for (const { data } of options) size += 4 + data.length;
  const octets = new Uint8Array(size);
  let at = 0;
  for (const { code, data } of options) {
    octets.set([code >> 8, code & 0xff, data.length >> 8, data.length & 0xff], at);
    octets.set(data, at + 4);
    at += 4 + data.length;
  }
  return octets;
}

/** RFC 7873 §4: a client cookie of 8 octets, then nothing or a server cookie of 8 to 32. */
export type Cookie = { readonly client: Uint8Array; readonly server: Uint8Array | undefined };

/** Undefined when the lengths are not those of RFC 7873 §5.2.2 (FORMERR). */
export function readCookie(data: Uint8Array): Cookie | undefined {
  if (data.length === 8) return { client: data, server: undefined };
  if (data.length < 16 || data.length > 40) return undefined;
  return { client: data.subarray(0, 8), server: data.subarray(8) };
}

export function cookieOption({ client, server }: Cookie): EdnsOption {
  return { code: Option.COOKIE, data: Uint8Array.of(...client, ...(server ?? [])) };
}

/** A server cookie that any server of one anycast address can check (RFC 9018 §4.1). */
export type ServerCookie = {
  /** Seconds since 1970 modulo 2^32, to be compared as a serial number (RFC 9018 §4.3). */
  readonly timestamp: number;
  /** SipHash-2-4 over client cookie, version to timestamp, and the client's address (RFC 9018 §4.4). */
  readonly hash: Uint8Array;
};

const SERVER_COOKIE_VERSION = 1;

/** Undefined when it is not of version 1 and 16 octets; a server then treats it as not its own. */
export function readServerCookie(octets: Uint8Array): ServerCookie | undefined {
  if (octets.length !== 16 || octets[0] !== SERVER_COOKIE_VERSION) return undefined;
  const timestamp = ((octets[4] << 24) | (octets[5] << 16) | (octets[6] << 8) | octets[7]) >>> 0;
  return { timestamp, hash: octets.subarray(8) };
}

export function writeServerCookie({ timestamp, hash }: ServerCookie): Uint8Array {
  const time = [timestamp >>> 24, timestamp >>> 16, timestamp >>> 8, timestamp];
  return Uint8Array.of(SERVER_COOKIE_VERSION, 0, 0, 0, ...time, ...hash);
}

/** RFC 7871 §6: the part of a client's address that a query was forwarded with. */
export type ClientSubnet = {
  /** The address, octets beyond the prefix as zero. */
  readonly address: Uint8Array;
  readonly sourcePrefix: number;
  readonly scopePrefix: number;
};

/** Undefined when family, lengths or the bits beyond the prefix are not those of RFC 7871 §6 (FORMERR, §7.1.1). */
export function readClientSubnet(data: Uint8Array): ClientSubnet | undefined {
  if (data.length < 4) return undefined;
  const size = addressSizes.get((data[0] << 8) | data[1]);
  const [sourcePrefix, scopePrefix] = [data[2], data[3]];
  if (size === undefined || sourcePrefix > size * 8 || scopePrefix > size * 8) return undefined;
  if (data.length !== 4 + Math.ceil(sourcePrefix / 8)) return undefined;
  const spare = sourcePrefix % 8 === 0 ? 0 : 0xff >> (sourcePrefix % 8);
  if ((data[data.length - 1] & spare) !== 0) return undefined;
  const address = new Uint8Array(size);
  address.set(data.subarray(4));
  return { address, sourcePrefix, scopePrefix };
}
/** By number of the address family: IPv4, IPv6. */
const addressSizes = new Map([
  [1, 4],
  [2, 16],
]);

/** RFC 5001 §2.3: who answers, in octets that are the server's own choice. */
export function nsidOption(identity: string): EdnsOption {
  return { code: Option.NSID, data: new Uint8Array(Buffer.from(identity, 'utf8')) };
}

/** RFC 7828 §3.1: the idle time-out in units of 100 ms. */
export function keepaliveOption(timeoutMs: number): EdnsOption {
  const units = Math.min(Math.round(timeoutMs / 100), 0xffff);
  return { code: Option.TCP_KEEPALIVE, data: Uint8Array.of(units >> 8, units & 0xff) };
}

/** The idle time-out that a server grants; undefined when the option has none (as in a query) or is not sound. */
export function readKeepalive(data: Uint8Array): number | undefined {
  return data.length === 2 ? ((data[0] << 8) | data[1]) * 100 : undefined;
}

/** RFC 7830 §3: padding of zero octets. */
export function paddingOption(length: number): EdnsOption {
  return { code: Option.PADDING, data: new Uint8Array(length) };
}

/** RFC 8467 §4.1: queries fill blocks of 128 octets, responses of 468. */
export const QUERY_PADDING_BLOCK = 128;
export const RESPONSE_PADDING_BLOCK = 468;

/**
 * How long the padding must be for a message of `octets` without it to fill whole blocks, its own four octets of code
 * and length counted; at most what `limit` leaves. Undefined when there is no room for the option.
 */
export function paddingLength(octets: number, block: number, limit: number): number | undefined {
  const bare = octets + 4;
  return bare > limit ? undefined : Math.min(Math.ceil(bare / block) * block, limit) - bare;
}
