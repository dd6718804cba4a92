/**
 * B9. DS walk (2026; Unbound's MAX_DSNS_FIND): a question for DS deep below a zone makes a resolver look for the zone
 * above, label by label.
 *
 * The walk goes downward here as for any name, to the parent of the name (`findStart`, iterate/servers.ts), with the
 * steps that minimisation has (B8); validation asks for DS only at the cuts that it was referred through.
 */

import { describe, expect, test } from 'vitest';

import { simulatedInternet } from '../support/walking-resolver.ts';
import { validatingResolver } from '../support/validating-resolver.ts';
import { besieged, numbered } from './besieged.ts';
import { recordFigure } from './figures.ts';

const deep = (labels: number): string => 'a.'.repeat(labels);

describe('a question for DS at the end of 100 labels', () => {
  test('in one zone', async () => {
    const internet = simulatedInternet()
      .zone('.', { at: '198.51.100.1' })
      .zone('z.', { at: '192.0.2.1', records: `${deep(101)}z. A 203.0.113.7` });
    const { reply, packets } = await besieged(internet).ask(`${deep(100)}z. DS`);
    expect(reply).toDeny('nodata');
    recordFigure('B9', 'packets for DS, 100 labels in one zone', packets, 13);
  });

  test('each of which is a zone at the same server', async () => {
    const internet = simulatedInternet().zone('.', { at: '198.51.100.1' });
    for (const i of numbered(100, (n) => n)) internet.zone(`${deep(i)}z.`, { at: { 'ns.z.': '192.0.2.1' } });
    const { packets } = await besieged(internet).ask(`${deep(99)}z. DS`);
    recordFigure('B9', 'packets for DS, 100 co-hosted zones', packets, 50);
  });
});

test('an unsigned name of 100 labels below a signed root is proven insecure', async () => {
  const asked = await simulatedInternet()
    .zone('.', { at: '198.51.100.1', signed: true })
    .zone('z.', { at: '192.0.2.1', records: `${deep(100)}z. A 203.0.113.7` })
    .ask(`${deep(100)}z. A`, validatingResolver());
  expect(asked.reply).toAnswer(`${deep(100)}z. 300 A 203.0.113.7`);
  expect(asked.reply.security?.state).toBe('insecure');
  recordFigure('B9', 'packets for an insecure name of 100 labels, validated', asked.exchanges, 18);
});
