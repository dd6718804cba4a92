/** RFC 8198, RFC 8020: what signed denials save, and what must not be concluded from them. */

import { describe, expect, test } from 'vitest';

import { ErrorCode } from '../../src/dns/extended-error.ts';
import { name } from '../../src/dns/name.ts';
import { deniesEmptyNonTerminals } from '../../src/lab/misbehaviour.ts';
import { defaultPolicy } from '../../src/validate/policy.ts';
import { readTrustAnchors } from '../../src/validate/trust-anchor.ts';
import { defaultOptions } from '../support/resolver-options.ts';
import type { InternetOptions, SimulatedInternet } from '../support/simulated-internet.ts';
import { validatedInternet, validatingResolver } from '../support/validating-resolver.ts';
import { walkingResolver } from '../support/walking-resolver.ts';

const root = { at: '198.51.100.1', signed: true };
const records = 'a 300 A 203.0.113.1\ng 300 A 203.0.113.7\nm.deep 300 A 203.0.113.13\nz 300 TXT "last"';
type Denial = 'nsec' | 'nsec3';

const internet = (denial: Denial, more = '', options: InternetOptions = {}): SimulatedInternet =>
  validatedInternet(options)
    .zone('.', root)
    .zone('example.', { at: '192.0.2.1', records: `${records}\n${more}`, signed: { denial } });

async function askAll(world: SimulatedInternet, questions: readonly string[]): Promise<void> {
  for (const question of questions) await world.ask(question);
}

describe('a zone signed with nsec', () => {
  test('a name between two that were denied is denied without asking, as secure', async () => {
    const world = internet('nsec');
    await world.ask('b.example. A');
    const { reply, exchanges } = await world.ask('c.example. AAAA');
    expect(exchanges).toBe(0);
    expect(reply).toMatchObject({ rcode: 3, source: 'synthesised', security: { state: 'secure' }, answer: [] });
    expect(reply.errors).toEqual([{ code: ErrorCode.SYNTHESIZED, text: '' }]);
    expect(reply.authority.map(({ type }) => type)).toEqual([6, 47, 47]);
  });

  test('a name that has other types only is denied them without asking', async () => {
    const world = internet('nsec');
    await world.ask('g.example. AAAA');
    const { reply, exchanges } = await world.ask('g.example. MX');
    expect(exchanges).toBe(0);
    expect(reply).toMatchObject({ rcode: 0, source: 'synthesised', security: { state: 'secure' }, answer: [] });
  });

  test('a name that exists is asked for, though names on both sides were denied', async () => {
    const world = internet('nsec');
    await askAll(world, ['b.example. A', 'h.example. A']);
    const { reply } = await world.ask('g.example. A');
    expect(reply).toAnswer('g.example. 300 A 203.0.113.7');
  });

  test('an empty non-terminal in a span is NODATA', async () => {
    const world = internet('nsec');
    // The span from a. to g. ends at g., that from g. at m.deep.
    await world.ask('e.deep.example. A');
    const { reply } = await world.ask('deep.example. MX');
    expect(reply).toMatchObject({ rcode: 0, security: { state: 'secure' }, answer: [] });
  });

  test('a denial ends with its TTL and is asked for anew', async () => {
    const world = internet('nsec');
    await world.ask('b.example. A');
    world.wait(3_700_000);
    const { reply, exchanges } = await world.ask('c.example. A');
    expect(exchanges).toBeGreaterThan(0);
    expect(reply.rcode).toBe(3);
  });
});

describe('a zone signed with nsec3', () => {
  test('names are denied without asking once the whole chain is known', async () => {
    const world = internet('nsec3');
    await askAll(
      world,
      Array.from({ length: 24 }, (_, i) => `n${i}.example. A`),
    );
    const { reply, exchanges } = await world.ask('another.example. A');
    expect(exchanges).toBe(0);
    expect(reply).toMatchObject({ rcode: 3, source: 'synthesised', security: { state: 'secure' } });
    expect((await world.ask('g.example. A')).reply).toAnswer('g.example. 300 A 203.0.113.7');
  });

  test('a name that has other types only is denied them without asking', async () => {
    const world = internet('nsec3');
    await world.ask('g.example. AAAA');
    const { reply, exchanges } = await world.ask('g.example. MX');
    expect(exchanges).toBe(0);
    expect(reply).toMatchObject({ rcode: 0, source: 'synthesised', security: { state: 'secure' } });
  });

  test('nothing is concluded from records with opt-out', async () => {
    const world = validatedInternet()
      .zone('.', root)
      .zone('example.', { at: '192.0.2.1', records, signed: { denial: 'nsec3', optOut: true } });
    await askAll(
      world,
      Array.from({ length: 24 }, (_, i) => `n${i}.example. A`),
    );
    const { reply, exchanges } = await world.ask('another.example. A');
    expect(exchanges).toBeGreaterThan(0);
    expect(reply.security).toMatchObject({ state: 'insecure' });
  });
});

