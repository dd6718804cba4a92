import { expect, test } from 'vitest';
import type { Client } from '../query/client-query.ts';
import { createListenCounts } from './listen-counts.ts';

const client: Client = { address: '192.0.2.53', port: 4711, transport: 'udp' };

test('what the listeners meet is counted by its kind and reason', () => {
  const counts = createListenCounts();
  counts.record({ kind: 'reply-not-sent', client, code: 'EPERM' });
  counts.record({ kind: 'reply-not-sent', client, code: 'EPERM' });
  counts.record({ kind: 'reply-not-sent', client, code: 'ENOBUFS' });
  counts.record({ kind: 'socket-failed', transport: 'tcp', address: '192.0.2.1', code: 'EMFILE' });
  counts.record({ kind: 'connection-refused', client });
  counts.record({ kind: 'connection-closed', client, why: 'slow-frame' });
  counts.record({ kind: 'listening', transport: 'udp', address: '192.0.2.1', port: 53 });
  expect(counts.snapshot()).toEqual({
    repliesNotSent: { EPERM: 2, ENOBUFS: 1 },
    socketFaults: { EMFILE: 1 },
    connectionsRefused: 1,
    connectionsClosed: { 'slow-frame': 1 },
  });
});
