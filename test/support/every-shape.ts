/**
 * Three zones with a record of every shape that an authoritative server has to know, and the questions that meet them:
 * what the lab and another server are compared by.
 */

import { readResponse } from './messages.ts';

const DS = '20326 8 2 e06d44b80b8f1d39a95c0b0d7c65d08458e880409bbc683457104237c7f8ec8d';
export const texts = {
  'example.': `$TTL 300
$ORIGIN example.
@            900 IN SOA ns admin 1 7200 3600 1209600 60
@            NS   ns
ns           A    192.0.2.1
ns           AAAA 2001:db8::1
@            MX   10 mail
mail         A    203.0.113.25
www          A    203.0.113.7
www          A    203.0.113.8
alias        CNAME www
chain        CNAME alias
gone         CNAME none
nodata       CNAME mail
away         CNAME www.elsewhere.test.
across       CNAME www.other.test.
tocut        CNAME www.sub
old          DNAME new
old          TXT  "dname owner"
a.new        A    203.0.113.9
toother      DNAME other.test.
deep.empty   A    203.0.113.10
*.wild       TXT  "any"
b.wild       A    203.0.113.11
*.calias     CNAME www
x.*.star     A    203.0.113.12
sub          NS   ns.sub
sub          NS   ns.elsewhere.test.
sub          DS   ${DS}
ns.sub       A    192.0.2.53
sibling      NS   ns.sub
glueless     NS   ns.elsewhere.test.
served       NS   ns
svc          HTTPS 1 . alpn=h2
_s._tcp      SRV  1 2 53 www
caa          CAA  0 issue "ca.test"
private      TYPE65280 \\# 3 010203
${Array.from({ length: 40 }, (_, i) => `big TXT "${'x'.repeat(50)}${i}"`).join('\n')}
`,
  'other.test.': `$TTL 300
$ORIGIN other.test.
@            60 IN SOA ns.example. admin.example. 1 7200 3600 1209600 900
@            NS   ns.example.
www          A    203.0.113.80
`,
  'served.example.': `$TTL 300
$ORIGIN served.example.
@            60 IN SOA ns.example. admin.example. 1 7200 3600 1209600 900
@            NS   ns.example.
www          A    203.0.113.81
`,
};

export const questions = {
  'data that is there': [
    'www A',
    '. NS',
    '. SOA',
    '. MX',
    'ns AAAA',
    'svc HTTPS',
    '_s._tcp SRV',
    'caa CAA',
    'private TYPE65280',
  ],
  denials: ['none A', 'www AAAA', 'x.www A', 'empty A', 'deep.empty TXT', '_tcp SRV', 'a.b.c.none A', '. TXT'],
  aliases: ['alias A', 'alias CNAME', 'alias AAAA', 'chain A', 'gone A', 'nodata TXT', 'away A', 'across A', 'tocut A'],
  DNAME: ['a.old A', 'a.b.old A', 'old A', 'old DNAME', 'old TXT', 'www.toother A', 'none.toother A'],
  wildcards: [
    'a.wild TXT',
    'x.y.wild TXT',
    'a.wild A',
    'b.wild TXT',
    'x.b.wild TXT',
    'wild TXT',
    '*.wild TXT',
    'a.calias A',
  ],
  'wildcards without data': ['a.star A', 'x.*.star A', 'x.y.star A', '*.star A', 'star A'],
  'zone cuts': ['sub A', 'sub NS', 'www.sub A', 'ns.sub A', 'a.b.sub MX', 'www.sibling A', 'www.glueless A'],
  'DS at and below a cut': [
    'sub DS',
    'www.sub DS',
    'glueless DS',
    'served DS',
    'www.served A',
    '. DS',
    'www DS',
    'none DS',
  ],
};

/** A question relative to `example.`, whose apex is a dot. */
export function inExample(question: string): string {
  const [owner, type] = question.split(' ');
  return owner === '.' ? `example. ${type}` : `${owner}.example. ${type}`;
}

/** Sections as sets; the additional section where it is the glue of a referral. */
export function comparable(octets: Uint8Array | undefined): object {
  const { rcode, flags, answer, authority, additional, edns } = readResponse(octets);
  const isReferral = authority.some((line) => / NS /.test(line));
  return {
    rcode,
    flags,
    answer: new Set(answer),
    authority: new Set(authority),
    glue: new Set(isReferral ? additional : []),
    hasEdns: edns !== undefined,
  };
}
