import { describe, expect, test } from 'vitest';

import { countingBudget, setsFromText, type CountingBudget } from '../../test/support/signed-records.ts';
import { name, nameToText, type Name } from '../dns/name.ts';
import { parseType } from '../dns/record-type.ts';
import { octetsToBase32Hex } from '../dns/text/dnssec-fields.ts';
import { denialFrom, proveExpansion, proveNodata, proveNoDs, proveNxdomain, type Denial } from './denial.ts';
import { hashName } from './nsec3-hash.ts';
import { defaultPolicy } from './policy.ts';

function denial(records: string, zone = 'example.'): Denial {
  return denialFrom(name(zone), setsFromText(records), defaultPolicy);
}
type Told = { kind: string; check?: string; closestEncloser?: Name };
const tell = (proof: Told): string => {
  if (proof.closestEncloser !== undefined) return `${proof.kind} below ${nameToText(proof.closestEncloser)}`;
  return proof.check ?? proof.kind;
};
const nxdomain = (qname: string, records: string, budget: CountingBudget = countingBudget()): string =>
  tell(proveNxdomain(name(qname), denial(records), budget));
const nodata = (question: string, records: string, budget: CountingBudget = countingBudget()): string => {
  const [qname, qtype] = question.split(' ');
  return tell(proveNodata(name(qname), parseType(qtype)!, denial(records), budget));
};
const expansion = (qname: string, encloser: string, records: string): string =>
  tell(proveExpansion(name(qname), name(encloser), denial(records), countingBudget()));
const noDs = (qname: string, records: string): string =>
  tell(proveNoDs(name(qname), denial(records), countingBudget()));

describe('the responses of RFC 5155 Appendix B', () => {
  /** The records as printed have the opt-out flag; without it, what they prove is secure. */
  const printed = (flags: 0 | 1): Record<string, string> => {
    const record = (hash: string, next: string, types: string): string =>
      `${hash}.example. NSEC3 1 ${flags} 12 aabbccdd ${next} ${types}\n`;
    return {
      apex: record(
        '0p9mhaveqvm6t7vbl5lop2u3t2rp3tom',
        '2t7b4g4vsa5smi47k61mv5bv1a22bojr',
        'MX DNSKEY NS SOA NSEC3PARAM RRSIG',
      ),
      ns1: record('2t7b4g4vsa5smi47k61mv5bv1a22bojr', '2vptu5timamqttgl4luu9kg21e0aor3s', 'A RRSIG'),
      a: record('35mthgpgcu1qg68fab165klnsnk3dpvl', 'b4um86eghhds6nea196smvmlo4ors995', 'NS DS RRSIG'),
      xw: record('b4um86eghhds6nea196smvmlo4ors995', 'gjeqe526plbf1g8mklp59enfd789njgi', 'MX RRSIG'),
      yw: record('ji6neoaepv8b5o6k4ev33abha8ht9fgc', 'k8udemvp1j2f7eg6jebps17vp3n8i58h', ''),
      w: record('k8udemvp1j2f7eg6jebps17vp3n8i58h', 'kohar7mbb8dc2ce8a9qvl8hon4k53uhi', ''),
      ns2: record('q04jkcevqvmu85r014c7dkba38o0ji5r', 'r53bq7cc2uvmubfu5ocmm6pers9tk9en', 'A RRSIG'),
      anyW: record('r53bq7cc2uvmubfu5ocmm6pers9tk9en', 't644ebqk9bibcna874givr6joj62mlhv', 'MX RRSIG'),
    };
  };
  const optOut = printed(1);
  const full = printed(0);

  test('B.1 name error', () => {
    const of = (zone: Record<string, string>): string => zone['apex'] + zone['xw'] + zone['a'];
    expect(nxdomain('a.c.x.w.example.', of(full))).toBe('proven below x.w.example.');
    // RFC 5155 §9.2: no AD where the span of the next closer name opts out.
    expect(nxdomain('a.c.x.w.example.', of(optOut))).toBe('opt-out');
  });

  test.each(['apex', 'xw', 'a'])('B.1 is not proven without %s', (missing) => {
    const records = ['apex', 'xw', 'a'].filter((one) => one !== missing).map((one) => full[one]);
    expect(nxdomain('a.c.x.w.example.', records.join(''))).toBe('denial-wrong');
  });

  test('B.2 no data', () => {
    expect(nodata('ns1.example. MX', optOut['ns1'])).toBe('proven below ns1.example.');
    expect(nodata('ns1.example. A', optOut['ns1'])).toBe('denial-wrong');
  });

  test('B.2.1 no data at an empty non-terminal', () => {
    expect(nodata('y.w.example. A', optOut['yw'])).toBe('proven below y.w.example.');
  });

  test('B.3 referral to an unsigned zone that was left out', () => {
    expect(noDs('c.example.', optOut['a'] + optOut['apex'])).toBe('opt-out');
    expect(noDs('c.example.', full['a'] + full['apex'])).toBe('no-delegation');
    expect(noDs('c.example.', optOut['a'])).toBe('denial-wrong');
  });

  test('B.4 wildcard expansion', () => {
    expect(expansion('a.z.w.example.', 'w.example.', full['ns2'])).toBe('proven below w.example.');
    expect(expansion('a.z.w.example.', 'w.example.', optOut['ns2'])).toBe('opt-out');
    expect(expansion('a.z.w.example.', 'w.example.', full['anyW'])).toBe('denial-wrong');
  });

  test('B.5 wildcard no data', () => {
    const of = (zone: Record<string, string>): string => zone['w'] + zone['ns2'] + zone['anyW'];
    expect(nodata('a.z.w.example. AAAA', of(full))).toBe('proven below w.example.');
    expect(nodata('a.z.w.example. AAAA', of(optOut))).toBe('opt-out');
    expect(nodata('a.z.w.example. MX', of(full))).toBe('denial-wrong');
    expect(nodata('a.z.w.example. AAAA', full['w'] + full['ns2'])).toBe('denial-wrong');
    expect(nodata('a.z.w.example. AAAA', full['ns2'] + full['anyW'])).toBe('denial-wrong');
  });

  test('B.6 DS asked of the child proves nothing', () => {
    expect(nodata('example. DS', optOut['apex'])).toBe('denial-wrong');
    expect(noDs('example.', optOut['apex'])).toBe('denial-wrong');
  });
});

