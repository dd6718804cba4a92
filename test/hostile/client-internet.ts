/** The internet that the tests of the client side share: a zone in good order, a slow one and a dead one. */

import { simulatedInternet, type SimulatedInternet } from '../support/simulated-internet.ts';

/** Time of `slow.` to answer; below the first time-out of an exchange with it. */
export const SLOW_MS = 300;

export function clientInternet(): SimulatedInternet {
  const manyTexts = Array.from({ length: 60 }, (_, i) => `big 300 TXT "${String(i).padStart(200, '.')}"`);
  return simulatedInternet({ latencyMs: 5 })
    .zone('.', { at: '198.51.100.1' })
    .zone('example.', {
      at: '192.0.2.1',
      records: ['www 300 A 203.0.113.7', '*.wild 300 A 203.0.113.8', ...manyTexts].join('\n'),
    })
    .zone('slow.', { at: '192.0.2.2', records: '* 300 A 203.0.113.9' })
    .latency('192.0.2.2', SLOW_MS)
    .zone('dead.', { at: '192.0.2.3' })
    .server('192.0.2.3', { kind: 'silent' });
}
