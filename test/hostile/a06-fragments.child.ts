/** In a network namespace whose loopback has a small MTU: a server that sends more than it was offered, in pieces. */

import { createSocket } from 'node:dgram';
import { readFileSync } from 'node:fs';

import { name } from '../../src/dns/name.ts';
import { createExchange } from '../../src/exchange/create-exchange.ts';
import type { ExchangeOutcome } from '../../src/exchange/exchange.ts';
import { createSocketNetwork } from '../../src/exchange/socket-network.ts';
import { systemClock } from '../../src/system/clock.ts';
import { createSystemRandom } from '../../src/system/random.ts';

const random = createSystemRandom();
const exchange = createExchange({ network: createSocketNetwork({ random }), clock: systemClock, random });

const tooLarge = await askServerThatSends(4000);
const asOffered = await askServerThatSends(1200);
process.stdout.write(
  JSON.stringify({ piecesPutTogether: reassembled() >= 2, tooLarge: told(tooLarge), asOffered: told(asOffered) }),
);

async function askServerThatSends(octets: number): Promise<ExchangeOutcome> {
  const server = createSocket('udp4');
  server.on('message', (query, from) => {
    const response = Buffer.alloc(octets);
    query.copy(response);
    response[2] |= 0x80;
    server.send(response, from.port, from.address);
  });
  await new Promise<void>((resolve) => server.bind(0, '127.0.0.1', resolve));
  const outcome = await exchange({
    server: { address: '127.0.0.1', port: server.address().port },
    transport: 'udp',
    qname: name('www.example.'),
    qtype: 1,
    recursionDesired: false,
    payloadSize: 1232,
    dnssecOk: true,
    randomiseCase: true,
    withCookie: false,
    timeoutMs: 1000,
  }).outcome;
  server.close();
  return outcome;
}

function told(outcome: ExchangeOutcome): string {
  return 'why' in outcome ? `${outcome.kind}: ${outcome.why}` : outcome.kind;
}

/** Datagrams that the system has put together in this namespace (`ReasmOKs`). */
function reassembled(): number {
  const [names, values] = readFileSync('/proc/net/snmp', 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('Ip:'))
    .map((line) => line.split(' '));
  return Number(values[names.indexOf('ReasmOKs')]);
}
