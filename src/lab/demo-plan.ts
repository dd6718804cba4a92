/**
 * The small internet of `rootwalk demo`: what there is, where it is, and what of it is broken, so that a person sees a
 * walk succeed, a walk work around trouble, and a walk fail with its reason.
 *
 * Only the plan and the list of names worth asking; demo-internet.ts brings it to life. Names are those of RFC 2606
 * (`example.de` and the Greek test name of IANA beside them), addresses in answers those of RFC 5737 and RFC 3849.
 * All of it is signed (RFC 4033) but what stands at `de` and the Greek name, as on the internet much is not.
 * Servers are in 127.53.0.0/16: roots in .0, TLDs in .1, servers in good order in .2, the others in .3.
 */

import { name } from '../dns/name.ts';
import { addressSets } from './address-sets.ts';
import type { InternetPlan, ZonePlan } from './internet.ts';
import * as does from './misbehaviour.ts';

const roots = {
  'a.root-servers.net.': '127.53.0.1',
  'b.root-servers.net.': '127.53.0.2',
  'c.root-servers.net.': '127.53.0.3',
};
const registryServers = { 'a.gtld-servers.net.': '127.53.1.1', 'b.gtld-servers.net.': '127.53.1.2' };

const tlds: Record<string, ZonePlan> = {
  // The real root has the same: servers of com that are named in net, with glue since it holds their addresses.
  '.': {
    at: roots,
    delegates: { 'com.': registryServers, 'net.': registryServers },
    delegationTtl: 172_800,
    signed: { algorithm: 8 },
  },
  'root-servers.net.': { at: roots },
  'com.': { at: registryServers, signed: { denial: 'nsec3', optOut: true } },
  'net.': { at: registryServers, signed: { denial: 'nsec3', optOut: true } },
  'org.': { at: { 'a0.nic.org.': '127.53.1.3', 'b0.nic.org.': '127.53.1.4' }, signed: true },
  'de.': { at: { 'a.nic.de.': '127.53.1.5', 'z.nic.de.': '127.53.1.6' }, signed: { denial: 'nsec3' } },
  'xn--qxam.': { at: { 'grdns.xn--qxam.': '127.53.1.7' } },
};

const inGoodOrder: Record<string, ZonePlan> = {
  'example.com.': {
    at: { 'ns1.example.com.': '127.53.2.1', 'ns2.example.com.': '127.53.2.2' },
    signed: true,
    records: `
@         A     203.0.113.10
@         MX    10 mail
@         TXT   "v=spf1 mx -all"
@         CAA   0 issue "ca.example.net"
www  60   A     203.0.113.10
www  60   A     203.0.113.11
www  60   AAAA  2001:db8:10::10
www       HTTPS 1 . alpn=h2,h3 ipv4hint=203.0.113.10
mail      A     203.0.113.25
*.pages   A     203.0.113.80
_imaps._tcp SRV 0 1 993 mail
loop      CNAME loop2
loop2     CNAME loop
`,
  },
  'dev.example.com.': {
    at: { 'ns.dev.example.com.': '127.53.2.3' },
    signed: true,
    records: 'a.b.c.d.e A 203.0.113.30\nwww A 203.0.113.31',
  },
  // The hoster: its own servers have glue, and those it hosts refer to it by name alone.
  'example.org.': {
    at: { 'ns1.example.org.': '127.53.2.4', 'ns2.example.org.': '127.53.2.5' },
    signed: true,
    records: `
www       A     203.0.113.40
shop      CNAME shop.example.net.
archive   DNAME dev.example.com.
${Array.from({ length: 30 }, (_, i) => `big TXT "${'rootwalk '.repeat(6)}${i}"`).join('\n')}
`,
  },
  'example.net.': {
    at: { 'ns1.example.org.': '127.53.2.4', 'ns2.example.org.': '127.53.2.5' },
    signed: { algorithm: 15 },
    records: 'www A 203.0.113.50\nshop CNAME storefront.example.de.',
  },
  'example.de.': {
    at: { 'ns.example.de.': '127.53.2.6', 'ns2.example.org.': '127.53.2.5' },
    records: 'www A 203.0.113.60\nstorefront A 203.0.113.61',
  },
  'xn--hxajbheg2az3al.xn--qxam.': {
    at: { 'ns.xn--hxajbheg2az3al.xn--qxam.': '127.53.2.7' },
    records: '@ A 203.0.113.70\nwww A 203.0.113.70',
  },
};

