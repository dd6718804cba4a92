/**
 * LOC, a place on Earth (RFC 1876 §2, §3): degrees, minutes and seconds to a thousandth, metres to a hundredth, sizes
 * as one digit and a power of ten.
 */

import type { Field } from './fields.ts';
import type { OctetSource } from './octets.ts';
import type { Tokens } from './tokens.ts';

/** RFC 1876 §2: the equator and the prime meridian are 2^31, in thousandths of an arc second. */
const MERIDIAN = 2 ** 31;
const PER_DEGREE = 3_600_000;
/** Altitude counts centimetres from 100,000 m below the reference spheroid. */
const DATUM_CM = 10_000_000;
/** RFC 1876 §3: what a size and the two precisions are when left out, in centimetres. */
const DEFAULTS_CM = [100, 1_000_000, 1000] as const;

export function location(key: string): Field {
  return {
    key,
    read(from, to) {
      const latitude = readAngle(from, 'N', 'S', 90);
      if (typeof latitude === 'string') return latitude;
      const longitude = readAngle(from, 'E', 'W', 180);
      if (typeof longitude === 'string') return longitude;
      const altitude = centimetres(from.next());
      if (altitude === undefined || altitude + DATUM_CM < 0 || altitude + DATUM_CM > 0xffff_ffff) {
        return 'the altitude is missing or not a number of metres in range';
      }
      to.put8(0);
      for (const byDefault of DEFAULTS_CM) {
        const size = from.left === 0 ? byDefault : centimetres(from.next());
        if (size === undefined || size < 0 || size > 9e9)
          return 'a size or precision is not a number of metres in range';
        to.put8(digitAndPower(size));
      }
      to.put32(latitude);
      to.put32(longitude);
      to.put32(altitude + DATUM_CM);
      return undefined;
    },
    show(from) {
      if (from.number(1) !== 0) return undefined;
      const sizes = [showSize(from), showSize(from), showSize(from)];
      const latitude = showAngle(from, 'N', 'S', 90);
      const longitude = showAngle(from, 'E', 'W', 180);
      const altitude = from.number(4);
      if (sizes.includes(undefined) || latitude === undefined || longitude === undefined || altitude === undefined) {
        return undefined;
      }
      const text = `${latitude} ${longitude} ${((altitude - DATUM_CM) / 100).toFixed(2)}m ${sizes.join(' ')}`;
      return { text, value: text };
    },
  };
}

function readAngle(from: Tokens, positive: string, negative: string, most: number): number | string {
  let thousandths = 0;
  const bounds = [most, 59, 59.999];
  for (let i = 0; i <= 3; i++) {
    const token = from.next()?.toUpperCase();
    if (i > 0 && (token === positive || token === negative)) {
      if (thousandths > most * PER_DEGREE) return `more than ${most} degrees`;
      return token === positive ? MERIDIAN + thousandths : MERIDIAN - thousandths;
    }
    const pattern = i === 2 ? /^[0-9]{1,2}(?:\.[0-9]{1,3})?$/ : /^[0-9]{1,3}$/;
    if (token === undefined || !pattern.test(token) || Number(token) > bounds[i]) break;
    thousandths += Math.round((Number(token) * PER_DEGREE) / 60 ** i);
  }
  return `degrees, minutes, seconds and then ${positive} or ${negative} are expected`;
}

function showAngle(from: OctetSource, positive: string, negative: string, most: number): string | undefined {
  const raw = from.number(4);
  if (raw === undefined) return undefined;
  const thousandths = Math.abs(raw - MERIDIAN);
  if (thousandths > most * PER_DEGREE) return undefined;
  const degrees = Math.floor(thousandths / PER_DEGREE);
  const minutes = Math.floor((thousandths % PER_DEGREE) / 60_000);
  const seconds = ((thousandths % 60_000) / 1000).toFixed(3);
  return `${degrees} ${minutes} ${seconds} ${raw >= MERIDIAN ? positive : negative}`;
}

function centimetres(token: string | undefined): number | undefined {
  if (token === undefined || !/^-?[0-9]{1,8}(?:\.[0-9]{1,2})?m?$/i.test(token)) return undefined;
  return Math.round(Number.parseFloat(token) * 100);
}

/** RFC 1876 §2: the digit in the upper half, the power of ten in the lower; what is finer than one digit is cut off. */
function digitAndPower(size: number): number {
  let power = 0;
  let digit = size;
  for (; digit >= 10; power++) digit = Math.floor(digit / 10);
  return (digit << 4) | power;
}

function showSize(from: OctetSource): string | undefined {
  const octet = from.number(1);
  if (octet === undefined) return undefined;
  const digit = octet >> 4;
  const power = octet & 0x0f;
  if (digit > 9 || power > 9 || (digit === 0 && power > 0)) return undefined;
  return `${((digit * 10 ** power) / 100).toFixed(2)}m`;
}
