import { describe, expect, test } from 'vitest';

import { countingBudget, setsFromText } from '../../test/support/signed-records.ts';
import { name, nameToText } from '../dns/name.ts';
import { parseType } from '../dns/record-type.ts';
import { denialFrom, proveExpansion, proveNodata, proveNoDs, proveNxdomain, type Denial } from './denial.ts';
import { defaultPolicy } from './policy.ts';

function denial(records: string, zone = 'example.'): Denial {
  return denialFrom(name(zone), setsFromText(records), defaultPolicy);
}
type Told = { kind: string; check?: string; closestEncloser?: ReturnType<typeof name> };
const tell = (proof: Told): string => {
  if (proof.closestEncloser !== undefined) return `${proof.kind} below ${nameToText(proof.closestEncloser)}`;
  return proof.check ?? proof.kind;
};
const nxdomain = (qname: string, records: string, zone?: string): string =>
  tell(proveNxdomain(name(qname), denial(records, zone), countingBudget()));
const nodata = (question: string, records: string, zone?: string): string => {
  const [qname, qtype] = question.split(' ');
  return tell(proveNodata(name(qname), parseType(qtype)!, denial(records, zone), countingBudget()));
};
const expansion = (qname: string, encloser: string, records: string): string =>
  tell(proveExpansion(name(qname), name(encloser), denial(records), countingBudget()));
const noDs = (qname: string, records: string, zone?: string): string =>
  tell(proveNoDs(name(qname), denial(records, zone), countingBudget()));

describe('the responses of RFC 4035 Appendix B', () => {
  const cut = 'b.example. NSEC ns1.example. NS RRSIG NSEC\n';
  const apex = 'example. NSEC a.example. NS SOA MX RRSIG NSEC DNSKEY\n';
  const beforeXx = 'x.y.w.example. NSEC xx.example. MX RRSIG NSEC\n';
  const wildcard = '*.w.example. NSEC x.w.example. MX RRSIG NSEC\n';

  test('B.2 name error', () => expect(nxdomain('ml.example.', cut + apex)).toBe('proven below example.'));
  test('B.3 no data', () => {
    expect(nodata('ns1.example. MX', 'ns1.example. NSEC ns2.example. A RRSIG NSEC')).toBe('proven below ns1.example.');
  });
  test('B.5 referral to an unsigned zone', () => expect(noDs('b.example.', cut)).toBe('unsigned-delegation'));
  test('B.6 wildcard expansion', () => {
    expect(expansion('a.z.w.example.', 'w.example.', beforeXx)).toBe('proven below w.example.');
  });
  test('B.7 wildcard no data', () => {
    expect(nodata('a.z.w.example. AAAA', beforeXx + wildcard)).toBe('proven below w.example.');
  });
  test('B.8 DS asked of the child proves nothing', () => {
    expect(nodata('example. DS', apex)).toBe('denial-wrong');
    expect(noDs('example.', apex)).toBe('denial-wrong');
  });
});

const apex = 'example. NSEC b.example. NS SOA RRSIG NSEC DNSKEY\n';

