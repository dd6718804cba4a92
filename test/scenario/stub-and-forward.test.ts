/** Zones that the configuration sends elsewhere: stub zones start the walk there, forward zones have it done. */

import { describe, expect, test } from 'vitest';

import { name } from '../../src/dns/name.ts';
import type { ConfiguredZone } from '../../src/iterate/servers.ts';
import { failsAlways, omitsSoa, refersTo, refuses, silent } from '../../src/lab/misbehaviour.ts';
import { resolverIn, type ResolverIn } from '../support/resolver-in.ts';
import type { SimulatedInternet } from '../support/simulated-internet.ts';
import { simulatedInternet } from '../support/walking-resolver.ts';

const ROOT_SERVER = '198.51.100.1';
const STUB = '10.0.0.1';
const FORWARDER = '10.0.0.53';

const withZones = (internet: SimulatedInternet, ...zones: ConfiguredZone[]): ResolverIn =>
  resolverIn(internet, { walking: { minimisation: 'relaxed', zones } });
const stub = (zone: string, ...addresses: string[]): ConfiguredZone => ({
  zone: name(zone),
  addresses: addresses.map((address) => ({ address })),
  kind: 'stub',
  first: false,
});
const forward = (zone: string, addresses: string[], first = false): ConfiguredZone => ({
  ...stub(zone, ...addresses),
  kind: 'forward',
  first,
});

describe('a stub zone', () => {
  const corp = () =>
    simulatedInternet()
      .zone('.', { at: ROOT_SERVER, records: 'other A 203.0.113.8' })
      .zone('corp.example.', { at: STUB, records: 'www A 10.0.0.80\nout CNAME other.' })
      .zone('deep.corp.example.', { at: '10.0.0.2', records: 'www A 10.0.0.81' });

  test('is asked at its addresses, without a walk from the root', async () => {
    const resolver = withZones(corp(), stub('corp.example.', STUB));
    const reply = await resolver.ask('www.corp.example. A');
    expect(reply).toAnswer('www.corp.example. 300 A 10.0.0.80');
    expect(reply.source).toBe('stub');
    expect(resolver.seen(ROOT_SERVER)).toEqual([]);
  });

  test('is still iterative: delegations below it are followed and remembered', async () => {
    const resolver = withZones(corp(), stub('corp.example.', STUB));
    expect(await resolver.ask('www.deep.corp.example. A')).toAnswer('www.deep.corp.example. 300 A 10.0.0.81');
    await resolver.ask('other.deep.corp.example. A');
    expect(resolver.seen(STUB)).toEqual(['deep.corp.example. A']);
  });

  test('is left by an alias that leads out of it', async () => {
    const resolver = withZones(corp(), stub('corp.example.', STUB));
    expect(await resolver.ask('out.corp.example. A')).toAnswer(
      'out.corp.example. 300 CNAME other.',
      'other. 300 A 203.0.113.8',
    );
  });

  test('keeps its own servers where the public tree names others', async () => {
    const internet = simulatedInternet()
      .zone('.', { at: ROOT_SERVER })
      .zone('corp.example.', { at: STUB, records: 'www A 10.0.0.80' })
      .server(ROOT_SERVER, refersTo('corp.example.', { 'ns.corp.example.': ['192.0.2.66'] }))
      .server('192.0.2.66', refuses);
    const resolver = withZones(internet, stub('corp.example.', STUB));
    // DS is asked of the parent side of the cut, and this parent knows no better than to refer.
    await resolver.ask('corp.example. DS');
    expect(resolver.cached()).toContainEqual(expect.stringMatching(/^delegation corp\.example\. .*192\.0\.2\.66/));
    expect(await resolver.ask('www.corp.example. A')).toAnswer('www.corp.example. 300 A 10.0.0.80');
    expect(resolver.seen('192.0.2.66')).not.toContain('www.corp.example. A');
  });

  test('whose servers are dead is a failure that names them; it is not looked for elsewhere', async () => {
    const resolver = withZones(corp().server(STUB, silent), stub('corp.example.', STUB));
    expect(await resolver.ask('www.corp.example. A')).toFail(/10\.0\.0\.1 timed out/);
    expect(resolver.seen(ROOT_SERVER)).toEqual([]);
  });
});

