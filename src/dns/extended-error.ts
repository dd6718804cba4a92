/**
 * Extended DNS errors (RFC 8914): the code that says why an answer failed or is unusual, and a sentence for people.
 */

import { Option, type EdnsOption } from './edns.ts';

export const ErrorCode = {
  OTHER: 0,
  UNSUPPORTED_DNSKEY_ALGORITHM: 1,
  UNSUPPORTED_DS_DIGEST_TYPE: 2,
  STALE_ANSWER: 3,
  FORGED_ANSWER: 4,
  DNSSEC_INDETERMINATE: 5,
  DNSSEC_BOGUS: 6,
  SIGNATURE_EXPIRED: 7,
  SIGNATURE_NOT_YET_VALID: 8,
  DNSKEY_MISSING: 9,
  RRSIGS_MISSING: 10,
  NO_ZONE_KEY_BIT_SET: 11,
  NSEC_MISSING: 12,
  CACHED_ERROR: 13,
  NOT_READY: 14,
  BLOCKED: 15,
  CENSORED: 16,
  FILTERED: 17,
  PROHIBITED: 18,
  STALE_NXDOMAIN_ANSWER: 19,
  NOT_AUTHORITATIVE: 20,
  NOT_SUPPORTED: 21,
  NO_REACHABLE_AUTHORITY: 22,
  NETWORK_ERROR: 23,
  INVALID_DATA: 24,
  SIGNATURE_EXPIRED_BEFORE_VALID: 25,
  TOO_EARLY: 26,
  UNSUPPORTED_NSEC3_ITERATIONS: 27,
  UNABLE_TO_CONFORM_TO_POLICY: 28,
  SYNTHESIZED: 29,
  INVALID_QUERY_TYPE: 30,
  NEGATIVE_TRUST_ANCHOR: 33, // the IANA registry, RFC 7646
} as const;

const codeNames = new Map<number, string>(
  Object.entries(ErrorCode).map(([key, code]) => [code, key.toLowerCase().replaceAll('_', ' ')]),
);

export type ExtendedError = { readonly code: number; readonly text: string };

/** The registered meaning of a code, in lower case; `code 4711` for one that is not registered. */
export function errorCodeToText(code: number): string {
  return codeNames.get(code) ?? `code ${code}`;
}

/** EXTRA-TEXT is UTF-8 without a final NUL (RFC 8914 §2); we keep it short, as it rides in a UDP reply. */
export const MAX_EXTRA_TEXT_OCTETS = 240;

export function extendedErrorOption(error: ExtendedError): EdnsOption {
  let text = Buffer.from(error.text, 'utf8');
  if (text.length > MAX_EXTRA_TEXT_OCTETS) {
    // Cut between characters: continuation octets are 10xxxxxx.
    let end = MAX_EXTRA_TEXT_OCTETS - 3;
    while ((text[end] & 0xc0) === 0x80) end--;
    text = Buffer.concat([text.subarray(0, end), Buffer.from('…', 'utf8')]);
  }
  return { code: Option.EXTENDED_ERROR, data: Uint8Array.of(error.code >> 8, error.code & 0xff, ...text) };
}

/**
 * Undefined when the option is too short to hold a code. The text is a stranger's: a final NUL is taken off (RFC 8914
 * §2 has receivers be ready for one), and characters that steer a terminal are replaced.
 */
export function readExtendedError(data: Uint8Array): ExtendedError | undefined {
  if (data.length < 2) return undefined;
  const text = Buffer.from(data.subarray(2)).toString('utf8').replace(/\0$/, '');
  return { code: (data[0] << 8) | data[1], text: text.replaceAll(/\p{Cc}/gu, '\ufffd') };
}