const inTrouble: Record<string, ZonePlan> = {
  'lame.example.com.': { at: '127.53.2.8', records: 'www A 203.0.113.90' },
  'half.example.com.': { at: ['127.53.3.2', '127.53.2.9'], records: 'www A 203.0.113.91' },
  'firewall.example.com.': { at: '127.53.3.3', records: 'www A 203.0.113.92' },
  'antique.example.com.': { at: '127.53.3.4', records: 'www A 203.0.113.93' },
  'lossy.example.com.': { at: '127.53.3.5', records: 'www A 203.0.113.94' },
  'shouting.example.com.': { at: '127.53.3.6', records: 'www A 203.0.113.95' },
  'forger.example.com.': { at: '127.53.3.7', records: 'www A 203.0.113.96' },
  'silent.example.com.': { at: '127.53.3.8', records: 'www A 203.0.113.97' },
  'broken.example.com.': { at: ['127.53.3.9', '127.53.3.10'], records: 'www A 203.0.113.98' },
  'upward.example.com.': { at: '127.53.3.11', records: 'www A 203.0.113.99' },
  'expired.example.com.': {
    at: '127.53.2.10',
    signed: { breakage: ['signature-expired'] },
    records: 'www A 203.0.113.102',
  },
  'stripped.example.com.': {
    at: '127.53.2.11',
    signed: { breakage: ['all-signatures-stripped'] },
    records: 'www A 203.0.113.103',
  },
  // Each can only be found by way of the other.
  'ring.example.net.': { at: { 'ns.ring.example.org.': '127.53.3.12' }, records: 'www A 203.0.113.100' },
  'ring.example.org.': { at: { 'ns.ring.example.net.': '127.53.3.13' }, records: 'www A 203.0.113.101' },
};

/** The first of its servers does not serve the zone. */
const delegationsInTrouble: ZonePlan['delegates'] = { 'lame.example.com.': ['127.53.3.1', '127.53.2.8'] };

export const demoPlan: InternetPlan = {
  latencyMs: 12,
  zones: {
    ...tlds,
    ...inGoodOrder,
    'example.com.': { ...inGoodOrder['example.com.'], delegates: delegationsInTrouble },
    ...inTrouble,
  },
  servers: {
    '127.53.0.1': { latencyMs: 5 },
    '127.53.0.2': { latencyMs: 18 },
    '127.53.0.3': { latencyMs: 40 },
    '127.53.1.1': { latencyMs: 9 },
    '127.53.1.2': { latencyMs: 24 },
    '127.53.1.5': { latencyMs: 15 },
    '127.53.2.2': { latencyMs: 30 },
    '127.53.3.1': { misbehaviour: [does.refersTo('.')] },
    '127.53.3.2': { misbehaviour: [does.silent] },
    '127.53.3.3': { misbehaviour: [does.dropsEdns] },
    '127.53.3.4': { misbehaviour: [does.formatErrorOnEdns, does.notAuthoritative] },
    '127.53.3.5': { misbehaviour: [does.loses(1, 2)] },
    '127.53.3.6': { misbehaviour: [does.lowersCase] },
    '127.53.3.7': {
      misbehaviour: [does.forges('additional', ...addressSets(name('www.example.org.'), 86_400, ['198.51.100.66']))],
    },
    '127.53.3.8': { misbehaviour: [does.silent, does.tcpHangs] },
    '127.53.3.9': { misbehaviour: [does.failsAlways] },
    '127.53.3.10': { misbehaviour: [does.refuses] },
    '127.53.3.11': { misbehaviour: [does.refersTo('.')] },
  },
};