describe('NXDOMAIN', () => {
  test('needs the name spanned and the wildcard too', () => {
    const span = 'b.example. NSEC d.example. A RRSIG NSEC\n';
    expect(nxdomain('c.example.', apex + span)).toBe('proven below example.');
    expect(nxdomain('c.example.', span)).toBe('denial-wrong');
    expect(nxdomain('c.example.', apex)).toBe('denial-wrong');
  });

  test('one span may cover both', () => {
    expect(nxdomain('a.example.', apex)).toBe('proven below example.');
  });

  test('needs the wildcard of the closest encloser, not of the apex', () => {
    const records = 'a.b.example. NSEC d.b.example. A RRSIG NSEC\n';
    expect(nxdomain('c.b.example.', apex + records)).toBe('denial-wrong');
    expect(nxdomain('c.b.example.', records + 'b.example. NSEC a.b.example. A RRSIG NSEC\n')).toBe(
      'proven below b.example.',
    );
  });

  test('the last span of the zone runs to its end', () => {
    expect(nxdomain('z.example.', apex + 'b.example. NSEC example. A RRSIG NSEC\n')).toBe('proven below example.');
  });

  test('a zone with one name alone denies all below it', () => {
    expect(nxdomain('x.y.example.', 'example. NSEC example. NS SOA RRSIG NSEC\n')).toBe('proven below example.');
  });

  test('does not hold for an owner, nor for an empty non-terminal (RFC 4592 §2.2.2)', () => {
    const records = apex + 'b.example. NSEC x.d.example. A RRSIG NSEC\n';
    expect(nxdomain('b.example.', records)).toBe('denial-wrong');
    expect(nxdomain('d.example.', records)).toBe('denial-wrong');
    expect(nxdomain('c.example.', records)).toBe('proven below example.');
  });

  test('does not hold where the wildcard exists, be it as an empty non-terminal', () => {
    const span = 'b.example. NSEC d.example. A RRSIG NSEC\n';
    expect(nxdomain('c.example.', span + '*.example. NSEC b.example. A RRSIG NSEC\n')).toBe('denial-wrong');
    expect(nxdomain('c.example.', span + 'example. NSEC x.*.example. NS SOA RRSIG NSEC\n')).toBe('denial-wrong');
  });

  test('is not said of names outside the zone', () => {
    expect(nxdomain('c.test.', apex)).toBe('denial-wrong');
    expect(nxdomain('example.', apex)).toBe('denial-wrong');
  });

  test('of the root zone', () => {
    const root = '. NSEC aaa. NS SOA RRSIG NSEC DNSKEY\nab. NSEC ad. NS DS RRSIG NSEC\n';
    expect(nxdomain('ac.', root, '.')).toBe('proven below .');
    expect(nxdomain('x.ac.', root, '.')).toBe('proven below .');
    expect(nxdomain('x.ab.', root, '.')).toBe('denial-wrong');
  });
});

describe('NODATA', () => {
  test('needs the type and CNAME to be absent (RFC 6840 §4.3)', () => {
    expect(nodata('b.example. A', 'b.example. NSEC c.example. TXT RRSIG NSEC')).toBe('proven below b.example.');
    expect(nodata('b.example. A', 'b.example. NSEC c.example. A RRSIG NSEC')).toBe('denial-wrong');
    expect(nodata('b.example. A', 'b.example. NSEC c.example. CNAME RRSIG NSEC')).toBe('denial-wrong');
  });

  test('of an empty non-terminal', () => {
    expect(nodata('d.example. A', 'b.example. NSEC x.d.example. A RRSIG NSEC')).toBe('proven below d.example.');
  });

  test('of a name that does not exist is none without a wildcard', () => {
    expect(nodata('c.example. A', apex + 'b.example. NSEC d.example. A RRSIG NSEC')).toBe('denial-wrong');
  });

  test('from a wildcard needs that of the closest encloser', () => {
    const span = 'a.b.example. NSEC d.b.example. A RRSIG NSEC\n';
    const far = '*.example. NSEC b.example. A RRSIG NSEC\n';
    const near = '*.b.example. NSEC a.b.example. A RRSIG NSEC\n';
    expect(nodata('c.b.example. AAAA', span + far)).toBe('denial-wrong');
    expect(nodata('c.b.example. AAAA', span + near)).toBe('proven below b.example.');
    expect(nodata('c.b.example. A', span + near)).toBe('denial-wrong');
  });

  test('from a wildcard needs the name itself to be denied', () => {
    expect(nodata('c.example. AAAA', '*.example. NSEC b.example. A RRSIG NSEC\n')).toBe('denial-wrong');
  });

  test('in the compact form of RFC 9824: the name, its successor, and NXNAME', () => {
    expect(nodata('c.example. A', 'c.example. NSEC \\000.c.example. RRSIG NSEC TYPE128')).toBe(
      'proven below c.example.',
    );
  });
});

describe('an answer from a wildcard', () => {
  const near = 'b.example. NSEC d.example. A RRSIG NSEC\n';

  test('needs the name to be spanned', () => {
    expect(expansion('c.example.', 'example.', near)).toBe('proven below example.');
    expect(expansion('x.c.example.', 'example.', near)).toBe('proven below example.');
    expect(expansion('b.example.', 'example.', near)).toBe('denial-wrong');
    expect(expansion('e.example.', 'example.', near)).toBe('denial-wrong');
  });

  test('does not hold where a name closer to it exists (RFC 4035 §5.3.4)', () => {
    expect(expansion('x.c.example.', 'example.', 'a.c.example. NSEC z.c.example. A RRSIG NSEC\n')).toBe('denial-wrong');
    expect(expansion('x.b.example.', 'example.', near)).toBe('denial-wrong');
  });

  test('wildcard CNAME: the alias needs that proof as any record does', () => {
    expect(expansion('www.example.', 'example.', '*.example. NSEC b.example. CNAME RRSIG NSEC\n')).toBe('denial-wrong');
    expect(expansion('www.example.', 'example.', '')).toBe('denial-missing');
  });

  test('wildcard CNAME: its record does not pass as NODATA of the type asked for', () => {
    const records = near + '*.example. NSEC b.example. CNAME RRSIG NSEC\n';
    expect(nodata('c.example. A', records)).toBe('denial-wrong');
  });
});

