import { describe, expect, test } from 'vitest';
import { clientQuery } from '../../test/support/client-query.ts';
import { Class, Rcode, Type } from '../dns/record-type.ts';
import { firstRdata } from '../dns/rrset.ts';
import type { Reply } from '../query/reply.ts';
import { createServerIdentity, type ServerIdentity } from './server-identity.ts';

async function ask(identity: ServerIdentity, qname: string, qtype = 'TXT', address = '192.0.2.53'): Promise<Reply> {
  const result = await createServerIdentity(identity)(clientQuery({ qname, qtype, qclass: Class.CH }, { address }));
  if (result.kind !== 'reply') throw new TypeError(result.kind);
  return result.reply;
}

const identity = { version: 'rootwalk 1.2', isVersionForAll: true, hostname: 'ns1.example' };

describe('class CH tells who we are', () => {
  test.each([
    ['version.bind.', '\x0crootwalk 1.2'],
    ['VERSION.Server.', '\x0crootwalk 1.2'],
    ['hostname.bind.', '\x0bns1.example'],
    ['id.server.', '\x0bns1.example'],
  ])('%s', async (qname, rdata) => {
    const reply = await ask(identity, qname);
    expect(reply).toMatchObject({ rcode: Rcode.NOERROR, isAuthoritative: true });
    expect(reply.answer).toMatchObject([{ type: Type.TXT, ttl: 0, count: 1 }]);
    expect(Buffer.from(firstRdata(reply.answer[0])).toString('latin1')).toBe(rdata);
  });

  test('by TXT alone: other types have no data', async () => {
    expect(await ask(identity, 'id.server.', 'A')).toMatchObject({ rcode: Rcode.NOERROR, answer: [] });
    expect((await ask(identity, 'id.server.', 'ANY')).answer).toHaveLength(1);
  });

  test('text longer than a character-string goes on in the next', async () => {
    const { answer } = await ask({ version: 'v'.repeat(300), isVersionForAll: true, hostname: '' }, 'version.bind.');
    const rdata = firstRdata(answer[0]);
    expect([rdata.length, rdata[0], rdata[256]]).toEqual([302, 255, 45]);
  });
});

test.each([
  ['version.bind.', { version: '', isVersionForAll: true, hostname: 'ns1.example' }],
  ['hostname.bind.', { version: 'rootwalk', isVersionForAll: true, hostname: '' }],
  ['authors.bind.', identity],
  ['a.version.bind.', identity],
])('%s of %j is refused', async (qname, configured) => {
  expect(await ask(configured, qname)).toMatchObject({ rcode: Rcode.REFUSED, answer: [], errors: [{ code: 18 }] });
});

test('version.bind in class IN is a name like any other', async () => {
  const result = await createServerIdentity(identity)(clientQuery({ qname: 'version.bind.', qtype: 'TXT' }));
  expect(result).toEqual({ kind: 'pass' });
});

test.each([
  ['127.0.0.1', Rcode.NOERROR],
  ['::1', Rcode.NOERROR],
  ['192.0.2.53', Rcode.REFUSED],
])('a version that nobody chose to tell: %s gets RCODE %d, and the host name as ever', async (address, rcode) => {
  const unchosen = { ...identity, isVersionForAll: false };
  expect((await ask(unchosen, 'version.bind.', 'TXT', address)).rcode).toBe(rcode);
  expect((await ask(unchosen, 'version.server.', 'TXT', address)).rcode).toBe(rcode);
  expect((await ask(unchosen, 'id.server.', 'TXT', address)).rcode).toBe(Rcode.NOERROR);
});
