/** Messages whose names are dear to compose and to read: many, long, and alike in different ways. */

import { name, nameToWire, type Name } from '../../src/dns/name.ts';
import { Class, Type } from '../../src/dns/record-type.ts';
import { rrset } from '../../src/dns/rrset.ts';
import { Flag, MessageComposer } from '../../src/dns/wire/compose.ts';
import { numbered } from './besieged.ts';

export const OWNER = name('many.example.');

export function composeCostly(type: number, rdata: readonly Uint8Array[]): Uint8Array {
  const composer = new MessageComposer();
  composer.begin({ id: 1, flags: Flag.QR }, 0xffff);
  composer.question(nameToWire(OWNER), type, Class.IN);
  // As many as fit.
  for (const each of rdata) if (!composer.addRRset('answer', rrset(OWNER, type, 300, [each]), 300)) break;
  return composer.finish();
}

const deep = (i: number, labels: number): Name => name(`n${i}.${'a.'.repeat(labels)}example.`);
const srv = (target: Name): Uint8Array => Uint8Array.from([0, 1, 0, 1, 0, 53, ...nameToWire(target)]);

export const costlyNames: readonly (readonly [string, number, readonly Uint8Array[]])[] = [
  ['3,000 SRV targets of one suffix', Type.SRV, numbered(3000, (i) => srv(deep(i, 2)))],
  [
    '4,000 mail servers below 100 labels',
    Type.MX,
    numbered(4000, (i) => Uint8Array.from([0, 1, ...nameToWire(deep(i, 100))])),
  ],
  [
    'server names without a label in common',
    Type.NS,
    numbered(2000, (i) =>
      nameToWire(
        name(
          numbered(60, (k) => `x${i}-${k}`)
            .join('.')
            .slice(0, 240) + '.',
        ),
      ),
    ),
  ],
];
