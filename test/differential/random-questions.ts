/**
 * Questions for a random internet: names that are there, that are not, between, below and above those that are, in all
 * its zones, at the root and in TLDs, of every type that a client may ask for; with and without DO, AD and CD.
 */

import { Flag } from '../../src/dns/wire/compose.ts';
import type { Random } from '../../src/system/random.ts';
import { chooser } from './chooser.ts';
import { OWNERS } from './random-internet.ts';

export type Question = {
  /** `www.aa. A`. */
  readonly text: string;
  readonly flags: number;
  readonly dnssecOk: boolean;
};

const TYPES = ['A', 'A', 'A', 'AAAA', 'TXT', 'MX', 'CNAME', 'DNAME', 'NS', 'SOA', 'DS', 'SRV', 'CAA', 'HTTPS'];
const RARE_TYPES = ['DNSKEY', 'NSEC', 'NSEC3PARAM', 'RRSIG', 'ANY', 'CDS', 'TYPE65280', 'PTR', 'NSEC3'];
const MADE_UP = [
  'q',
  'down',
  'y.z',
  'z',
  'q.wild',
  'wild',
  'a.b.q.wild',
  'a.b.www',
  'no.such.name',
  'q.x.y.z',
  '_tcp.mail',
  'd.d.d.d.deep',
  `${'d.'.repeat(19)}deep`,
  'below.deep.down',
  // What sorts at the ends of a zone.
  '\\000',
  '~~~~',
];

export function drawQuestions(apexes: readonly string[], random: Random, count: number): Question[] {
  const by = chooser(random);
  const above = ['.', 'host.', 'zz.', 's1.host.', 'aa.', 'bb.', 'cc.'];
  return Array.from({ length: count }, () => {
    const zone = by.oneIn(12) ? by.one(above) : by.one(apexes);
    const labels = by.oneIn(4) ? '' : by.oneIn(2) ? by.one(OWNERS) : by.one(MADE_UP);
    const qname = labels === '' ? zone : `${labels}.${zone === '.' ? '' : zone}`;
    const type = by.one(by.oneIn(6) ? RARE_TYPES : TYPES);
    const flags = Flag.RD | (by.oneIn(6) ? Flag.CD : 0) | (by.oneIn(3) ? Flag.AD : 0);
    return { text: `${qname} ${type}`, flags, dnssecOk: !by.oneIn(4) };
  });
}
