/** The examples that RFCs print, with their keys, at the times for which they were made. */

import { describe, expect, test } from 'vitest';

import { pick, setsFromText, validatingWith } from '../../test/support/signed-records.ts';
import { name, type Name } from '../dns/name.ts';
import { Type } from '../dns/record-type.ts';
import { dnskeysOf } from './dnskey.ts';
import { dsOf, matchesDs } from './ds.ts';
import { validateKeySet } from './key-set.ts';
import { verifyRRset } from './verify.ts';

const seconds = (text: string): number => Date.parse(text) / 1000;

type Example = { zone: string; at: string; text: string; tag: number };

const examples: Record<string, Example> = {
  'RFC 5702 §6.1 (RSASHA256)': {
    zone: 'example.net.',
    at: '2026-11-25T00:00:00Z',
    tag: 9033,
    text: `
example.net. 3600 IN DNSKEY (256 3 8 AwEAAcFcGsaxxdgiuuGmCkVI
  my4h99CqT7jwY3pexPGcnUFtR2Fh36BponcwtkZ4cAgtvd4Qs8P kxUdp6p/DlUmObdk= )
www.example.net. 3600 IN A 192.0.2.91
www.example.net. 3600 IN RRSIG (A 8 3 3600 20300101000000 20000101000000 9033 example.net.
  kRCOH6u7l0QGy9qpC9 l1sLncJcOKFLJ7GhiUOibu4teYp5VE9RncriShZNz85mwlMgNEa cFYK/lPtPiVYP4bwg==)`,
  },
  'RFC 5702 §6.2 (RSASHA512)': {
    zone: 'example.net.',
    at: '2026-11-25T00:00:00Z',
    tag: 3740,
    text: `
example.net. 3600 IN DNSKEY (256 3 10 AwEAAdHoNTOW+et86KuJOWRD
  p1pndvwb6Y83nSVXXyLA3DLroROUkN6X0O6pnWnjJQujX/AyhqFD xj13tOnD9u/1kTg7cV6rklMrZDtJCQ5PCl/D7QNPsgVsMu1J2Q8g
  pMpztNFLpPBz1bWXjDtaR7ZQBlZ3PFY12ZTSncorffcGmhOL )
www.example.net. 3600 IN A 192.0.2.91
www.example.net. 3600 IN RRSIG (A 10 3 3600 20300101000000 20000101000000 3740 example.net.
  tsb4wnjRUDnB1BUi+t6TMTXThjVnG+eCkWqjvvjhzQL1d0YRoOe0CbxrVDYd0xDtsuJRaeUw1ep94PzEWzr0iGYgZBWm/zpq+9fOuagYJRfD
  qfReKBzMweOLDiNa8iP5g9vMhpuv6OPlvpXwm9Sa9ZXIbNl1MBGk0fthPgxdDLw=)`,
  },
  'RFC 6605 §6.1 (ECDSAP256SHA256)': {
    zone: 'example.net.',
    at: '2010-08-20T00:00:00Z',
    tag: 55648,
    text: `
example.net. 3600 IN DNSKEY 257 3 13 ( GojIhhXUN/u4v54ZQqGSnyhWJwaubCvTmeexv7bR6edb
  krSqQpF64cYbcB7wNcP+e+MAnLr+Wi9xMWyQLc8NAA== )
example.net. 3600 IN DS 55648 13 2 ( b4c8c1fe2e7477127b27115656ad6256f424625bf5c1 e2770ce6d6e37df61d17 )
www.example.net. 3600 IN A 192.0.2.1
www.example.net. 3600 IN RRSIG A 13 3 3600 ( 20100909100439 20100812100439 55648 example.net.
  qx6wLYqmh+l9oCKTN6qIc+bw6ya+KJ8oMz0YP107epXA yGmt+3SNruPFKG7tZoLBLlUzGGus7ZwmwWep666VCw== )`,
  },
  'RFC 6605 §6.2 (ECDSAP384SHA384)': {
    zone: 'example.net.',
    at: '2010-08-20T00:00:00Z',
    tag: 10771,
    text: `
example.net. 3600 IN DNSKEY 257 3 14 ( xKYaNhWdGOfJ+nPrL8/arkwf2EY3MDJ+SErKivBVSum1
  w/egsXvSADtNJhyem5RCOpgQ6K8X1DRSEkrbYQ+OB+v8 /uX45NBwY8rp65F6Glur8I/mlVNgF6W/qTI37m40 )
example.net. 3600 IN DS 10771 14 4 ( 72d7b62976ce06438e9c0bf319013cf801f09ecc84b8
  d7e9495f27e305c6a9b0563a9b5f4d288405c3008a94 6df983d6 )
www.example.net. 3600 IN A 192.0.2.1
www.example.net. 3600 IN RRSIG A 14 3 3600 ( 20100909102025 20100812102025 10771 example.net.
  /L5hDKIvGDyI1fcARX3z65qrmPsVz73QD1Mr5CEqOiLP 95hxQouuroGCeZOvzFaxsT8Glr74hbavRKayJNuydCuz
  WTSSPdz7wnqXL5bdcJzusdnI0RSMROxxwGipWcJm )`,
  },
  'RFC 8080 §6.1 (ED25519)': {
    zone: 'example.com.',
    at: '2015-08-10T00:00:00Z',
    tag: 3613,
    text: `
example.com. 3600 IN DNSKEY 257 3 15 ( l02Woi0iS8Aa25FQkUd9RMzZHJpBoRQwAQEX1SxZJA4= )
example.com. 3600 IN DS 3613 15 2 ( 3aa5ab37efce57f737fc1627013fee07bdf241bd10f3b1964ab55c78e79 a304b )
example.com. 3600 IN MX 10 mail.example.com.
example.com. 3600 IN RRSIG MX 15 2 3600 ( 1440021600 1438207200 3613 example.com.
  oL9krJun7xfBOIWcGHi7mag5/hdZrKWw15jPGrHpjQeRAvTdszaPD+QLs3f x8A4M3e23mRZ9VrbpMngwcrqNAg== )`,
  },
  'RFC 8080 §6.1, the second (ED25519)': {
    zone: 'example.com.',
    at: '2015-08-10T00:00:00Z',
    tag: 35217,
    text: `
example.com. 3600 IN DNSKEY 257 3 15 ( zPnZ/QwEe7S8C5SPz2OfS5RR40ATk2/rYnE9xHIEijs= )
example.com. 3600 IN DS 35217 15 2 ( 401781b934e392de492ec77ae2e15d70f6575a1c0bc59c5275c04ebe80c 6614c )
example.com. 3600 IN MX 10 mail.example.com.
example.com. 3600 IN RRSIG MX 15 2 3600 ( 1440021600 1438207200 35217 example.com.
  zXQ0bkYgQTEFyfLyi9QoiY6D8ZdYo4wyUhVioYZXFdT410QPRITQSqJSnzQ oSm5poJ7gD7AQR0O7KuI5k2pcBg== )`,
  },
  'RFC 8080 §6.2 (ED448)': {
    zone: 'example.com.',
    at: '2015-08-10T00:00:00Z',
    tag: 9713,
    text: `
example.com. 3600 IN DNSKEY 257 3 16 ( 3kgROaDjrh0H2iuixWBrc8g2EpBBLCdGzHmn+G2MpTPhpj/OiBVHHSfPodx 1FYYUcJKm1MDpJtIA )
example.com. 3600 IN DS 9713 16 2 ( 6ccf18d5bc5d7fc2fceb1d59d17321402f2aa8d368048db93dd811f5cb2 b19c7 )
example.com. 3600 IN MX 10 mail.example.com.
example.com. 3600 IN RRSIG MX 16 2 3600 ( 1440021600 1438207200 9713 example.com.
  3cPAHkmlnxcDHMyg7vFC34l0blBhuG1qpwLmjInI8w1CMB29FkEAIJUA0amxWndkmnBZ6SKiwZSAxGILn/NBtOXft0+Gj7FSvOKxE/07+4RQ
  vE581N3Aj/JtIyaiYVdnYtyMWbSNyGEY2213WKsJlwEA )`,
  },
};

