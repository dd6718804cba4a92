import { expect, test } from 'vitest';
import { simulatedInternet } from '../support/walking-resolver.ts';

const root = { at: '198.51.100.1', delegates: { 'example.': { 'ns1.example.': ['192.0.2.1'] } } };

test('a cold walk goes from the root to the server that answers', async () => {
  const internet = simulatedInternet()
    .zone('.', { at: '198.51.100.1', delegates: { 'example.': ['192.0.2.1'] } })
    .zone('example.', { at: '192.0.2.1', records: 'www 300 A 203.0.113.7' });

  const { reply, events, exchanges } = await internet.ask('www.example. A');

  expect(reply).toAnswer('www.example. 300 A 203.0.113.7');
  expect(reply.source).toBe('recursion');
  expect(exchanges).toBe(2);
  expect(events.filter(({ kind }) => kind === 'exchange')).toMatchObject([
    { server: '198.51.100.1', result: 'referral' },
    { server: '192.0.2.1', result: 'answer' },
  ]);
});
void root;
