import { describe, expect, test } from 'vitest';
import { createHandClock, type HandClock } from '../../test/support/hand-clock.ts';
import type { Client } from '../query/client-query.ts';
import type { BatchHandlers, Datagram } from './batch.ts';
import type { Handler, Listener, SendReply } from './handler.ts';
import type { ListenEvent } from './listen-event.ts';
import { createUdpListener } from './udp.ts';

type Wire = {
  readonly listener: Listener;
  readonly clock: HandClock;
  /** Each call to send, as the ports that it sends to. */
  readonly sent: number[][];
  readonly events: ListenEvent[];
  readonly isClosed: () => boolean;
  receive(...datagrams: Partial<Datagram>[]): void;
  batch: BatchHandlers;
};

async function listening(handler: Handler): Promise<Wire> {
  const clock = createHandClock();
  const sent: number[][] = [];
  const events: ListenEvent[] = [];
  let isClosed = false;
  const wire: { batch?: BatchHandlers } = {};
  const listener = createUdpListener(
    { address: '192.0.2.1', port: 53 },
    {
      handler,
      clock,
      report: (event) => events.push(event),
      openBatch: async (_address, port, handlers) => {
        wire.batch = handlers;
        return {
          kind: 'open',
          batch: {
            port,
            send: (datagrams) => void sent.push(datagrams.map((each) => each.port)),
            close: async () => void (isClosed = true),
          },
        };
      },
    },
  );
  await listener.start();
  const batch = wire.batch!;
  const whole = { octets: Uint8Array.of(1), address: '198.51.100.1', port: 1000 };
  return {
    listener,
    clock,
    sent,
    events,
    isClosed: () => isClosed,
    receive: (...datagrams) => batch.received(datagrams.map((datagram) => ({ ...whole, ...datagram }))),
    batch,
  };
}

test('replies that are ready at once leave together, later ones as they get ready', async () => {
  const waiting: SendReply[] = [];
  const wire = await listening((octets, client, send) => {
    if (client.port === 2000) waiting.push(send);
    else send(octets);
  });
  wire.receive({ port: 1000 }, { port: 2000 }, { port: 3000 });
  waiting[0](Uint8Array.of(1));
  expect(wire.sent).toEqual([[1000, 3000], [2000]]);
});

test('a handler without a reply sends nothing', async () => {
  const wire = await listening((_octets, _client, send) => send(undefined));
  wire.receive({});
  expect(wire.sent).toEqual([]);
});

test('a datagram from port 0 is dropped before anything looks at it', async () => {
  const seen: Client[] = [];
  const wire = await listening((_octets, client) => void seen.push(client));
  wire.receive({ port: 0 });
  expect([seen, wire.sent]).toEqual([[], []]);
  expect(wire.events.slice(1)).toEqual([
    {
      kind: 'message-dropped',
      client: { address: '198.51.100.1', port: 0, transport: 'udp' },
      reason: 'source-port-0',
      octets: 1,
    },
  ]);
});

test('a link-local client is known without its zone and answered with it', async () => {
  const clients: string[] = [];
  const wire = await listening((octets, client, send) => {
    clients.push(client.address);
    send(octets);
  });
  wire.receive({ address: 'fe80::1%eth0' });
  expect([clients, wire.sent]).toEqual([['fe80::1'], [[1000]]]);
});

test('faults of the socket and replies that could not be sent are reported', async () => {
  const wire = await listening(() => {});
  wire.batch.failed('ENETDOWN');
  wire.batch.notSent({ octets: Uint8Array.of(1), address: '198.51.100.1', port: 1000 }, 'EPERM');
  expect(wire.events.slice(1)).toEqual([
    { kind: 'socket-failed', transport: 'udp', address: '192.0.2.1', code: 'ENETDOWN' },
    { kind: 'reply-not-sent', client: { address: '198.51.100.1', port: 1000, transport: 'udp' }, code: 'EPERM' },
  ]);
});

describe('stopping', () => {
  test('waits for the reply that is in work, and takes nothing more', async () => {
    const { wire, send, stopped } = await stoppingWithOneInWork();
    wire.receive({ port: 2000 });
    send(Uint8Array.of(1));
    send(Uint8Array.of(1)); // twice is a bug, and sends nothing more
    await stopped;
    expect([wire.sent, wire.isClosed(), wire.clock.pending()]).toEqual([[[1000]], true, 0]);
  });

  test('but not beyond the deadline', async () => {
    const { wire, stopped } = await stoppingWithOneInWork();
    wire.clock.advance(5000);
    await stopped;
    expect(wire.isClosed()).toBe(true);
  });
});

async function stoppingWithOneInWork(): Promise<{ wire: Wire; send: SendReply; stopped: Promise<void> }> {
  const waiting: SendReply[] = [];
  const wire = await listening((_octets, _client, send) => void waiting.push(send));
  wire.receive({});
  const stopped = wire.listener.stop(5000);
  await Promise.resolve();
  await new Promise((resolve) => setImmediate(resolve));
  expect(wire.isClosed()).toBe(false);
  return { wire, send: waiting[0], stopped };
}