describe.each(Object.entries(examples))('%s', (_, { zone, at, text, tag }) => {
  const sets = setsFromText(text);
  const apex = name(zone);
  const [key] = dnskeysOf(pick(sets, apex, Type.DNSKEY));

  test('the key has the tag that is printed', () => expect(key.tag).toBe(tag));

  test('the signature holds', () => {
    const signed = sets.filter(({ signatures }) => signatures !== undefined);
    expect(signed.map((set) => verifyRRset(set, [key], apex, seconds(at), validatingWith()).kind)).toEqual([
      'verified',
    ]);
  });

  test.runIf(text.includes(' DS '))('the DS names the key', () => {
    expect(dsOf(pick(sets, apex, Type.DS)).map((ds) => matchesDs(apex, key, ds))).toEqual([true]);
  });
});

/** Every signed set of a zone by its keys, as `owner type` → what came of it. */
function judgeAll(text: string, zone: Name, at: string): Record<string, string> {
  const sets = setsFromText(text);
  const keys = dnskeysOf(pick(sets, zone, Type.DNSKEY));
  const signed = sets.filter(({ signatures }) => signatures !== undefined);
  return Object.fromEntries(
    signed.map((set) => {
      const result = verifyRRset(set, keys, zone, seconds(at), validatingWith());
      const from = result.kind === 'verified' && result.closestEncloser !== undefined ? ' from a wildcard' : '';
      return [`${set.owner.slice(1, -1)} ${set.type}`, result.kind + from];
    }),
  );
}

