/** Sound messages to be damaged: every type with a text of its own, compressed, with OPT, large and small. */

import { writeOptions } from '../../src/dns/edns.ts';
import { extendedErrorOption } from '../../src/dns/extended-error.ts';
import { name, nameToWire } from '../../src/dns/name.ts';
import { formatRRset } from '../../src/dns/presentation.ts';
import { rrset, type RRset } from '../../src/dns/rrset.ts';
import { MessageComposer, addOpt } from '../../src/dns/wire/compose.ts';
import { parseZoneText } from '../../src/dns/zone-text.ts';

export const CORPUS_ZONE = String.raw`
$ORIGIN example.
$TTL 3600
@ SOA ns1 hostmaster 1 7200 900 2419200 300
@ NS ns1
www CNAME Host.example.
old DNAME new.example.
www A 192.0.2.1
www AAAA 2001:db8::1
1.2.0.192.in-addr.arpa. PTR www
@ MX 10 mail
@ TXT "v=spf1 -all" "\255\000"
@ SPF "v=spf1 -all"
_dns._udp SRV 1 2 53 ns1
@ HINFO "CPU" "OS"
@ CAA 0 issue "ca.example"
@ NAPTR 100 10 "S" "SIP+D2U" "" _sip._udp
@ SSHFP 4 2 123456789ABCDEF67890123456789ABCDEF67890123456789ABCDEF67890ABCD
@ SSHFP 4 9 00
_25._tcp TLSA 3 1 1 ABCD
_25._tcp SMIMEA 3 1 1 ABCD
sub DS 20326 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D
sub CDS 0 0 0 00
sub DLV 1 8 2 AB
@ DNSKEY 257 3 13 AwEAAQ==
@ CDNSKEY 0 3 0 AA==
@ RRSIG DNSKEY 13 1 3600 20300101000000 20250101000000 4711 example. QUJDREVG
@ NSEC a A NS SOA RRSIG NSEC DNSKEY CAA TYPE65280
2T7B4G4VSA5SMI47K61MV5BV1A22BOJR NSEC3 1 1 0 AABBCCDD 2T7B4G4VSA5SMI47K61MV5BV1A22BOJS A RRSIG
@ NSEC3PARAM 1 0 0 -
@ RP a b
@ AFSDB 1 afs
@ KX 10 kx
@ RT 10 rt
@ PX 10 a b
@ MINFO a b
@ LP 10 l64
@ CERT PKIX 1 8 QUJD
@ URI 10 1 "https://www.example/"
@ EUI48 00-00-5e-00-53-2a
@ EUI64 00-00-5e-ef-10-00-00-2a
@ OPENPGPKEY QUJD
@ CSYNC 66 3 A NS AAAA
@ ZONEMD 1 1 1 ABCD
@ LOC 52 22 23 N 4 53 32 E -2 0 10000 10
@ SVCB 1 svc alpn="h2" port=8443 key667="x"
@ HTTPS 1 . alpn="h2,h3" ipv4hint=192.0.2.1 ipv6hint=2001:db8::1 ech=QUJD
@ TYPE65280 \# 4 C00CC00C
@ SIG \# 26 000C0D0100000E1070DBD88067748580126703 6E7331 00 414243
@ NXT \# 6 036E7331 00 40
`;

const composer = new MessageComposer();

export function messageCorpus(): Uint8Array[] {
  const { records, problems } = parseZoneText(CORPUS_ZONE);
  if (problems.length > 0) throw new Error(`line ${problems[0].line}: ${problems[0].why}`);
  const sets = records.map(({ owner, type, ttl, rdata }) => rrset(owner, type, ttl, [rdata]));
  const each = sets.map((set) => message([set], [sets[0]], [sets[4], sets[5]], true));
  const pairs = sets.map((set, i) =>
    message([set, sets[(i * 7) % sets.length]], [], [sets[(i * 11) % sets.length]], false),
  );
  return [...each, ...pairs, message([], [], [], false), message([], [], [], true), message(sets, sets, [], true)];
}

/** A large message, in which names stand on both sides of what a pointer reaches. */
export function largeMessage(): Uint8Array {
  const sets: RRset[] = [];
  for (let i = 0; i < 1200; i++) {
    const { records } = parseZoneText(`n${i}.example. 60 MX 10 mail.n${i - (i % 3)}.example.`);
    sets.push(rrset(records[0].owner, records[0].type, 60, [records[0].rdata]));
  }
  return message(sets, [], [], true);
}

function message(answer: RRset[], authority: RRset[], additional: RRset[], hasOpt: boolean): Uint8Array {
  composer.begin({ id: 0x1234, flags: 0x8180 }, 65535);
  composer.question(nameToWire(name('www.example.')), 1, 1);
  for (const set of answer) composer.addRRset('answer', set, set.ttl);
  for (const set of authority) composer.addRRset('authority', set, set.ttl);
  for (const set of additional) composer.addRRset('additional', set, set.ttl);
  const options = writeOptions([
    { code: 10, data: new Uint8Array(16) },
    extendedErrorOption({ code: 22, text: 'no server answered' }),
    { code: 65001, data: new Uint8Array(3) },
  ]);
  if (hasOpt) addOpt(composer, { payloadSize: 1232, extendedRcode: 0, version: 0, dnssecOk: true, options });
  return composer.finish();
}

/** The records of the corpus as lines, for fuzzing text. */
export function corpusLines(): string[] {
  const { records } = parseZoneText(CORPUS_ZONE);
  return records.map(({ owner, type, ttl, rdata }) => formatRRset(rrset(owner, type, ttl, [rdata])));
}
