/** The demo's internet on its real sockets. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { createDemoInternet } from '../../src/lab/demo-internet.ts';
import { parseZoneText } from '../../src/dns/zone-text.ts';
import { systemClock } from '../../src/system/clock.ts';
import { freePort } from '../support/free-port.ts';
import { queryFor, readResponse } from '../support/messages.ts';
import { exchangeOverUdp } from '../support/plain-exchange.ts';

const port = await freePort('127.53.0.1');

describe('the demo’s internet', () => {
  const internet = createDemoInternet({ port }, { clock: systemClock });
  beforeAll(async () => expect(await internet.start()).toEqual({ kind: 'started' }));
  afterAll(() => internet.stop());

  const ask = async (address: string, question: string) =>
    readResponse(await exchangeOverUdp({ address, port }, queryFor(question)));

  test('leads from the roots of its hints to www.example.com', async () => {
    const { records, problems } = parseZoneText(internet.hintsText);
    expect(problems).toEqual([]);
    expect(records).toHaveLength(6);

    expect((await ask('127.53.0.1', 'www.example.com. A')).additional).toContain(
      'a.gtld-servers.net. 172800 A 127.53.1.1',
    );
    expect((await ask('127.53.1.1', 'www.example.com. A')).additional).toContain('ns1.example.com. 3600 A 127.53.2.1');
    expect((await ask('127.53.2.1', 'www.example.com. A')).answer).toHaveLength(2);
  });

  test('tells a priming query the addresses of the root servers (RFC 9609 §4)', async () => {
    const { answer, additional } = await ask('127.53.0.2', '. NS');
    expect(answer).toHaveLength(3);
    expect(additional).toContain('c.root-servers.net. 3600 A 127.53.0.3');
  });

  test('starts whole or not at all', async () => {
    const second = createDemoInternet({ port }, { clock: systemClock });
    expect(await second.start()).toMatchObject({ kind: 'failed', why: expect.stringContaining('another program') });
    expect((await ask('127.53.0.1', '. SOA')).rcode).toBe('NOERROR');
  });
});