describe.each<[Denial]>([['nsec'], ['nsec3']])('wildcards in a zone signed with %s', (denial) => {
  test('one that was expanded answers for other names of the same span', async () => {
    const world = internet(denial, '* 300 TXT "wild"');
    await askAll(world, Array.from({ length: 24 }, (_, i) => `n${i}.example. TXT`).concat('nothing.example. A'));
    const { reply, exchanges } = await world.ask('nope.example. TXT');
    expect(exchanges).toBe(0);
    expect(reply).toAnswer('nope.example. 300 TXT "wild"');
    expect(reply).toMatchObject({ source: 'synthesised', security: { state: 'secure' } });
  });

  test('a name that a wildcard stands for is never denied by the span that it lies in', async () => {
    const world = internet(denial, '* 300 TXT "wild"');
    await world.ask('other.example. A');
    const { reply } = await world.ask('one.example. TXT');
    expect(reply).toAnswer('one.example. 300 TXT "wild"');
  });
});

describe('delegations', () => {
  const child = { at: '192.0.2.9', records: 'www 300 A 203.0.113.9' };
  test.each<[Denial]>([['nsec'], ['nsec3']])('a child of a zone with %s is asked, signed or not', async (denial) => {
    const world = internet(denial).zone('sub.example.', child);
    await askAll(world, Array.from({ length: 24 }, (_, i) => `n${i}.example. A`).concat('sub.example. DS'));
    const { reply } = await world.ask('www.sub.example. A');
    expect(reply).toAnswer('www.sub.example. 300 A 203.0.113.9');
  });
});

describe('RFC 8020: a secure NXDOMAIN', () => {
  const withoutRanges = validatedInternet({
    resolver: (around) => {
      const { anchors } = readTrustAnchors(around.trustAnchors);
      const dnssec = { anchors, negativeAnchors: [], policy: defaultPolicy, aggressiveNsec: false };
      return walkingResolver({ dnssec })(around);
    },
  });

  test('denies the names below it; other names are asked for, when ranges are not to be used', async () => {
    const world = withoutRanges
      .zone('.', root)
      .zone('example.', { at: '192.0.2.1', records, signed: { denial: 'nsec' } });
    await world.ask('b.example. A');
    const below = await world.ask('x.y.b.example. MX');
    expect(below.exchanges).toBe(0);
    expect(below.reply).toMatchObject({ rcode: 3, source: 'synthesised', security: { state: 'secure' } });
    expect((await world.ask('c.example. A')).exchanges).toBeGreaterThan(0);
  });

  test('that is not secure denies only its own name', async () => {
    const world = validatedInternet().zone('.', root).zone('example.', { at: '192.0.2.1', records });
    await world.ask('b.example. A');
    expect((await world.ask('x.b.example. A')).exchanges).toBeGreaterThan(0);
  });
});

describe('names with a way of their own', () => {
  test('a stub zone is asked, though its parent has proven that there is no such name', async () => {
    const zones = [{ zone: name('corp.example.'), addresses: [{ address: '192.0.2.9' }], kind: 'stub', first: false }];
    const walking = { ...defaultOptions.walking, zones } as typeof defaultOptions.walking;
    const world = internet('nsec', '', { resolver: validatingResolver({ walking }) }).server('192.0.2.9');
    await world.ask('b.example. A');
    const { exchanges } = await world.ask('www.corp.example. A');
    expect(exchanges).toBeGreaterThan(0);
  });
});

describe('QNAME minimisation (RFC 9156 §3)', () => {
  test.each<[Denial]>([['nsec'], ['nsec3']])(
    'a part of the name that %s shows to be absent ends the walk, as secure',
    async (denial) => {
      const world = internet(denial);
      await world.ask('a.example. A');
      const { reply, exchanges } = await world.ask('x.y.nothing.example. A');
      expect(exchanges).toBe(1);
      expect(reply).toMatchObject({ rcode: 3, source: 'recursion', security: { state: 'secure' } });
      expect(world.seen('192.0.2.1').at(-1)).toBe('nothing.example. A');
    },
  );

  test('an NXDOMAIN without proof does not: the whole name is asked for', async () => {
    const world = validatedInternet()
      .zone('.', root)
      .zone('example.', { at: '192.0.2.1', records: 'x.y.deep 300 A 203.0.113.9' })
      .server('192.0.2.1', deniesEmptyNonTerminals);
    const { reply } = await world.ask('x.y.deep.example. A');
    expect(reply).toAnswer('x.y.deep.example. 300 A 203.0.113.9');
  });
});
