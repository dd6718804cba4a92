/**
 * The zones that RFCs have a resolver answer by itself, as data: what stands in each, who says so, and the group by
 * which the operator switches it (`local.specialUse`).
 *
 * Not here: `ipv4only.arpa` (RFC 8880), which only a resolver that does DNS64 answers by itself, and `example` and
 * its like, of which RFC 6761 §6.5 wants nothing special.
 */

import { name, type Name } from '../dns/name.ts';

export const specialUseGroups = [
  'localhost',
  'invalid',
  'test',
  'onion',
  'alt',
  'internal',
  'homeArpa',
  'local',
  'privateReverse',
  'resolverArpa',
] as const;
export type SpecialUseGroup = (typeof specialUseGroups)[number];

export type SpecialUseZone = {
  readonly zone: Name;
  readonly group: SpecialUseGroup;
  readonly content:
    /** Nothing below the apex exists (RFC 6303 §3). */
    | 'empty'
    /** Every name exists, and has no records. */
    | 'nodata'
    /** Every name has the loopback addresses. */
    | 'loopback'
    /** The reverse zone of a loopback network: the one name `pointer` leads to `localhost.`. */
    | { readonly pointer: Name };
  /**
   * The zone is delegated in the public tree, without DNSSEC on purpose. Its DS belongs to the parent, whose signed
   * "there is none" lets a validating client believe the rest (RFC 8375 §4, RFC 6303 §3).
   */
  readonly isDelegated: boolean;
  /** For the client, why nothing was asked. */
  readonly why: string;
};

const PRIVATE = 'is the reverse zone of private or reserved addresses, which is not asked outside';

export const specialUseZones: readonly SpecialUseZone[] = [
  top('localhost.', 'localhost', 'is this machine (RFC 6761 §6.3)', 'loopback'),
  reverse('127.in-addr.arpa.', 'is the reverse zone of the loopback network (RFC 6303 §4.2)', {
    pointer: name('1.0.0.127.in-addr.arpa.'),
  }),
  reverse(`1.${zeros(31)}ip6.arpa.`, 'is the reverse name of the loopback address (RFC 6303 §4.3)', {
    pointer: name(`1.${zeros(31)}ip6.arpa.`),
  }),
  top('invalid.', 'invalid', 'never exists (RFC 6761 §6.4)'),
  top('test.', 'test', 'is for tests and does not exist in the DNS (RFC 6761 §6.2)'),
  top('onion.', 'onion', 'is asked over Tor and never of the DNS (RFC 7686 §2)'),
  top('alt.', 'alt', 'is for names outside the DNS (RFC 9476 §2)'),
  top('internal.', 'internal', 'is for private networks and not in the public DNS (ICANN, 2024)'),
  top('local.', 'local', 'is asked over multicast DNS (RFC 6762 §22.1)'),
  arpa('home.arpa.', 'homeArpa', 'empty', 'is of the home network alone (RFC 8375 §4)'),
  arpa(
    'resolver.arpa.',
    'resolverArpa',
    'nodata',
    'speaks of this resolver, which has no encrypted twin (RFC 9462 §6.4)',
  ),
  // RFC 6303 §4.1: private addresses of RFC 1918.
  ...privateReverse('RFC 6303 §4.1', [
    '10.in-addr.arpa.',
    ...numbered(16, 31, '172.in-addr.arpa.'),
    '168.192.in-addr.arpa.',
  ]),
  // RFC 6303 §4.2: this network, link-local, documentation, broadcast.
  ...privateReverse('RFC 6303 §4.2', [
    '0.in-addr.arpa.',
    '254.169.in-addr.arpa.',
    '2.0.192.in-addr.arpa.',
    '100.51.198.in-addr.arpa.',
    '113.0.203.in-addr.arpa.',
    '255.255.255.255.in-addr.arpa.',
  ]),
  // RFC 6303 §4.3 to §4.6: the unspecified address, unique local and link-local networks, documentation.
  ...privateReverse('RFC 6303 §4.3', [`0.${zeros(31)}ip6.arpa.`]),
  ...privateReverse('RFC 6303 §4.4', ['d.f.ip6.arpa.']),
  ...privateReverse('RFC 6303 §4.5', ['8.e.f.ip6.arpa.', '9.e.f.ip6.arpa.', 'a.e.f.ip6.arpa.', 'b.e.f.ip6.arpa.']),
  ...privateReverse('RFC 6303 §4.6', ['8.b.d.0.1.0.0.2.ip6.arpa.']),
  // RFC 7793: the addresses that carriers share, 100.64.0.0/10.
  ...privateReverse('RFC 7793', numbered(64, 127, '100.in-addr.arpa.')),
];

function top(zone: string, group: SpecialUseGroup, why: string, content: SpecialUseZone['content'] = 'empty') {
  return { zone: name(zone), group, content, isDelegated: false, why };
}
function arpa(zone: string, group: SpecialUseGroup, content: SpecialUseZone['content'], why: string) {
  return { zone: name(zone), group, content, isDelegated: true, why };
}
function reverse(zone: string, why: string, content: SpecialUseZone['content']): SpecialUseZone {
  return arpa(zone, 'localhost', content, why);
}
function privateReverse(rfc: string, zones: readonly string[]): SpecialUseZone[] {
  return zones.map((zone) => arpa(zone, 'privateReverse', 'empty', `${PRIVATE} (${rfc})`));
}
function numbered(from: number, to: number, parent: string): string[] {
  return Array.from({ length: to - from + 1 }, (_, i) => `${from + i}.${parent}`);
}
function zeros(count: number): string {
  return '0.'.repeat(count);
}
