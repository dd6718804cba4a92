/** Messages put together octet by octet, whether sound or not. */

import { Class } from '../../src/dns/record-type.ts';
import { u16 } from './client-query.ts';

/** A header with these counts, then the octets as they are. */
export function rawMessage(
  counts: readonly number[],
  octets: readonly number[] | Uint8Array,
  flags = 0x0100,
): Uint8Array {
  const header = [...u16(0x1234), ...u16(flags), ...counts.flatMap(u16)];
  const message = new Uint8Array(header.length + octets.length);
  message.set(header);
  message.set(octets, header.length);
  return message;
}

/** `www.example. A IN` as a question. */
export const wwwQuestion: readonly number[] = [...Buffer.from('\x03www\x07example\0', 'latin1'), 0, 1, 0, 1];

/** A record; its RDLENGTH is true unless another is given. */
export function rawRecord(
  owner: readonly number[],
  type: number,
  rdata: readonly number[],
  rdlength = rdata.length,
): number[] {
  return [...owner, ...u16(type), ...u16(Class.IN), 0, 0, 1, 0x2c, ...u16(rdlength), ...rdata];
}

export const pointer = (to: number): [number, number] => [0xc0 | (to >> 8), to & 0xff];
