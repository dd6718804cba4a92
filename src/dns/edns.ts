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

/** RFC 7828 §3.1: the idle time-out in units of 100 ms. */
export function keepaliveOption(timeoutMs: number): EdnsOption {
  const units = Math.min(Math.round(timeoutMs / 100), 0xffff);
  return { code: Option.TCP_KEEPALIVE, data: Uint8Array.of(units >> 8, units & 0xff) };
}

/** RFC 7830 §3: padding of zero octets. */
export function paddingOption(length: number): EdnsOption {
  return { code: Option.PADDING, data: new Uint8Array(length) };
}
