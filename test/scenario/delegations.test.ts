/** Delegations as they are met: with and without glue, to servers elsewhere, to servers that are not there. */

import { describe, expect, test } from 'vitest';

import { omitsGlue, refersTo, silent } from '../../src/lab/misbehaviour.ts';
import { removeServer, replaceServer } from '../support/replace-server.ts';
import { simulatedInternet } from '../support/walking-resolver.ts';

const ROOT_SERVER = '198.51.100.1';
const www = 'www A 203.0.113.7';
const ANSWER = 'www.example. 300 A 203.0.113.7';

describe('without glue', () => {
  test('the names of the servers are resolved first', async () => {
    const internet = simulatedInternet()
      .zone('.', { at: ROOT_SERVER })
      .zone('hosting.test.', { at: '192.0.2.53' })
      .zone('example.', { at: { 'ns.hosting.test.': '192.0.2.1' }, records: www });
    const { reply, events } = await internet.ask('www.example. A');
    expect(reply).toAnswer(ANSWER);
    expect(events).toContainEqual(expect.objectContaining({ kind: 'server-name', addresses: ['192.0.2.1'], depth: 0 }));
  });

  test('and their names, through several levels', async () => {
    const internet = simulatedInternet()
      .zone('.', { at: ROOT_SERVER })
      .zone('c.test.', { at: '192.0.2.3' })
      .zone('b.test.', { at: { 'ns.c.test.': '192.0.2.2' } })
      .zone('a.test.', { at: { 'ns.b.test.': '192.0.2.53' } })
      .zone('example.', { at: { 'ns.a.test.': '192.0.2.1' }, records: www });
    const { reply, events } = await internet.ask('www.example. A');
    expect(reply).toAnswer(ANSWER);
    expect(Math.max(...events.map(({ depth }) => depth))).toBe(3);
  });

  test('the address of a server may be behind an alias', async () => {
    const internet = simulatedInternet()
      .zone('.', { at: ROOT_SERVER, delegates: { 'example.': { 'ns.other.test.': [] } } })
      .zone('other.test.', { at: '192.0.2.53', records: 'ns CNAME real\nreal A 192.0.2.1' })
      .zone('example.', { at: '192.0.2.1', records: www });
    expect((await internet.ask('www.example. A')).reply).toAnswer(ANSWER);
  });

  test('a server that has only an IPv6 address is found', async () => {
    const internet = simulatedInternet()
      .zone('.', { at: ROOT_SERVER })
      .zone('other.test.', { at: '192.0.2.53' })
      .zone('example.', { at: { 'ns.other.test.': '2001:db8::1' }, records: www });
    expect((await internet.ask('www.example. A')).reply).toAnswer(ANSWER);
  });

  test('names without an address are passed over for one that has', async () => {
    const servers = Object.fromEntries([1, 2, 3].map((i) => [`gone${i}.other.test.`, []]));
    const internet = simulatedInternet()
      .zone('.', { at: ROOT_SERVER, delegates: { 'example.': { ...servers, 'ns.other.test.': [] } } })
      .zone('other.test.', { at: '192.0.2.53', records: 'ns A 192.0.2.1' })
      .zone('example.', { at: '192.0.2.1', records: www });
    expect((await internet.ask('www.example. A')).reply).toAnswer(ANSWER);
  });

  test('when none has an address, the reply names them', async () => {
    const internet = simulatedInternet()
      .zone('.', { at: ROOT_SERVER, delegates: { 'example.': { 'gone1.other.test.': [], 'gone2.other.test.': [] } } })
      .zone('other.test.', { at: '192.0.2.53' });
    const { reply } = await internet.ask('www.example. A');
    expect(reply).toFail(
      /^no address was found for the servers of example\. \(gone1\.other\.test\., gone2\.other\.test\.\)/,
    );
  });

  test('a server named in its own zone cannot be found, and the reply says so without asking in circles', async () => {
    const internet = simulatedInternet()
      .zone('.', { at: ROOT_SERVER })
      .zone('example.', { at: { 'ns1.example.': '192.0.2.1', 'ns2.example.': '192.0.2.2' }, records: www })
      .server(ROOT_SERVER, omitsGlue);
    const { reply, exchanges } = await internet.ask('www.example. A');
    expect(reply).toFail(/a referral to example\. without the addresses of its servers/);
    expect(exchanges).toBe(1);
  });

  test('glue that one server of the zone above leaves out, another has', async () => {
    const careless = '198.51.100.2';
    const internet = simulatedInternet()
      .zone('.', { at: [careless, ROOT_SERVER] })
      .zone('example.', { at: { 'ns1.example.': '192.0.2.1' }, records: www })
      .server(careless, omitsGlue)
      .latency(ROOT_SERVER, 50);
    const { reply, exchanges } = await internet.ask('www.example. A');
    expect(reply).toAnswer(ANSWER);
    expect(exchanges).toBeLessThanOrEqual(3);
  });

  test("zones that are each other's servers fail, soon", async () => {
    const internet = simulatedInternet()
      .zone('.', { at: ROOT_SERVER })
      .zone('a.test.', { at: { 'ns.b.test.': '192.0.2.1' } })
      .zone('b.test.', { at: { 'ns.a.test.': '192.0.2.2' } });
    const { reply, exchanges } = await internet.ask('www.a.test. A');
    expect(reply).toFail();
    expect(exchanges).toBeLessThan(6);
  });

  test('an address that one knows in spite of the ring breaks it', async () => {
    const internet = simulatedInternet()
      .zone('.', { at: ROOT_SERVER })
      .zone('a.test.', { at: { 'ns.b.test.': '192.0.2.1' }, records: www })
      .zone('b.test.', { at: { 'ns.a.test.': '192.0.2.1', 'ns.b.test.': '192.0.2.1' } });
    expect((await internet.ask('www.a.test. A')).reply).toAnswer('www.a.test. 300 A 203.0.113.7');
  });
});

