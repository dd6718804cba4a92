/**
 * A name as a key whose ordinary string order is the canonical order of names (RFC 4034 §6.1), so that a sorted list of
 * names is searched without taking any of them apart.
 *
 * Labels from the right, each ended by octet 0; the octets 0 and 1 inside a label are written as two, so that an end
 * sorts before every octet and a name before all names below it. `compareCanonical` in name.ts says the same for a pair.
 */

import { labelsOf, type Name } from './name.ts';

export function canonicalKey(name: Name): string {
  let key = '';
  for (const label of labelsOf(name).reverse()) key += escaped(label) + '\0';
  return key;
}

function escaped(label: string): string {
  return NEEDS_ESCAPE.test(label)
    ? label.replaceAll(EVERY_ESCAPE, (octet) => (octet === '\0' ? '\x01\x01' : '\x01\x02'))
    : label;
}
// oxlint-disable-next-line no-control-regex -- octets are what a label is made of
const NEEDS_ESCAPE = /[\0\x01]/;
// oxlint-disable-next-line no-control-regex -- as above
const EVERY_ESCAPE = /[\0\x01]/g;
