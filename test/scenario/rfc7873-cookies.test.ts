/**
 * DNS cookies towards servers (RFC 7873 §5.3): sent with each query, insisted on where a server has given one, and in
 * nobody's way where servers cannot stand them. Each scenario is a zone with one server, so nobody else can help out.
 */

import { describe, expect, test } from 'vitest';

import { name } from '../../src/dns/name.ts';
import { Rcode } from '../../src/dns/record-type.ts';
import { cookies } from '../../src/lab/cookies.ts';
import { formatErrorOnEdns, only, tcpRefused, type Misbehaviour } from '../../src/lab/misbehaviour.ts';
import { resolverIn, type ResolverIn } from '../support/resolver-in.ts';
import { simulatedInternet } from '../support/walking-resolver.ts';

const SERVER = '192.0.2.1';
const records = Array.from({ length: 9 }, (_, i) => `host${i} A 203.0.113.${i}`).join('\n');

function withServer(...misbehaviour: Misbehaviour[]): ResolverIn {
  return resolverIn(
    simulatedInternet()
      .zone('.', { at: '198.51.100.1' })
      .zone('example.', { at: SERVER, records })
      .server(SERVER, ...misbehaviour),
  );
}

/** How the server was asked, question by question: `udp`, or `udp tcp` where it took two. */
async function ask(resolver: ResolverIn, count: number): Promise<string[]> {
  const told: string[] = [];
  for (let i = 0; i < count; i++) {
    const before = resolver.seen(SERVER).length;
    expect(await resolver.ask(`host${i}.example. A`)).toAnswer(`host${i}.example. 300 A 203.0.113.${i}`);
    const seen = resolver.seen(SERVER).slice(before);
    told.push(
      seen.map((query) => (/over TCP/.test(query) ? 'tcp' : /without EDNS/.test(query) ? 'plain' : 'udp')).join(' '),
    );
  }
  return told;
}

test('a server that knows nothing of cookies is asked once', async () => {
  expect(await ask(withServer(), 3)).toEqual(['udp', 'udp', 'udp']);
});

test('a server that gives cookies is asked once', async () => {
  expect(await ask(withServer(cookies('gives')), 3)).toEqual(['udp', 'udp', 'udp']);
});

describe('BADCOOKIE', () => {
  test('is answered with the cookie that came with it, and none is needed afterwards', async () => {
    expect(await ask(withServer(cookies('demands')), 3)).toEqual(['udp udp', 'udp', 'udp']);
  });

  test('twice in a row leads to TCP', async () => {
    const resolver = withServer(only({ transport: 'udp' }, cookies('always-bad')));
    expect(await ask(resolver, 2)).toEqual(['udp udp tcp', 'udp udp tcp']);
  });

  test('from a server whose cookie changes each time leads to TCP', async () => {
    const resolver = withServer(only({ transport: 'udp' }, cookies('changes')));
    expect(await ask(resolver, 2)).toEqual(['udp udp tcp', 'udp udp tcp']);
  });

  test('for ever, over TCP as well, is a failure after three exchanges', async () => {
    const resolver = withServer(cookies('always-bad'));
    expect((await resolver.ask('host0.example. A')).rcode).toBe(Rcode.SERVFAIL);
    expect(resolver.seen(SERVER)).toHaveLength(3);
  });
});

test('a response without the cookie, from a server that has given one, is asked for again over TCP', async () => {
  const resolver = withServer(only({ first: 1 }, cookies('gives')));
  // Over TCP there is none either, so the server has stopped giving them.
  expect(await ask(resolver, 3)).toEqual(['udp', 'udp tcp', 'udp']);
});

test('two servers behind one address, only one with cookies, are asked twice at most', async () => {
  const told = await ask(withServer(cookies('wavers')), 4);
  expect(told).toEqual(['udp', 'udp tcp', 'udp tcp', 'udp tcp']);
});

describe('a server that returns another cookie than ours', () => {
  test.each(['garbles', 'cuts'] as const)('%s: is believed over TCP, and sent none from then on', async (manner) => {
    expect(await ask(withServer(cookies(manner)), 3)).toEqual(['udp tcp', 'udp', 'udp']);
  });

  test('over UDP alone is a forger: the server goes on being sent ours', async () => {
    const resolver = withServer(only({ transport: 'udp', first: 2 }, cookies('garbles')));
    expect(await ask(resolver, 3)).toEqual(['udp tcp', 'udp tcp', 'udp']);
  });

  test('and refuses TCP is of no use', async () => {
    const resolver = withServer(cookies('garbles'), tcpRefused);
    expect((await resolver.ask('host0.example. A')).rcode).toBe(Rcode.SERVFAIL);
  });
});

describe('FORMERR', () => {
  test('with OPT: the cookie is left out, EDNS stays', async () => {
    expect(await ask(withServer(cookies('refuses')), 3)).toEqual(['udp udp', 'udp', 'udp']);
  });

  test('without OPT: EDNS is left out', async () => {
    expect(await ask(withServer(formatErrorOnEdns), 3)).toEqual(['udp plain', 'plain', 'plain']);
  });
});

test('a forwarder is sent no cookie', async () => {
  const internet = simulatedInternet()
    .zone('.', { at: '198.51.100.1' })
    .zone('corp.', { at: SERVER, records: 'www A 203.0.113.7' });
  internet.server(SERVER, cookies('refuses'));
  const zones = [{ zone: name('corp.'), addresses: [{ address: SERVER }], kind: 'forward' as const, first: false }];
  const resolver = resolverIn(internet, { walking: { minimisation: 'relaxed', zones } });
  expect(await resolver.ask('www.corp. A')).toAnswer('www.corp. 300 A 203.0.113.7');
  expect(resolver.seen(SERVER)).toHaveLength(1);
});
