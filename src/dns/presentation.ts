/**
 * RDATA for people and from people: the presentation form of a master file (RFC 1035 §5, generic form of RFC 3597 §5)
 * and values for logs and the API. The hot path and validation use the octets, never these.
 *
 * RDATA that does not have the shape of its type, or whose text would not lead back to the same octets, is shown in
 * generic form, so that text → octets → text and octets → text → octets lose nothing. Nothing here throws.
 *
 * All of it is one table of fields (text/rdata-shapes.ts). dns-packet, which could have given some of the values, loses
 * octets in names and strings and has no text form; its names for the parts of a value are kept, and the tests hold its
 * values against ours.
 */

import { ROOT, nameToText, type Name } from './name.ts';
import { classToText, typeToText } from './record-type.ts';
import { rdataOf, type RRset } from './rrset.ts';
import { hexToOctets, toText, decimal, type Shown } from './text/fields.ts';
import { OctetSink, OctetSource } from './text/octets.ts';
import { rdataShape } from './text/rdata-shapes.ts';
import { Tokens } from './text/tokens.ts';
import { hasRdataLayout } from './wire/rdata-layout.ts';

/** RFC 3597 §5: the mark before the length and the hexadecimal octets of generic RDATA. */
const GENERIC = '\\#';
const MAX_RDATA_OCTETS = 0xffff;

/**
 * The octets that the words stand for, names uncompressed with the case written, relative ones completed by `origin`.
 * Words are as in a master file, with their quotes and escapes: `['10', 'mail.example.']`, `['"a b"']`.
 */
export function rdataFromText(
  type: number,
  tokens: readonly string[],
  origin: Name = ROOT,
): Uint8Array | { why: string } {
  const shape = rdataShape(type);
  const from = new Tokens(tokens, origin);
  if (from.peek() === GENERIC) return genericRdata(type, from);
  if (shape === undefined) return { why: `${typeToText(type)} is written in generic form: \\# length hexadecimal` };
  const to = new OctetSink();
  for (const field of shape) {
    const why = field.read(from, to);
    if (why !== undefined) return { why };
  }
  if (from.left > 0) return { why: `${from.peek()} is more than ${typeToText(type)} holds` };
  if (to.length > MAX_RDATA_OCTETS) return { why: 'it is longer than 65535 octets' };
  return to.finish();
}

/** RFC 3597 §5: allowed for known types too, and then the octets must have that type's shape. */
function genericRdata(type: number, from: Tokens): Uint8Array | { why: string } {
  from.next();
  const length = decimal(from.next() ?? '', MAX_RDATA_OCTETS);
  if (length === undefined) return { why: '\\# is followed by a length from 0 to 65535' };
  const octets = hexToOctets(from.rest().join(''));
  if (octets === undefined) return { why: 'generic RDATA is pairs of hexadecimal digits' };
  if (octets.length !== length) return { why: `the length says ${length} octets, ${octets.length} are there` };
  return hasRdataLayout(type, octets) ? octets : { why: `the octets are not those of ${typeToText(type)}` };
}

/** Presentation form, on one line. */
export function rdataToText(type: number, rdata: Uint8Array): string {
  const parts = showFields(type, rdata);
  if (parts === undefined) return genericText(rdata);
  let text = '';
  for (const { shown } of parts) if (shown.text !== '') text += (text === '' ? '' : ' ') + shown.text;
  return text;
}

/**
 * A value of strings, numbers, lists and objects: the field itself where a type has one field (`192.0.2.1` for A),
 * otherwise an object by the fields' names; generic text where there is no shape.
 */
export function rdataToValue(type: number, rdata: Uint8Array): unknown {
  const parts = showFields(type, rdata);
  if (parts === undefined) return genericText(rdata);
  if (parts.length === 1) return parts[0].shown.value;
  return Object.fromEntries(parts.map(({ key, shown }) => [key, shown.value]));
}

/** Master-file lines, one a record, without a final line break. */
export function formatRRset(rrset: RRset): string {
  const before = `${nameToText(rrset.owner)}\t${rrset.ttl}\t${classToText(1)}\t${typeToText(rrset.type)}\t`;
  return rdataOf(rrset)
    .map((rdata) => before + rdataToText(rrset.type, rdata))
    .join('\n');
}

function showFields(type: number, rdata: Uint8Array): { key: string; shown: Shown }[] | undefined {
  const shape = rdataShape(type);
  if (shape === undefined) return undefined;
  const from = new OctetSource(rdata);
  const parts: { key: string; shown: Shown }[] = [];
  for (const field of shape) {
    const shown = field.show(from);
    if (shown === undefined) return undefined;
    parts.push({ key: field.key, shown });
  }
  return from.left === 0 ? parts : undefined;
}

function genericText(rdata: Uint8Array): string {
  return rdata.length === 0 ? `${GENERIC} 0` : `${GENERIC} ${rdata.length} ${toText(rdata, 'hex')}`;
}