const rfc4035 = `
$TTL 3600
example. DNSKEY 256 3 5 ( AQOy1bZVvpPqhg4j7EJoM9rI3ZmyEx2OzDBV
  rZy/lvI5CQePxXHZS4i8dANH4DX3tbHol61e k8EFMcsGXxKciJFHyhl94C+NwILQdzsUlSFo
  vBZsyl/NX6yEbtw/xN9ZNcrbYvgjjZ/UVPZI ySFNsgEYvh0z2542lzMKR4Dh8uZffQ== )
example. DNSKEY 257 3 5 ( AQOeX7+baTmvpVHb2CcLnL1dMRWbuscRvHXl
  LnXwDzvqp4tZVKp1sZMepFb8MvxhhW3y/0QZ syCjczGJ1qk8vJe52iOhInKROVLRwxGpMfzP
  RLMlGybr51bOV/1se0ODacj3DomyB4QB5gKT Yot/K9alk5/j8vfd4jWCWD+E1Sze0Q== )
example. RRSIG DNSKEY 5 1 3600 20040509183619 20040409183619 9465 example. (
  ZxgauAuIj+k1YoVEOSlZfx41fcmKzTFHoweZ xYnz99JVQZJ33wFS0Q0jcP7VXKkaElXk9nYJ
  XevO/7nAbo88iWsMkSpSR6jWzYYKwfrBI/L9 hjYmyVO9m6FjQ7uwM4dCP/bIuV/DKqOAK9NY
  NC3AHfvCV1Tp4VKDqxqG7R5tTVM= )
example. RRSIG DNSKEY 5 1 3600 20040509183619 20040409183619 38519 example. (
  eGL0s90glUqcOmloo/2y+bSzyEfKVOQViD9Z DNhLz/Yn9CQZlDVRJffACQDAUhXpU/oP34ri
  bKBpysRXosczFrKqS5Oa0bzMOfXCXup9qHAp eFIku28Vqfr8Nt7cigZLxjK+u0Ws/4lIRjKk
  7z5OXogYVaFzHKillDt3HRxHIZM= )
example. SOA ns1.example. bugs.x.w.example. 1081539377 3600 300 3600000 3600
example. RRSIG SOA 5 1 3600 20040509183619 20040409183619 38519 example. (
  ONx0k36rcjaxYtcNgq6iQnpNV5+drqYAsC9h 7TSJaHCqbhE67Sr6aH2xDUGcqQWu/n0UVzrF
  vkgO9ebarZ0GWDKcuwlM6eNB5SiX2K74l5LW DA7S/Un/IbtDq4Ay8NMNLQI7Dw7n4p8/rjkB
  jV7j86HyQgM5e7+miRAz8V01b0I= )
example. NS ns1.example.
example. NS ns2.example.
example. RRSIG NS 5 1 3600 20040509183619 20040409183619 38519 example. (
  gl13F00f2U0R+SWiXXLHwsMY+qStYy5k6zfd EuivWc+wd1fmbNCyql0Tk7lHTX6UOxc8AgNf
  4ISFve8XqF4q+o9qlnqIzmppU3LiNeKT4FZ8 RO5urFOvoMRTbQxW3U0hXWuggE4g3ZpsHv48
  0HjMeRaZB/FRPGfJPajngcq6Kwg= )
example. MX 1 xx.example.
example. RRSIG MX 5 1 3600 20040509183619 20040409183619 38519 example. (
  HyDHYVT5KHSZ7HtO/vypumPmSZQrcOP3tzWB 2qaKkHVPfau/DgLgS/IKENkYOGL95G4N+NzE
  VyNU8dcTOckT+ChPcGeVjguQ7a3Ao9Z/ZkUO 6gmmUW4b89rz1PUxW4jzUxj66PTwoVtUU/iM
  W6OISukd1EQt7a0kygkg+PEDxdI= )
example. NSEC a.example. NS SOA MX RRSIG NSEC DNSKEY
example. RRSIG NSEC 5 1 3600 20040509183619 20040409183619 38519 example. (
  O0k558jHhyrC97ISHnislm4kLMW48C7U7cBm FTfhke5iVqNRVTB1STLMpgpbDIC9hcryoO0V
  Z9ME5xPzUEhbvGnHd5sfzgFVeGxr5Nyyq4tW SDBgIBiLQUv1ivy29vhXy7WgR62dPrZ0PWvm
  jfFJ5arXf4nPxp/kEowGgBRzY/U= )
a.example. DS 57855 5 1 B6DCD485719ADCA18E5F3D48A2331627FDD3636B
a.example. RRSIG DS 5 2 3600 20040509183619 20040409183619 38519 example. (
  oXIKit/QtdG64J/CB+Gi8dOvnwRvqrto1AdQ oRkAN15FP3iZ7suB7gvTBmXzCjL7XUgQVcoH
  kdhyCuzp8W9qJHgRUSwKKkczSyuL64nhgjuD EML8l9wlWVsl7PR2VnZduM9bLyBhaaPmRKX/
  Fm+v6ccF2EGNLRiY08kdkz+XHHo= )
ai.example. A 192.0.2.9
ai.example. RRSIG A 5 2 3600 20040509183619 20040409183619 38519 example. (
  pAOtzLP2MU0tDJUwHOKE5FPIIHmdYsCgTb5B ERGgpnJluA9ixOyf6xxVCgrEJW0WNZSsJicd
  hBHXfDmAGKUajUUlYSAH8tS4ZnrhyymIvk3u ArDu2wfT130e9UHnumaHHMpUTosKe22PblOy
  6zrTpg9FkS0XGVmYRvOTNYx2HvQ= )
ai.example. HINFO "KLH-10" "ITS"
ai.example. RRSIG HINFO 5 2 3600 20040509183619 20040409183619 38519 example. (
  Iq/RGCbBdKzcYzlGE4ovbr5YcB+ezxbZ9W0l e/7WqyvhOO9J16HxhhL7VY/IKmTUY0GGdcfh
  ZEOCkf4lEykZF9NPok1/R/fWrtzNp8jobuY7 AZEcZadp1WdDF3jc2/ndCa5XZhLKD3JzOsBw
  FvL8sqlS5QS6FY/ijFEDnI4RkZA= )
ai.example. AAAA 2001:db8::f00:baa9
ai.example. RRSIG AAAA 5 2 3600 20040509183619 20040409183619 38519 example. (
  nLcpFuXdT35AcE+EoafOUkl69KB+/e56XmFK kewXG2IadYLKAOBIoR5+VoQV3XgTcofTJNsh
  1rnF6Eav2zpZB3byI6yo2bwY8MNkr4A7cL9T cMmDwV/hWFKsbGBsj8xSCN/caEL2CWY/5XP2
  sZM6QjBBLmukH30+w1z3h8PUP2o= )
a.z.w.example. MX 1 ai.example.
a.z.w.example. RRSIG MX 5 2 3600 20040509183619 20040409183619 38519 example. (
  OMK8rAZlepfzLWW75Dxd63jy2wswESzxDKG2 f9AMN1CytCd10cYISAxfAdvXSZ7xujKAtPbc
  tvOQ2ofO7AZJ+d01EeeQTVBPq4/6KCWhqe2X TjnkVLNvvhnc0u28aoSsG0+4InvkkOHknKxw
  4kX18MMR34i8lC36SR5xBni8vHI= )
x.y.w.example. NSEC xx.example. MX RRSIG NSEC
x.y.w.example. RRSIG NSEC 5 4 3600 20040509183619 20040409183619 38519 example. (
  OvE6WUzN2ziieJcvKPWbCAyXyP6ef8cr6Csp ArVSTzKSquNwbezZmkU7E34o5lmb6CWSSSpg
  xw098kNUFnHcQf/LzY2zqRomubrNQhJTiDTX a0ArunJQCzPjOYq5t0SLjm6qp6McJI1AP5Vr
  QoKqJDCLnoAlcPOPKAm/jJkn3jk= )
`;