export type DemoName = {
  /** As `dig` takes it. */
  readonly question: string;
  /** What comes of it; a failure is what is to be seen. `bogus`: one to whoever validates, an answer to others. */
  readonly ends: 'answer' | 'nxdomain' | 'nodata' | 'failure' | 'bogus';
  readonly shows: string;
};

export const demoNames: readonly DemoName[] = [
  { question: 'www.example.com. A', ends: 'answer', shows: 'the whole walk: root, com, example.com' },
  {
    question: 'www.example.com. AAAA',
    ends: 'answer',
    shows: 'the second question about a name starts where the first ended',
  },
  { question: 'www.example.com. HTTPS', ends: 'answer', shows: 'a service binding with its parameters (RFC 9460)' },
  { question: 'example.com. MX', ends: 'answer', shows: 'where mail for the domain goes' },
  { question: '_imaps._tcp.example.com. SRV', ends: 'answer', shows: 'a service with its port' },
  { question: 'example.com. CAA', ends: 'answer', shows: 'who may issue certificates' },
  {
    question: 'www.example.net. A',
    ends: 'answer',
    shows: 'a delegation without glue: the servers’ own names are walked to first',
  },
  {
    question: 'shop.example.org. A',
    ends: 'answer',
    shows: 'aliases through three zones, each with a walk of its own',
  },
  { question: 'www.archive.example.org. A', ends: 'answer', shows: 'a DNAME that moves a whole tree' },
  { question: 'anything.pages.example.com. A', ends: 'answer', shows: 'a wildcard' },
  {
    question: 'a.b.c.d.e.dev.example.com. A',
    ends: 'answer',
    shows: 'a deep name, asked for a label at a time (RFC 9156)',
  },
  { question: 'www.xn--hxajbheg2az3al.xn--qxam. A', ends: 'answer', shows: 'an international name, παράδειγμα.ελ' },
  { question: 'big.example.org. TXT', ends: 'answer', shows: 'an answer too large for UDP, fetched over TCP' },
  {
    question: 'www.lame.example.com. A',
    ends: 'answer',
    shows: 'a lame server that refers upward, and a good one beside it',
  },
  { question: 'www.half.example.com. A', ends: 'answer', shows: 'one of two servers is dead' },
  { question: 'www.firewall.example.com. A', ends: 'answer', shows: 'a firewall that drops EDNS: asked again without' },
  { question: 'www.antique.example.com. A', ends: 'answer', shows: 'a server from before EDNS that forgets AA' },
  { question: 'www.lossy.example.com. A', ends: 'answer', shows: 'every second query is lost' },
  {
    question: 'www.shouting.example.com. A',
    ends: 'answer',
    shows: 'a server that does not keep the letter case of the question',
  },
  {
    question: 'www.forger.example.com. A',
    ends: 'answer',
    shows: 'an answer that brings an address of www.example.org, which is not believed',
  },
  { question: 'nothing.example.com. A', ends: 'nxdomain', shows: 'a name that does not exist' },
  { question: 'mail.example.com. AAAA', ends: 'nodata', shows: 'a name that exists, without that type' },
  { question: 'www.silent.example.com. A', ends: 'failure', shows: 'a zone whose only server is dead' },
  { question: 'www.broken.example.com. A', ends: 'failure', shows: 'one server fails, the other refuses' },
  { question: 'www.upward.example.com. A', ends: 'failure', shows: 'the only server is lame: it refers to the root' },
  {
    question: 'www.expired.example.com. A',
    ends: 'bogus',
    shows: 'signatures that nobody has renewed: SERVFAIL, with key and date',
  },
  {
    question: 'www.stripped.example.com. A',
    ends: 'bogus',
    shows: 'a zone that ought to be signed, and whose signatures were taken away',
  },
  { question: 'loop.example.com. A', ends: 'failure', shows: 'aliases that lead back to themselves' },
  {
    question: 'www.ring.example.net. A',
    ends: 'failure',
    shows: 'two zones that can only be found by way of each other',
  },
];