describe('glue', () => {
  test('for a server that the referring zone does not hold is not taken', async () => {
    // example. says where ns.other.test. is, which is not for example. to say: the servers of other.test. know better.
    const internet = simulatedInternet()
      .zone('.', { at: ROOT_SERVER })
      .zone('example.', { at: '192.0.2.1' })
      .zone('other.test.', { at: '192.0.2.53' })
      .zone('sub.example.', { at: { 'ns.other.test.': '192.0.2.2' }, records: www })
      .server('192.0.2.1', refersTo('sub.example.', { 'ns.other.test.': ['203.0.113.66'] }));
    const { reply, events } = await internet.ask('www.sub.example. A');
    expect(reply).toAnswer('www.sub.example. 300 A 203.0.113.7');
    expect(events).toContainEqual(expect.objectContaining({ kind: 'record-refused', server: '192.0.2.1' }));
    expect(internet.seen('203.0.113.66')).toEqual([]);
  });

  test('that is stale is replaced by what the zone of the server says', async () => {
    const internet = simulatedInternet()
      .zone('.', { at: ROOT_SERVER })
      .zone('test.', { at: '192.0.2.52', delegates: { 'example.test.': { 'ns.other.test.': '192.0.2.250' } } })
      .zone('other.test.', { at: '192.0.2.53', records: 'ns A 192.0.2.1' })
      .zone('example.test.', { at: '192.0.2.1', records: www });
    const { reply } = await internet.ask('www.example.test. A');
    expect(reply).toAnswer('www.example.test. 300 A 203.0.113.7');
  });

  test('to an address where nobody is leads to the next server', async () => {
    const internet = simulatedInternet()
      .zone('.', {
        at: ROOT_SERVER,
        delegates: { 'example.': { 'ns1.example.': '203.0.113.250', 'ns2.example.': '192.0.2.1' } },
      })
      .zone('example.', { at: '192.0.2.1', records: www });
    expect((await internet.ask('www.example. A')).reply).toAnswer(ANSWER);
  });
});

test('a dead zone costs a few exchanges, not the budget', async () => {
  const internet = simulatedInternet()
    .zone('.', { at: ROOT_SERVER })
    .zone('example.', { at: ['192.0.2.1', '192.0.2.2', '192.0.2.3'], records: www })
    .server('192.0.2.1', silent)
    .server('192.0.2.2', silent)
    .server('192.0.2.3', silent);
  const { reply, exchanges, tookMs } = await internet.ask('www.example. A');
  expect(reply).toFail(/ns1\.example\. \(192\.0\.2\.1\) timed out.*ns3\.example\. \(192\.0\.2\.3\) timed out/);
  expect(exchanges).toBeLessThanOrEqual(8);
  expect(tookMs).toBeLessThan(5000);
});

describe('a zone that has moved', () => {
  const moving = () =>
    simulatedInternet().zone('.', { at: ROOT_SERVER }).zone('example.', { at: '192.0.2.1', records: www });
  const root = ['@ NS ns1.root.', `ns1.root A ${ROOT_SERVER}`, 'example NS ns.example.', 'ns.example A 192.0.2.9'].join(
    '\n',
  );

  test('is found when its old servers are gone: the parent is asked once more', async () => {
    const internet = moving();
    await internet.ask('www.example. A');
    removeServer(internet, '192.0.2.1');
    replaceServer(internet, ROOT_SERVER, { '.': root });
    replaceServer(internet, '192.0.2.9', { 'example.': 'new A 203.0.113.9' });
    const { reply } = await internet.ask('new.example. A');
    expect(reply).toAnswer('new.example. 300 A 203.0.113.9');
  });

  test('and has not, costs one exchange more', async () => {
    const internet = moving();
    await internet.ask('www.example. A');
    removeServer(internet, '192.0.2.1');
    const { reply, events } = await internet.ask('other.example. A');
    expect(reply).toFail(/192\.0\.2\.1/);
    expect(events.filter((event) => event.kind === 'exchange' && event.server === ROOT_SERVER)).toHaveLength(1);
  });
});