const label = (hash: string): string => octetsToBase32Hex(Buffer.from(hash, 'latin1')).toLowerCase();
const hashOf = (text: string, iterations = 0): string => hashName(name(text), iterations, new Uint8Array(0));

/** The hash one before or after. */
function beside(hash: string, step: 1 | -1): string {
  const value = (BigInt(`0x${Buffer.from(hash, 'latin1').toString('hex')}`) + BigInt(step)).toString(16);
  return Buffer.from(value.padStart(40, '0'), 'hex').toString('latin1');
}

type Options = { flags?: number; iterations?: number; salt?: string; zone?: string; algorithm?: number };
function record(from: string, to: string, types: string, options: Options = {}): string {
  const { flags = 0, iterations = 0, salt = '-', zone = 'example.', algorithm = 1 } = options;
  return `${label(from)}.${zone} NSEC3 ${algorithm} ${flags} ${iterations} ${salt} ${label(to)} ${types}\n`;
}
const at = (owner: string, types: string, options: Options = {}): string => {
  const hash = hashOf(owner, options.iterations);
  return record(hash, beside(hash, 1), types, options);
};
const over = (owner: string, options: Options = {}): string => {
  const hash = hashOf(owner, options.iterations);
  return record(beside(hash, -1), beside(hash, 1), 'A RRSIG', options);
};
const apex = at('example.', 'NS SOA RRSIG DNSKEY');

