/** Queries as a client sends them, octet by octet, and as the stages see them. */

import { readQuery } from '../../src/access/read-query.ts';
import { createServerCookies } from '../../src/access/server-cookies.ts';
import { writeOptions, type EdnsOption } from '../../src/dns/edns.ts';
import { name, nameToWire } from '../../src/dns/name.ts';
import { Class, Type, parseType } from '../../src/dns/record-type.ts';
import type { Client, ClientQuery } from '../../src/query/client-query.ts';
import { createHandClock } from './hand-clock.ts';
import { createSeededRandom } from './seeded-random.ts';

export type QueryParts = {
  readonly id?: number;
  /** The header's second word; RD unless given. */
  readonly flags?: number;
  readonly qname?: string;
  /** QNAME with its letter case, as labels. */
  readonly labels?: readonly string[];
  readonly qtype?: string | number;
  readonly qclass?: number;
  readonly edns?: {
    readonly payloadSize?: number;
    readonly version?: number;
    readonly dnssecOk?: boolean;
    readonly options?: readonly EdnsOption[];
    /** The options' octets where they are to be unsound. */
    readonly rawOptions?: Uint8Array;
  };
};

export function queryOctets(parts: QueryParts = {}): Uint8Array {
  const { id = 0x1234, flags = 0x0100, qname = 'www.example.', qtype = 'A', qclass = Class.IN, edns } = parts;
  const question = [
    ...(parts.labels === undefined ? nameToWire(name(qname)) : casedName(parts.labels)),
    ...u16(typeof qtype === 'number' ? qtype : (parseType(qtype) ?? Number.NaN)),
    ...u16(qclass),
  ];
  const opt = edns === undefined ? [] : optRecord(edns);
  return Uint8Array.from([
    ...u16(id),
    ...u16(flags),
    ...u16(1), // QDCOUNT
    ...u16(0),
    ...u16(0),
    ...u16(edns === undefined ? 0 : 1),
    ...question,
    ...opt,
  ]);
}

export function optRecord(edns: NonNullable<QueryParts['edns']>): number[] {
  const { payloadSize = 1232, version = 0, dnssecOk = false, options = [] } = edns;
  const rdata = edns.rawOptions ?? writeOptions(options);
  return [
    0,
    ...u16(Type.OPT),
    ...u16(payloadSize),
    ...u16(version),
    ...u16(dnssecOk ? 0x8000 : 0),
    ...u16(rdata.length),
    ...rdata,
  ];
}

/** The query as it comes out of the listener's reading. */
export function clientQuery(parts: QueryParts = {}, client: Partial<Client> = {}): ClientQuery {
  const clock = createHandClock();
  const cookies = createServerCookies({ clock, random: createSeededRandom(1) });
  const asked: Client = { address: '192.0.2.53', port: 4711, transport: 'udp', ...client };
  const reading = readQuery(queryOctets(parts), asked, { newId: () => 'q1', clock, cookies });
  if (reading.kind !== 'query') throw new TypeError(`the test's own query was not taken: ${JSON.stringify(reading)}`);
  return reading.query;
}

export function u16(value: number): [number, number] {
  return [value >> 8, value & 0xff];
}

function casedName(labels: readonly string[]): number[] {
  return [...labels.flatMap((label) => [label.length, ...Buffer.from(label, 'latin1')]), 0];
}
