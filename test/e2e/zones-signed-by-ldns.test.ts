/** Zones signed by ldns-signzone are verified set by set, and its denials prove what they are made for. */

import { beforeAll, describe, expect, test } from 'vitest';

import { name, nameToText } from '../../src/dns/name.ts';
import { Type } from '../../src/dns/record-type.ts';
import type { RRset } from '../../src/dns/rrset.ts';
import { systemClock } from '../../src/system/clock.ts';
import {
  denialFrom,
  proveExpansion,
  proveNodata,
  proveNoDs,
  proveNxdomain,
  type Denial,
} from '../../src/validate/denial.ts';
import { dsOf } from '../../src/validate/ds.ts';
import { validateKeySet, type KeySet } from '../../src/validate/key-set.ts';
import { defaultPolicy } from '../../src/validate/policy.ts';
import { verifyRRset } from '../../src/validate/verify.ts';
import { ldnsIsMissing, signWithLdns } from '../support/ldns.ts';
import { skipped } from '../support/nsd.ts';
import { countingBudget, pick, setsFromText, validatingWith } from '../support/signed-records.ts';

const ZONE = name('example.');
const text = `$ORIGIN example.
$TTL 300
@        SOA   Ns.Example. admin 1 7200 3600 1209600 60
@        NS    NS
@        MX    10 Mail.Example.
@        CAA   0 issue "ca.example"
ns       A     192.0.2.1
Mail     AAAA  2001:db8::25
www      A     203.0.113.7
www      A     203.0.113.8
alias    CNAME WWW
old      DNAME New.Example.
_sip._tcp SRV  1 2 5060 Sip.Example.
naptr    NAPTR 1 2 "S" "SIP+D2U" "" _Sip._UDP.Example.
svc      HTTPS 1 . alpn="h2"
*.wild   TXT   "any"
a.b.c    TXT   "below empty non-terminals"
unsigned NS    ns.elsewhere.test.
signed   NS    ns.elsewhere.test.
signed   DS    3613 15 2 3aa5ab37efce57f737fc1627013fee07bdf241bd10f3b1964ab55c78e79a304b
odd      TYPE65280 \\# 3 414243
`;

const nowSeconds = systemClock.wallMs() / 1000;

function signedZone(algorithm: string, options: readonly string[] = []): { sets: RRset[]; keySet: KeySet } {
  const [signed, delegation] = signWithLdns('example.', text, { algorithm, options });
  const sets = setsFromText(signed);
  const ds = setsFromText(delegation).flatMap(dsOf);
  const keySet = validateKeySet(pick(sets, ZONE, Type.DNSKEY), { zone: ZONE, ds }, nowSeconds, validatingWith());
  return { sets, keySet };
}

/** `owner type` of the signed sets that are verified, and of those that are not. */
function judge(sets: readonly RRset[], keySet: KeySet): { good: string[]; bad: string[] } {
  const keys = keySet.kind === 'secure' ? keySet.keys : [];
  const told = ({ owner, type }: RRset): string => `${nameToText(owner)} ${type}`;
  const signed = sets.filter(({ signatures }) => signatures !== undefined);
  const isGood = (set: RRset): boolean =>
    verifyRRset(set, keys, ZONE, nowSeconds, validatingWith()).kind === 'verified';
  return { good: signed.filter(isGood).map(told), bad: signed.filter((set) => !isGood(set)).map(told) };
}

const algorithms = [
  'RSASHA1',
  'RSASHA1-NSEC3-SHA1',
  'RSASHA256',
  'RSASHA512',
  'ECDSAP256SHA256',
  'ECDSAP384SHA384',
  'ED25519',
  'ED448',
];