describe('NXDOMAIN', () => {
  test('of a name below an encloser, from the least that can prove it', () => {
    const records = at('b.example.', 'A RRSIG') + over('c.b.example.') + over('*.b.example.');
    expect(nxdomain('x.y.c.b.example.', records)).toBe('proven below b.example.');
  });

  test('does not hold where the wildcard exists', () => {
    expect(nxdomain('c.example.', apex + over('c.example.') + at('*.example.', 'A RRSIG'))).toBe('denial-wrong');
  });

  test('does not hold where the name exists', () => {
    expect(nxdomain('c.example.', apex + at('c.example.', 'A RRSIG') + over('*.example.'))).toBe('denial-wrong');
  });

  test('is not said of names outside the zone, nor of the apex', () => {
    const records = apex + over('c.test.') + over('*.example.') + over('*.test.');
    expect(nxdomain('c.test.', records)).toBe('denial-wrong');
    expect(nxdomain('example.', records)).toBe('denial-wrong');
  });

  test('the last span of the chain runs over its end', () => {
    const wrapping = record('\xff'.repeat(19) + '\xfe', '\x00'.repeat(19) + '\x01', 'A RRSIG');
    // A zone with one name: its span covers every other hash.
    const hash = hashOf('example.');
    expect(nxdomain('c.example.', record(hash, hash, 'NS SOA RRSIG'))).toBe('proven below example.');
    expect(nxdomain('c.example.', apex + wrapping)).toBe('denial-wrong');
  });
});

describe('a record that may not speak does not', () => {
  const proof = (options: Options): string =>
    at('example.', 'NS SOA RRSIG DNSKEY', options) + over('c.example.', options) + over('*.example.', options);

  test('the same records prove it without fault', () => {
    expect(nxdomain('c.example.', proof({}))).toBe('proven below example.');
  });

  test('NSEC3 of another signer: its owner stands below another zone than the one that signed', () => {
    expect(nxdomain('c.example.', proof({ zone: 'sub.example.' }))).toBe('denial-missing');
    expect(nxdomain('c.example.', proof({ zone: '' }))).toBe('denial-missing');
    expect(tell(proveNxdomain(name('c.example.'), denial(proof({}), 'test.'), countingBudget()))).toBe(
      'denial-missing',
    );
  });

  test('a hash algorithm that we do not know (RFC 5155 §8.1)', () => {
    expect(nxdomain('c.example.', proof({ algorithm: 2 }))).toBe('denial-missing');
  });

  test('flags that we do not know (RFC 5155 §8.2)', () => {
    expect(nxdomain('c.example.', proof({ flags: 2 }))).toBe('denial-missing');
    expect(nxdomain('c.example.', proof({ flags: 3 }))).toBe('denial-missing');
  });

  test('a hash of another length', () => {
    expect(nxdomain('c.example.', 'abcdefgh.example. NSEC3 1 0 0 - abcdefgi A')).toBe('denial-missing');
    expect(nxdomain('c.example.', 'www.example. NSEC3 1 0 0 - 2t7b4g4vsa5smi47k61mv5bv1a22bojr A')).toBe(
      'denial-missing',
    );
  });

  test('records of different salts or iterations, together (RFC 5155 §8.2)', () => {
    for (const options of [{ salt: 'aabb' }, { iterations: 1 }]) {
      const records = apex + over('c.example.', options) + over('*.example.', options);
      expect(nxdomain('c.example.', records)).toBe('denial-wrong');
    }
  });

  test('ancestor delegation: a record from above the cut is no closest encloser (RFC 5155 §8.3)', () => {
    const below = over('c.sub.example.') + over('*.sub.example.');
    expect(nxdomain('c.sub.example.', at('sub.example.', 'NS DS RRSIG') + below)).toBe('denial-wrong');
    expect(nxdomain('c.sub.example.', at('sub.example.', 'DNAME RRSIG') + below)).toBe('denial-wrong');
    expect(nxdomain('c.sub.example.', at('sub.example.', 'A RRSIG') + below)).toBe('proven below sub.example.');
    expect(noDs('c.sub.example.', at('sub.example.', 'NS RRSIG') + below)).toBe('denial-wrong');
  });
});

