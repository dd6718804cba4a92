/**
 * B8. QNAME minimisation multiplied by labels (CAMP's ingredient, 2024): a name of 127 labels makes 127 questions, and
 * an alias makes another name of it.
 *
 * RFC 9156 §2.3 bounds the steps for a name: four of one label, ten in all (iterate/qname-minimisation.ts). The count
 * is kept for the client query, so that aliases do not begin it anew (`minimised`, iterate/work-budget.ts).
 */

import { expect, test } from 'vitest';

import { simulatedInternet } from '../support/walking-resolver.ts';
import { besieged, numbered } from './besieged.ts';
import { recordFigure } from './figures.ts';

const deep = (labels: number, letter = 'a'): string => `${letter}.`.repeat(labels);

test.each([10, 50, 120])('a name of %i labels, each of which exists, is found in few steps', async (labels) => {
  const resolver = besieged(
    simulatedInternet()
      .zone('.', { at: '198.51.100.1' })
      .zone('z.', { at: '192.0.2.1', records: `${deep(labels)}z. A 203.0.113.7` }),
  );
  const { reply, packets } = await resolver.ask(`${deep(labels)}z. A`);
  expect(reply).toAnswer(`${deep(labels)}z. 300 A 203.0.113.7`);
  recordFigure('B8', `packets for a name of ${labels} labels`, packets, 13);
});

test('a name of 100 labels that does not exist is denied at once', async () => {
  const resolver = besieged(simulatedInternet().zone('.', { at: '198.51.100.1' }).zone('z.', { at: '192.0.2.1' }));
  const { reply, packets } = await resolver.ask(`${deep(100)}z. A`);
  expect(reply).toDeny('nxdomain');
  recordFigure('B8', 'packets for a name of 100 labels that does not exist', packets, 3);
});

test('ten aliases of twelve labels each share the steps of one name', async () => {
  const link = (i: number): string => `l${i}.${deep(12)}z.`;
  const records = numbered(10, (i) => `${link(i)} CNAME ${link(i + 1)}`);
  const resolver = besieged(
    simulatedInternet()
      .zone('.', { at: '198.51.100.1' })
      .zone('z.', { at: '192.0.2.1', records: [...records, `${link(10)} A 203.0.113.7`].join('\n') }),
  );
  const { reply, packets } = await resolver.ask(`${link(0)} A`);
  expect(reply.answer).toHaveLength(11);
  recordFigure('B8', 'packets for ten aliases of twelve labels', packets, 24);
});

test('a reverse name of IPv6 is found through its delegations', async () => {
  const address = numbered(32, (i) => (i % 16).toString(16)).join('.');
  const arpa = `${address}.ip6.arpa.`;
  const network = `${address.slice(32)}.ip6.arpa.`;
  const internet = simulatedInternet()
    .zone('.', { at: '198.51.100.1' })
    .zone('ip6.arpa.', { at: '192.0.2.1' })
    .zone(network, { at: '192.0.2.2', records: `${arpa} PTR host.example.` });
  const resolver = besieged(internet);
  const { reply, packets } = await resolver.ask(`${arpa} PTR`);
  expect(reply).toAnswer(`${arpa} 300 PTR host.example.`);
  recordFigure('B8', 'packets for a reverse name of IPv6', packets, 20);
});