describe.skipIf(ldnsIsMissing)(`zones signed by ldns${skipped(ldnsIsMissing)}`, () => {
  test.each(algorithms)('with %s are verified set by set, from the DS on', (algorithm) => {
    const { sets, keySet } = signedZone(algorithm);
    expect(keySet.kind).toBe('secure');
    const { good, bad } = judge(sets, keySet);
    expect(bad).toEqual([]);
    expect(good).toHaveLength(sets.filter((set) => !isOfCut(set)).length);
    expect(good.length).toBeGreaterThan(30);
  });

  test('a set of which one record was left out is not', () => {
    const { sets, keySet } = signedZone('ED25519');
    const www = pick(sets, name('www.example.'), Type.A);
    const [half] = setsFromText('www.example. 300 A 203.0.113.7');
    expect(judge([{ ...half, signatures: www.signatures! }], keySet).bad).toEqual(['www.example. 1']);
  });

  describe.each([
    ['NSEC', []],
    ['NSEC3', ['-n', '-t', '0']],
    ['NSEC3 with salt and iterations', ['-n', '-t', '10', '-s', 'aabbccdd']],
  ])('their denials by %s', (_, options) => {
    let denial: Denial;
    const budget = countingBudget();
    beforeAll(() => {
      denial = denialOf(signedZone('ED25519', options).sets);
    });

    test.each(['none.example.', 'x.www.example.', 'a.none.c.example.', 'z.a.b.c.example.'])(
      '%s does not exist',
      (qname) => {
        expect(proveNxdomain(name(qname), denial, budget).kind).toBe('proven');
      },
    );

    test.each(['www.example.', 'b.c.example.', 'x.wild.example.', 'www.signed.example.', 'www.old.example.'])(
      'not of %s, which does or is not for this zone to deny',
      (qname) => expect(proveNxdomain(name(qname), denial, budget).kind).toBe('unproven'),
    );

    test.each([
      ['www.example.', Type.AAAA],
      ['b.c.example.', Type.A],
      ['x.y.wild.example.', Type.A],
      ['unsigned.example.', Type.DS],
    ])('%s has no type %i', (qname, type) => {
      expect(proveNodata(name(qname), type, denial, budget).kind).toBe('proven');
    });

    test.each([
      ['www.example.', Type.A],
      ['alias.example.', Type.A],
      ['x.wild.example.', Type.TXT],
      ['unsigned.example.', Type.A],
      ['example.', Type.DS],
      ['none.example.', Type.A],
    ])('not that %s has no type %i', (qname, type) => {
      expect(proveNodata(name(qname), type, denial, budget).kind).toBe('unproven');
    });

    test('nothing closer than the wildcard exists', () => {
      const wild = name('wild.example.');
      expect(proveExpansion(name('x.y.wild.example.'), wild, denial, budget).kind).toBe('proven');
      expect(proveExpansion(name('www.example.'), ZONE, denial, budget).kind).toBe('unproven');
    });

    test.each([
      ['unsigned.example.', 'unsigned-delegation'],
      ['www.example.', 'no-delegation'],
      ['c.example.', 'no-delegation'],
      ['none.example.', 'no-delegation'],
      ['signed.example.', 'unproven'],
      ['example.', 'unproven'],
    ])('of the DS of %s: %s', (qname, kind) => {
      expect(proveNoDs(name(qname), denial, budget).kind).toBe(kind);
    });
  });

  test('where the chain opts out, what does not exist is insecure, as it may be an unsigned delegation', () => {
    const { sets } = signedZone('ED25519', ['-n', '-t', '0', '-p']);
    const denial = denialOf(sets);
    const budget = countingBudget();
    // ldns lists unsigned delegations all the same.
    expect(proveNoDs(name('unsigned.example.'), denial, budget).kind).toBe('unsigned-delegation');
    expect(proveNoDs(name('none.example.'), denial, budget)).toEqual({ kind: 'insecure', check: 'opt-out' });
    expect(proveNxdomain(name('none.example.'), denial, budget)).toEqual({ kind: 'insecure', check: 'opt-out' });
    expect(proveNodata(name('www.example.'), Type.AAAA, denial, budget).kind).toBe('proven');
  });
});

function denialOf(sets: readonly RRset[]): Denial {
  return denialFrom(ZONE, sets, defaultPolicy);
}

/** What a zone does not sign: the NS sets of its cuts. */
function isOfCut({ owner, type }: RRset): boolean {
  return type === Type.NS && owner !== ZONE;
}