describe('RFC 4035 Appendix A and B (RSASHA1)', () => {
  const zone = name('example.');

  test('every set of the zone holds, and a.z.w.example. MX comes from the wildcard below w.example.', () => {
    const results = judgeAll(rfc4035, zone, '2004-04-12T00:00:00Z');
    const { ['a\x01z\x01w\x07example 15']: expanded, ...others } = results;
    expect(Object.keys(others)).toHaveLength(10);
    expect(new Set(Object.values(others))).toEqual(new Set(['verified']));
    expect(expanded).toBe('verified from a wildcard');
  });

  test('none holds two months later', () => {
    expect(new Set(Object.values(judgeAll(rfc4035, zone, '2004-07-12T00:00:00Z')))).toEqual(new Set(['failed']));
  });

  test('by its key-signing key the whole key set is trusted', () => {
    const sets = setsFromText(rfc4035);
    const keySet = pick(sets, zone, Type.DNSKEY);
    const keys = dnskeysOf(keySet).filter(({ tag }) => tag === 9465);
    const trust = { zone, ds: [], keys };
    const result = validateKeySet(keySet, trust, seconds('2004-04-12T00:00:00Z'), validatingWith());
    expect(result.kind === 'secure' && result.keys.map(({ tag }) => tag)).toEqual([38519, 9465]);
  });
});

