/** The address records of one name, from addresses as they are written in plans and scenarios. */

import { addressFromText } from '../dns/address.ts';
import type { Name } from '../dns/name.ts';
import { Type } from '../dns/record-type.ts';
import { rrset, type RRset } from '../dns/rrset.ts';

/** The A and AAAA set, as far as there are such addresses. Throws where the text is none: plans are part of the program. */
export function addressSets(owner: Name, ttl: number, addresses: readonly string[]): RRset[] {
  const octets = addresses.map((text) => {
    const address = addressFromText(text);
    if (address === undefined) throw new TypeError(`not an address: ${text}`);
    return address;
  });
  return [Type.A, Type.AAAA].flatMap((type) => {
    const rdata = octets.filter(({ length }) => length === (type === Type.A ? 4 : 16));
    return rdata.length === 0 ? [] : [rrset(owner, type, ttl, rdata)];
  });
}