describe('NODATA', () => {
  test.each([
    ['TXT RRSIG', 'A', 'proven below b.example.'],
    ['A RRSIG', 'A', 'denial-wrong'],
    ['CNAME RRSIG', 'A', 'denial-wrong'],
    ['NS', 'A', 'denial-wrong'],
    ['NS', 'DS', 'proven below b.example.'],
    ['NS SOA RRSIG', 'DS', 'denial-wrong'],
  ])('a record with %j at the name, of %s: %s', (types, qtype, result) => {
    expect(nodata(`b.example. ${qtype}`, at('b.example.', types))).toBe(result);
  });

  test('is insecure where the name may be an unsigned delegation (RFC 5155 §8.6)', () => {
    expect(nodata('c.example. DS', apex + over('c.example.', { flags: 1 }))).toBe('opt-out');
    expect(nodata('c.example. DS', apex + over('c.example.'))).toBe('denial-wrong');
  });

  test('wildcard CNAME: its record does not pass as NODATA of the type asked for', () => {
    for (const flags of [0, 1]) {
      const records = apex + over('c.example.', { flags }) + at('*.example.', 'CNAME RRSIG');
      expect(nodata('c.example. A', records)).toBe('denial-wrong');
    }
  });
});

describe('absence of a DS', () => {
  test.each([
    ['NS', 'unsigned-delegation'],
    ['A RRSIG', 'no-delegation'],
    ['', 'no-delegation'],
    ['NS DS RRSIG', 'denial-wrong'],
    ['NS SOA RRSIG', 'denial-wrong'],
  ])('a record with %j at the name: %s', (types, result) => {
    expect(noDs('b.example.', at('b.example.', types))).toBe(result);
  });
});

describe('iterations (RFC 9276 §3.2)', () => {
  const proof = (iterations: number): string =>
    at('example.', 'NS SOA RRSIG', { iterations }) +
    over('c.example.', { iterations }) +
    over('*.example.', { iterations });

  test('50 are computed, 51 make the zone insecure without computing any', () => {
    expect(nxdomain('c.example.', proof(50))).toBe('proven below example.');
    const budget = countingBudget();
    expect(nxdomain('c.example.', proof(51), budget)).toBe('nsec3-iterations');
    expect(nodata('c.example. A', at('c.example.', 'TXT', { iterations: 65_535 }), budget)).toBe('nsec3-iterations');
    expect(budget.hashes).toBe(0);
  });
});

describe('hashes are counted', () => {
  const deep = `${'a.'.repeat(100)}example.`;

  test('a name of 100 labels below the apex costs three', () => {
    const budget = countingBudget();
    expect(nxdomain(deep, apex + over('a.example.') + over('*.example.'), budget)).toBe('proven below example.');
    expect(budget.hashes).toBe(3);
    expect(budget.rounds).toBe(3);
  });

  test('an encloser of 99 labels is found too, each ancestor hashed once', () => {
    const encloser = `${'a.'.repeat(99)}example.`;
    const records = at(encloser, 'A RRSIG') + over(deep) + over(`*.${encloser}`);
    const budget = countingBudget();
    expect(nxdomain(deep, records, budget)).toBe(`proven below ${encloser}`);
    expect(budget.hashes).toBe(102);
  });

  test('each hash counts as many rounds as it takes', () => {
    const budget = countingBudget();
    nodata('b.example. A', at('b.example.', 'TXT', { iterations: 20 }), budget);
    expect(budget).toMatchObject({ hashes: 1, rounds: 21 });
  });

  test('without budget left nothing is proven', () => {
    const budget = countingBudget({ hashes: 2 });
    expect(nxdomain(deep, apex + over('a.example.') + over('*.example.'), budget)).toBe('work-budget');
    expect(budget.hashes).toBe(2);
  });

  test('two proofs from the same records hash no name twice', () => {
    const records = denial(apex + over('a.example.') + over('*.example.'));
    const budget = countingBudget();
    proveNxdomain(name(deep), records, budget);
    proveNxdomain(name(deep), records, budget);
    expect(budget.hashes).toBe(3);
  });
});

test('while a zone changes from NSEC to NSEC3, either complete proof will do', () => {
  const partial = 'a.example. NSEC d.example. A RRSIG NSEC\n';
  expect(nxdomain('c.example.', partial + apex + over('c.example.') + over('*.example.'))).toBe(
    'proven below example.',
  );
  expect(nxdomain('c.example.', partial + apex)).toBe('denial-wrong');
});
