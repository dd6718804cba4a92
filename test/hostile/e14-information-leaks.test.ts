/**
 * E14: what can be learned from a resolver: its version and name (version.bind, id.server, NSID), what its users have
 * asked (cache snooping with RD=0), and its reasons.
 *
 * The version is told to this machine alone unless the operator chooses, names of the machine to nobody
 * (local/server-identity.ts). Without RD what is not in the cache is REFUSED and not looked for (pipeline.ts); strangers
 * learn nothing of the cache, and no reasons (respond/truncate.ts). A neighbour can tell from RD=0 that a name is cached:
 * it can ask for the name as well.
 */

import { describe, expect, test } from 'vitest';
import { Option } from '../../src/dns/edns.ts';
import { Class } from '../../src/dns/record-type.ts';
import { queryOctets } from '../support/client-query.ts';
import { readResponse } from '../support/messages.ts';
import { lanClient, serveInternet, stranger } from '../support/served-internet.ts';
import { clientInternet } from './client-internet.ts';
import { recordFigure } from './figures.ts';

const names = [
  'version.bind.',
  'version.server.',
  'hostname.bind.',
  'id.server.',
  'authors.bind.',
  'trustanchor.unbound.',
];
const chaos = (qname: string): Uint8Array => queryOctets({ qname, qtype: 'TXT', qclass: Class.CH });
const nsid = queryOctets({ edns: { options: [{ code: Option.NSID, data: new Uint8Array() }] } });

describe.each([
  ['a neighbour', lanClient],
  ['a neighbour over TCP', { ...lanClient, transport: 'tcp' as const }],
  ['a stranger', stranger],
])('by default %s', (who, client) => {
  test.each(names)('is not told %s', async (qname) => {
    const reply = await serveInternet(clientInternet()).ask(chaos(qname), client);
    recordFigure('E14', `records of ${qname} for ${who}`, readResponse(reply).answer.length, 0);
    expect(readResponse(reply).rcode).toBe('REFUSED');
  });

  test('is not told NSID', async () => {
    const reply = await serveInternet(clientInternet()).ask(nsid, client);
    recordFigure(
      'E14',
      `NSID options for ${who}`,
      Buffer.from(reply!).includes(Buffer.of(0, Option.NSID, 0)) ? 1 : 0,
      0,
    );
  });
});

test('this machine is told the version, and whoever configures a name has it told', async () => {
  const local = { ...lanClient, address: '127.0.0.1' };
  const own = readResponse(await serveInternet(clientInternet()).ask(chaos('version.bind.'), local));
  expect(own.answer).toEqual([expect.stringMatching(/TXT "rootwalk /)]);
  const named = serveInternet(clientInternet(), { identity: { hostname: 'ns1.example', version: 'x' } });
  expect(readResponse(await named.ask(chaos('id.server.'))).answer).toEqual([expect.stringContaining('ns1.example')]);
  expect(readResponse(await named.ask(chaos('version.bind.'))).answer).toHaveLength(1);
});

describe('without RD', () => {
  const snoop = (qname: string): Uint8Array => queryOctets({ qname, flags: 0 });

  test('what is not in the cache is refused and not looked for, for 1,000 names', async () => {
    const internet = serveInternet(clientInternet());
    for (let i = 0; i < 1000; i++) {
      expect(readResponse(await internet.ask(snoop(`n${i}.wild.example.`), { transport: 'tcp' })).rcode).toBe(
        'REFUSED',
      );
    }
    recordFigure('E14', 'exchanges for 1,000 questions without RD', internet.exchanges(), 0);
  });

  test('a stranger cannot tell what is cached from what is not', async () => {
    const internet = serveInternet(clientInternet());
    await internet.ask(queryOctets());
    const cached = await internet.ask(snoop('www.example.'), stranger);
    const unknown = await internet.ask(snoop('xxx.example.'), stranger);
    const sameName = Uint8Array.from(unknown!);
    sameName.set(Buffer.from('www'), 13);
    recordFigure(
      'E14',
      'octets in which refusals of strangers differ',
      Buffer.compare(cached!, sameName) === 0 ? 0 : 1,
      0,
    );
  });

  test('a neighbour gets what is cached', async () => {
    const internet = serveInternet(clientInternet());
    await internet.ask(queryOctets());
    expect(readResponse(await internet.ask(snoop('www.example.'))).answer).toHaveLength(1);
  });
});
