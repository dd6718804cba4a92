/** Aliases: CNAME (RFC 1034 §3.6.2) and DNAME (RFC 6672), followed from name to name to what was asked for. */

import { describe, expect, test } from 'vitest';

import { simulatedInternet } from '../support/walking-resolver.ts';

const ROOT_SERVER = '198.51.100.1';

const inZone = (records: string) =>
  simulatedInternet().zone('.', { at: ROOT_SERVER }).zone('example.', { at: '192.0.2.1', records });

/** `c1 CNAME c2`, …, the last one leading to an address. */
const chainOf = (links: number): string =>
  Array.from({ length: links }, (_, i) => `c${i + 1} CNAME c${i + 2}`).join('\n') + `\nc${links + 1} A 203.0.113.7`;

/** As many zones, each with an alias into the next. */
const through = (links: number) => {
  const internet = simulatedInternet().zone('.', { at: ROOT_SERVER });
  for (let i = 1; i <= links; i++) internet.zone(`z${i}.`, { at: `192.0.2.${i}`, records: `w CNAME w.z${i + 1}.` });
  return internet.zone(`z${links + 1}.`, { at: '192.0.2.99', records: 'w A 203.0.113.7' });
};

describe('CNAME', () => {
  test('leads to the address, and both are answered', async () => {
    const { reply, exchanges } = await inZone('www CNAME web\nweb A 203.0.113.7').ask('www.example. A');
    expect(reply).toAnswer('www.example. 300 CNAME web.example.', 'web.example. 300 A 203.0.113.7');
    expect(exchanges).toBe(2);
  });

  test('into another zone starts a walk of its own there', async () => {
    const internet = inZone('www CNAME web.other.').zone('other.', { at: '192.0.2.2', records: 'web A 203.0.113.7' });
    const { reply, events } = await internet.ask('www.example. A');
    expect(reply).toAnswer('www.example. 300 CNAME web.other.', 'web.other. 300 A 203.0.113.7');
    expect(events).toContainEqual(expect.objectContaining({ kind: 'alias', type: 'CNAME' }));
  });

  test('is the answer itself to a question for CNAME', async () => {
    const { reply } = await inZone('www CNAME web.other.').ask('www.example. CNAME');
    expect(reply).toAnswer('www.example. 300 CNAME web.other.');
  });

  test('to a name that does not exist is NXDOMAIN behind the alias (RFC 2308 §2.1)', async () => {
    const { reply } = await inZone('www CNAME gone').ask('www.example. A');
    expect(reply).toDeny('nxdomain');
    expect(reply.answer).toHaveLength(1);
  });

  test('to a name without the type is NODATA behind the alias', async () => {
    const { reply } = await inZone('www CNAME web\nweb TXT "x"').ask('www.example. A');
    expect(reply).toDeny('nodata');
    expect(reply.answer).toHaveLength(1);
  });

  test('from the cache spares its zone a question', async () => {
    const internet = inZone('www CNAME web.other.').zone('other.', { at: '192.0.2.2', records: 'web A 203.0.113.7' });
    await internet.ask('www.example. A');
    const { reply, exchanges } = await internet.ask('www.example. AAAA');
    expect(reply).toDeny('nodata');
    expect(exchanges).toBe(1);
    expect(internet.seen('192.0.2.1')).toEqual(['www.example. A']);
  });

  test('with TTL 0 is followed and not kept', async () => {
    const internet = inZone('www 0 CNAME web\nweb A 203.0.113.7');
    const answer = ['www.example. 0 CNAME web.example.', 'web.example. 300 A 203.0.113.7'];
    expect((await internet.ask('www.example. A')).reply).toAnswer(...answer);
    const again = await internet.ask('www.example. A');
    expect(again.reply).toAnswer(...answer);
    expect(again.exchanges).toBe(1);
  });

  test('the address of another zone that comes along is asked for where it belongs', async () => {
    // Both zones on one server, which answers with the chain; only the part below `example.` is its to say there.
    const internet = inZone('www CNAME web.other.').zone('other.', { at: '192.0.2.1', records: 'web A 203.0.113.7' });
    const { reply } = await internet.ask('www.example. A');
    expect(reply).toAnswer('www.example. 300 CNAME web.other.', 'web.other. 300 A 203.0.113.7');
    expect(internet.seen('192.0.2.1')).toEqual(['www.example. A', 'web.other. A']);
  });
});