describe('a forward zone', () => {
  /** The forwarder knows everything, as one that recurses does. */
  const internet = () =>
    simulatedInternet()
      .zone('.', { at: ROOT_SERVER })
      .zone('example.', {
        at: [FORWARDER, '192.0.2.1'],
        records: 'www A 203.0.113.7\nout CNAME www.other.\ngone CNAME none.other.',
      })
      .zone('other.', { at: [FORWARDER, '192.0.2.2'], records: 'www A 203.0.113.8' });

  test('is asked for the whole name at once, of the forwarder', async () => {
    const resolver = withZones(internet(), forward('.', [FORWARDER]));
    const reply = await resolver.ask('www.example. A');
    expect(reply).toAnswer('www.example. 300 A 203.0.113.7');
    expect(reply.source).toBe('forward');
    expect(resolver.seen()).toEqual(['www.example. A']);
  });

  test('a whole chain of aliases is taken from one response, where the zone is the root', async () => {
    const resolver = withZones(internet(), forward('.', [FORWARDER]));
    expect(await resolver.ask('out.example. A')).toAnswer(
      'out.example. 300 CNAME www.other.',
      'www.other. 300 A 203.0.113.8',
    );
    expect(resolver.seen()).toEqual(['out.example. A']);
  });

  test('a chain that ends in NXDOMAIN is NXDOMAIN', async () => {
    const reply = await withZones(internet(), forward('.', [FORWARDER])).ask('gone.example. A');
    expect(reply).toDeny('nxdomain');
    expect(reply.answer).toHaveLength(1);
  });

  test('an alias that leaves it is walked from where it leads to', async () => {
    const resolver = withZones(internet(), forward('example.', [FORWARDER]));
    expect(await resolver.ask('out.example. A')).toAnswer(
      'out.example. 300 CNAME www.other.',
      'www.other. 300 A 203.0.113.8',
    );
    expect(resolver.seen(ROOT_SERVER)).toEqual(['other. A']);
  });

  test('a denial without SOA is a denial', async () => {
    const resolver = withZones(internet().server(FORWARDER, omitsSoa), forward('.', [FORWARDER]));
    expect(await resolver.ask('www.example. AAAA')).toMatchObject({ rcode: 0, answer: [] });
  });

  test('a second forwarder is asked when the first fails', async () => {
    const resolver = withZones(
      internet()
        .zone('.', { at: [ROOT_SERVER, '10.0.0.54'] })
        .server('10.0.0.54', failsAlways),
      forward('.', ['10.0.0.54', FORWARDER]),
    );
    expect((await resolver.ask('www.example. A')).answer).toHaveLength(1);
  });

  test.each([
    ['silent', silent],
    ['refusing', refuses],
    ['failing', failsAlways],
  ])('`first` walks from the root when its forwarders are %s', async (_, misbehaviour) => {
    const resolver = withZones(internet().server(FORWARDER, misbehaviour), forward('.', [FORWARDER], true));
    const reply = await resolver.ask('www.example. A');
    expect(reply).toAnswer('www.example. 300 A 203.0.113.7');
    expect(resolver.seen(ROOT_SERVER)).toContain('example. A');
  });

  test('without `first` the failure names the forwarders', async () => {
    const resolver = withZones(internet().server(FORWARDER, refuses), forward('.', [FORWARDER]));
    expect(await resolver.ask('www.example. A')).toFail(/10\.0\.0\.53 refused/);
    expect(resolver.seen(ROOT_SERVER)).toEqual([]);
  });

  test('`first` does not ask the dead forwarders again for the names of servers', async () => {
    const glueless = simulatedInternet()
      .zone('.', { at: ROOT_SERVER })
      .zone('hosting.', { at: '192.0.2.53' })
      .zone('example.', { at: { 'ns.hosting.': '192.0.2.1' }, records: 'www A 203.0.113.7' })
      .server(FORWARDER, refuses);
    const resolver = withZones(glueless, forward('.', [FORWARDER], true));
    expect(await resolver.ask('www.example. A')).toAnswer('www.example. 300 A 203.0.113.7');
    expect(resolver.seen(FORWARDER)).toHaveLength(1);
  });

  test('one that refers instead of recursing is of no use', async () => {
    const refers = simulatedInternet().zone('.', { at: FORWARDER }).zone('example.', { at: '192.0.2.1' });
    expect(await withZones(refers, forward('.', [FORWARDER])).ask('www.example. A')).toFail(/should recurse/);
  });

  test('the closest configured zone decides', async () => {
    const resolver = withZones(
      internet().zone('corp.example.', { at: STUB, records: 'www A 10.0.0.80' }),
      forward('.', [FORWARDER]),
      stub('corp.example.', STUB),
    );
    expect(await resolver.ask('www.corp.example. A')).toAnswer('www.corp.example. 300 A 10.0.0.80');
    expect(resolver.seen(FORWARDER)).toEqual([]);
  });
});