describe('absence of a DS', () => {
  test.each([
    ['NS RRSIG NSEC', 'unsigned-delegation'],
    ['A RRSIG NSEC', 'no-delegation'],
    ['CNAME RRSIG NSEC', 'no-delegation'],
    ['NS DS RRSIG NSEC', 'denial-wrong'],
    ['NS SOA RRSIG NSEC', 'denial-wrong'],
  ])('a record with %s at the name: %s', (types, result) => {
    expect(noDs('b.example.', `b.example. NSEC c.example. ${types}`)).toBe(result);
  });

  test('no zone begins at an empty non-terminal, nor at a name that does not exist', () => {
    const records = 'b.example. NSEC x.d.example. A RRSIG NSEC';
    expect(noDs('d.example.', records)).toBe('no-delegation');
    expect(noDs('c.example.', records)).toBe('no-delegation');
    expect(noDs('f.example.', records)).toBe('denial-wrong');
  });
});

describe('a record that may not speak does not', () => {
  test('NSEC next name outside the zone: it would deny the names of others', () => {
    const records = 'a.evil.example. NSEC zz. A RRSIG NSEC\n' + apex;
    expect(nxdomain('victim.example.', records)).toBe('denial-wrong');
    expect(nxdomain('b.evil.example.', 'a.evil.example. NSEC zz. A RRSIG NSEC\n', 'evil.example.')).toBe(
      'denial-missing',
    );
  });

  test('its owner outside the zone', () => {
    expect(nxdomain('c.example.', 'b.test. NSEC d.example. A RRSIG NSEC\n')).toBe('denial-missing');
  });

  test('a span that runs backwards to another name than the apex', () => {
    expect(nxdomain('z.example.', apex + 'y.example. NSEC c.example. A RRSIG NSEC\n')).toBe('denial-wrong');
    expect(nxdomain('a.example.', 'b.example. NSEC b.example. A RRSIG NSEC\n')).toBe('denial-missing');
  });

  test('grandparent NSEC: a record from above the cut denies nothing below it (RFC 6840 §4.1)', () => {
    const cut = apex + 'sub.example. NSEC t.example. NS DS RRSIG NSEC\n';
    expect(nxdomain('www.sub.example.', cut)).toBe('denial-wrong');
    expect(nodata('www.sub.example. A', cut)).toBe('denial-wrong');
    expect(nodata('sub.example. A', cut)).toBe('denial-wrong');
    expect(expansion('www.sub.example.', 'example.', cut)).toBe('denial-wrong');
    expect(noDs('deep.sub.example.', cut)).toBe('denial-wrong');
    expect(nxdomain('sub2.example.', cut)).toBe('proven below example.');
  });

  test('grandparent NSEC: the zone above the parent says nothing of a DS that the parent has', () => {
    const root = 'example. NSEC test. NS DS RRSIG NSEC\n';
    expect(noDs('sub.example.', root, '.')).toBe('denial-wrong');
  });

  test('a record at a DNAME denies nothing below it (RFC 6672 §5.3.4.1)', () => {
    const records = apex + 'old.example. NSEC p.example. DNAME RRSIG NSEC\n';
    expect(nxdomain('www.old.example.', records)).toBe('denial-wrong');
    expect(nxdomain('older.example.', records)).toBe('proven below example.');
  });

  test('a list of types that is not sound', () => {
    // The next name is c.example.; then a window, one of a single octet and one of none.
    const next = '0163076578616d706c6500';
    expect(nodata('b.example. AAAA', `b.example. TYPE47 \\# 14 ${next} 000140`)).toBe('proven below b.example.');
    expect(nodata('b.example. AAAA', `b.example. TYPE47 \\# 13 ${next} 0000`)).toBe('denial-missing');
  });
});

test('without any record the denial is missing', () => {
  expect(nxdomain('c.example.', '')).toBe('denial-missing');
  expect(nodata('c.example. A', 'c.example. A 192.0.2.1')).toBe('denial-missing');
});