describe('a chain of aliases', () => {
  test('of 11 links is followed, of 12 is a failure, in one response', async () => {
    expect((await inZone(chainOf(11)).ask('c1.example. A')).reply.answer).toHaveLength(12);
    expect((await inZone(chainOf(12)).ask('c1.example. A')).reply).toFail(/more than 11 aliases/);
  });

  test('through as many zones is counted the same', async () => {
    expect((await through(11).ask('w.z1. A')).reply.answer).toHaveLength(12);
    const tooLong = through(12);
    const { reply, exchanges } = await tooLong.ask('w.z1. A');
    expect(reply).toFail(/more than 11 aliases follow one another/);
    expect(exchanges).toBeLessThanOrEqual(50);
    expect((await tooLong.ask('w.z1. A')).reply).toFail(/more than 11 aliases/);
  });

  test.each([
    ['to itself', 'a CNAME a'],
    ['through a second name', 'a CNAME b\nb CNAME a'],
    ['that begins behind the name asked', 'a CNAME b\nb CNAME c\nc CNAME b'],
    ['with TTL 0', 'a 0 CNAME b\nb 0 CNAME a'],
  ])('that leads back %s is a failure with that reason', async (_, records) => {
    const internet = inZone(records);
    const { reply, exchanges } = await internet.ask('a.example. A');
    expect(reply).toFail(/lead back to/);
    expect(exchanges).toBeLessThan(6);
    expect((await internet.ask('a.example. A')).reply).toFail(/lead back to/);
  });

  test('across two zones that leads back is a failure', async () => {
    const internet = inZone('a CNAME b.other.').zone('other.', { at: '192.0.2.2', records: 'b CNAME a.example.' });
    expect((await internet.ask('a.example. A')).reply).toFail(/lead back to a\.example\./);
  });
});

describe('DNAME', () => {
  const moved = 'old DNAME new.other.';
  const target = { at: '192.0.2.2', records: 'www.new A 203.0.113.7\nmail.new A 203.0.113.8' };

  test('moves every name below it, by a CNAME made from it', async () => {
    const { reply, events } = await inZone(moved).zone('other.', target).ask('www.old.example. A');
    expect(reply).toAnswer(
      'old.example. 300 DNAME new.other.',
      'www.old.example. 300 CNAME www.new.other.',
      'www.new.other. 300 A 203.0.113.7',
    );
    expect(events).toContainEqual(expect.objectContaining({ kind: 'alias', type: 'DNAME' }));
  });

  test('from the cache moves other names below it without asking its zone', async () => {
    const internet = inZone(moved).zone('other.', target);
    await internet.ask('www.old.example. A');
    internet.wait(100_000);
    const { reply } = await internet.ask('mail.old.example. A');
    expect(reply).toAnswer(
      'old.example. 200 DNAME new.other.',
      'mail.old.example. 200 CNAME mail.new.other.',
      'mail.new.other. 300 A 203.0.113.8',
    );
    expect(internet.seen('192.0.2.1')).not.toContain('mail.old.example. A');
  });

  test('does not move its own name', async () => {
    const { reply } = await inZone(`${moved}\nold TXT "stays"`).ask('old.example. TXT');
    expect(reply).toAnswer('old.example. 300 TXT "stays"');
  });

  test('gives a question for CNAME the one that was made (RFC 6672 §3.1)', async () => {
    const internet = inZone(moved);
    const answer = ['old.example. 300 DNAME new.other.', 'www.old.example. 300 CNAME www.new.other.'];
    expect((await internet.ask('www.old.example. CNAME')).reply).toAnswer(...answer);
    expect((await internet.ask('www.old.example. CNAME')).reply).toAnswer(...answer);
  });

  test('that makes a name longer than 255 octets is YXDOMAIN (RFC 6672 §2.2)', async () => {
    const label = 'x'.repeat(60);
    const internet = inZone(`old DNAME ${label}.${label}.${label}.other.`);
    const { reply } = await internet.ask(`${label}.${label}.old.example. A`);
    expect(reply.rcode).toBe(6);
    expect((await internet.ask(`${label}.${label}.old.example. A`)).reply.rcode).toBe(6);
  });

  test('below itself is a chain that ends', async () => {
    const { reply } = await inZone('old DNAME x.old').ask('www.old.example. A');
    expect(reply).toFail(/aliases follow one another/);
  });
});
