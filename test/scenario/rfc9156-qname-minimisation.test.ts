/** Servers are asked for no more of the name than they need to know: RFC 9156. */

import { describe, expect, test } from 'vitest';

import type { MinimisationMode } from '../../src/iterate/qname-minimisation.ts';
import { deniesEmptyNonTerminals, only, refuses } from '../../src/lab/misbehaviour.ts';
import { resolverIn, type ResolverIn } from '../support/resolver-in.ts';
import type { SimulatedInternet } from '../support/simulated-internet.ts';
import { simulatedInternet } from '../support/walking-resolver.ts';

const ROOT_SERVER = '198.51.100.1';
const SERVER = '192.0.2.1';

const example = () =>
  simulatedInternet()
    .zone('.', { at: ROOT_SERVER })
    .zone('example.', { at: SERVER, records: 'www TXT "x"\na.b.c.d A 203.0.113.7\nc.alias A 203.0.113.7' });

function inMode(internet: SimulatedInternet, minimisation: MinimisationMode): ResolverIn {
  return resolverIn(internet, { walking: { minimisation, zones: [] } });
}

describe.each(['relaxed', 'strict'] as const)('%s', (mode) => {
  test('the root sees the top level domain, and type A in place of what was asked', async () => {
    const resolver = inMode(example(), mode);
    await resolver.ask('www.example. TXT');
    expect(resolver.seen(ROOT_SERVER)).toEqual(['example. A']);
    expect(resolver.seen(SERVER)).toEqual(['www.example. TXT']);
  });

  test('inside a zone one label more is asked at a time', async () => {
    const resolver = inMode(example(), mode);
    expect(await resolver.ask('a.b.c.d.example. A')).toAnswer('a.b.c.d.example. 300 A 203.0.113.7');
    expect(resolver.seen(SERVER)).toEqual(['d.example. A', 'c.d.example. A', 'b.c.d.example. A', 'a.b.c.d.example. A']);
  });

  test('what is known to exist is not asked for again', async () => {
    const resolver = inMode(example(), mode);
    await resolver.ask('a.b.c.d.example. A');
    await resolver.ask('z.b.c.d.example. A');
    expect(resolver.seen(SERVER).slice(4)).toEqual(['z.b.c.d.example. A']);
  });

  test('a name of a hundred labels is asked for in ten steps', async () => {
    const deep = 'a.'.repeat(100);
    const resolver = inMode(simulatedInternet().zone('.', { at: ROOT_SERVER, records: `${deep} A 203.0.113.7` }), mode);
    expect((await resolver.ask(`${deep} A`)).answer).toHaveLength(1);
    expect(resolver.seen(ROOT_SERVER)).toHaveLength(10);
  });

  test('the address of a network is not asked its way down for every name', async () => {
    const nibbles = (last: string) => `${last}.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa.`;
    const resolver = inMode(
      simulatedInternet()
        .zone('.', { at: ROOT_SERVER })
        .zone('8.b.d.0.1.0.0.2.ip6.arpa.', {
          at: SERVER,
          records: `${nibbles('1')} PTR one.example.\n${nibbles('2')} PTR two.example.`,
        }),
      mode,
    );
    expect(await resolver.ask(`${nibbles('1')} PTR`)).toAnswer(`${nibbles('1')} 300 PTR one.example.`);
    const cold = resolver.exchanges();
    expect(cold).toBeLessThanOrEqual(14);
    expect(await resolver.ask(`${nibbles('2')} PTR`)).toAnswer(`${nibbles('2')} 300 PTR two.example.`);
    const second = resolver.exchanges();
    expect(second - cold).toBeLessThanOrEqual(5);
    await resolver.ask(`${nibbles('3')} PTR`);
    expect(resolver.exchanges() - second).toBe(1);
  });
});

test('off asks every server for the whole name', async () => {
  const resolver = inMode(example(), 'off');
  await resolver.ask('a.b.c.d.example. A');
  expect(resolver.seen(ROOT_SERVER)).toEqual(['a.b.c.d.example. A']);
  expect(resolver.seen(SERVER)).toEqual(['a.b.c.d.example. A']);
});

describe('a server that says NXDOMAIN for an empty non-terminal', () => {
  const careless = () => example().server(SERVER, deniesEmptyNonTerminals);

  test('relaxed: is asked for the whole name', async () => {
    const resolver = inMode(careless(), 'relaxed');
    expect(await resolver.ask('a.b.c.d.example. A')).toAnswer('a.b.c.d.example. 300 A 203.0.113.7');
    expect(resolver.seen(SERVER)).toEqual(['d.example. A', 'a.b.c.d.example. A']);
  });

  test('strict: is believed', async () => {
    expect(await inMode(careless(), 'strict').ask('a.b.c.d.example. A')).toDeny('nxdomain');
  });
});

describe('a server that refuses the part of a name', () => {
  const refusing = () => example().server(SERVER, only({ qtype: 1 }, refuses));

  test('relaxed: is asked for the whole name', async () => {
    const internet = simulatedInternet()
      .zone('.', { at: ROOT_SERVER })
      .zone('example.', { at: SERVER, records: 'a.b TXT "x"' })
      .server(SERVER, only({ qtype: 1 }, refuses));
    expect(await inMode(internet, 'relaxed').ask('a.b.example. TXT')).toAnswer('a.b.example. 300 TXT "x"');
  });

  test('strict: is of no use', async () => {
    expect(await inMode(refusing(), 'strict').ask('a.b.c.d.example. TXT')).toFail(/refused/);
  });
});

test('an alias on the way stands beside the names below it, which are asked for', async () => {
  const internet = simulatedInternet()
    .zone('.', { at: ROOT_SERVER })
    .zone('example.', { at: SERVER, records: 'b CNAME www\na.b A 203.0.113.7\nwww A 203.0.113.8' });
  expect(await inMode(internet, 'relaxed').ask('a.b.example. A')).toAnswer('a.b.example. 300 A 203.0.113.7');
});
