/**
 * E13: opcodes that change or ask for state (UPDATE, NOTIFY, DSO, STATUS) and zone transfers, sent to a resolver. Some
 * resolvers answer them as if they were queries.
 *
 * An opcode other than QUERY is NOTIMP from the header alone (access/read-query.ts): what lies behind it is not read, as
 * each opcode says itself what that is. Transfers are REFUSED (access/unserved-question.ts). Nothing is asked or kept.
 */

import { describe, expect, test } from 'vitest';
import { optRecord, queryOctets } from '../support/client-query.ts';
import { readResponse } from '../support/messages.ts';
import { serveInternet, type Served } from '../support/served-internet.ts';
import { clientInternet } from './client-internet.ts';
import { recordFigure } from './figures.ts';

function stateOf(internet: Served): object {
  return { exchanges: internet.exchanges(), cached: [...internet.service.resolver.cache.dump()].length };
}

const opcodes = Array.from({ length: 16 }, (_, i) => i).filter((opcode) => opcode !== 0);

describe.each(['udp', 'tcp'] as const)('over %s', (transport) => {
  test.each(opcodes)('opcode %d is not implemented, in a header', async (opcode) => {
    const internet = serveInternet(clientInternet());
    const octets = Uint8Array.from([
      ...queryOctets({ flags: (opcode << 11) | 0x0100, qtype: 'SOA' }),
      ...optRecord({}),
    ]);
    const reply = await internet.ask(octets, { transport });
    expect(readResponse(reply).rcode).toBe('NOTIMP');
    expect((reply![2] >> 3) & 0x0f).toBe(opcode);
    recordFigure('E13', `octets of the reply to opcode ${opcode} over ${transport}`, reply!.length, 12);
    expect(stateOf(internet)).toEqual({ exchanges: 0, cached: 0 });
  });

  test.each(['AXFR', 'IXFR'])('%s is refused, without a record and without asking', async (qtype) => {
    const internet = serveInternet(clientInternet());
    const reply = await internet.ask(queryOctets({ qname: 'example.', qtype }), { transport });
    expect(readResponse(reply)).toMatchObject({ rcode: 'REFUSED', answer: [], authority: [] });
    recordFigure(
      'E13',
      `octets of the reply to ${qtype} over ${transport}`,
      reply!.length,
      queryOctets({ qname: 'example.' }).length,
    );
    expect(stateOf(internet)).toEqual({ exchanges: 0, cached: 0 });
  });
});

test('an UPDATE whose prerequisites and records are sound changes nothing of what is answered', async () => {
  const internet = serveInternet(clientInternet());
  const before = readResponse(await internet.ask(queryOctets()));
  await internet.ask(queryOctets({ flags: 0x2800, qname: 'example.', qtype: 'SOA' }));
  await internet.ask(queryOctets({ flags: 0x2000, qname: 'example.', qtype: 'SOA' }));
  expect(readResponse(await internet.ask(queryOctets()))).toEqual(before);
});