const rfc5155 = `
$TTL 3600
example. DNSKEY 256 3 7 ( AwEAAaetidLzsKWUt4swWR8yu0wPHPiUi8LU sAD0QPWU+wzt89epO6tHzkMBVDkC7qphQO2h
  TY4hHn9npWFRw5BYubE= )
example. DNSKEY 257 3 7 ( AwEAAcUlFV1vhmqx6NSOUOq2R/dsR7Xm3upJ j7IommWSpJABVfW8Q0rOvXdM6kzt+TAu92L9
  AbsUdblMFin8CVF3n4s= )
example. RRSIG DNSKEY 7 1 3600 20150420235959 20051021000000 12708 example. (
  AuU4juU9RaxescSmStrQks3Gh9FblGBlVU31 uzMZ/U/FpsUb8aC6QZS+sTsJXnLnz7flGOsm MGQZf3bH+QsCtg== )
example. NSEC3PARAM 1 0 12 aabbccdd
example. RRSIG NSEC3PARAM 7 1 3600 20150420235959 20051021000000 40430 example. (
  C1Gl8tPZNtnjlrYWDeeUV/sGLCyy/IHie2re rN05XSA3Pq0U3+4VvGWYWdUMfflOdxqnXHwJ TLQsjlkynhG6Cg== )
0p9mhaveqvm6t7vbl5lop2u3t2rp3tom.example. NSEC3 1 1 12 aabbccdd (
  2t7b4g4vsa5smi47k61mv5bv1a22bojr MX DNSKEY NS SOA NSEC3PARAM RRSIG )
0p9mhaveqvm6t7vbl5lop2u3t2rp3tom.example. RRSIG NSEC3 7 2 3600 20150420235959 20051021000000 40430 example. (
  OSgWSm26B+cS+dDL8b5QrWr/dEWhtCsKlwKL IBHYH6blRxK9rC0bMJPwQ4mLIuw85H2EY762 BOCXJZMnpuwhpA== )
2t7b4g4vsa5smi47k61mv5bv1a22bojr.example. A 192.0.2.127
2t7b4g4vsa5smi47k61mv5bv1a22bojr.example. RRSIG A 7 2 3600 20150420235959 20051021000000 40430 example. (
  h6c++bzhRuWWt2bykN6mjaTNBcXNq5UuL5Ed K+iDP4eY8I0kSiKaCjg3tC1SQkeloMeub2GW k8p6xHMPZumXlw== )
`;

test('RFC 5155 Appendix A (RSASHA1-NSEC3-SHA1): every set holds', () => {
  expect(Object.values(judgeAll(rfc5155, name('example.'), '2008-01-10T00:00:00Z'))).toEqual([
    'verified',
    'verified',
    'verified',
    'verified',
  ]);
});
