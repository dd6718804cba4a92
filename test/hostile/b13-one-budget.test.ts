/**
 * B13. Limits that begin anew (CVE-2026-50045: a validation that restarts resets the quota): aliases, the look-up of
 * server names, TCP, validation, another server after a bogus answer.
 *
 * There is one `WorkBudget` for a client query, made in recursion/recursion.ts and nowhere refilled; every task on the
 * way shares it. Counted at the sockets here, not by the budget itself.
 */

import { expect, test } from 'vitest';

import { silent, tcpHangs, truncates } from '../../src/lab/misbehaviour.ts';
import { defaultOptions } from '../support/resolver-options.ts';
import { simulatedInternet } from '../support/walking-resolver.ts';
import { validatingResolver } from '../support/validating-resolver.ts';
import { numbered } from './besieged.ts';
import { recordFigure } from './figures.ts';

const { budget } = defaultOptions.recursion;

/** Bogus zones behind aliases, served by servers whose names have to be looked up, some over TCP, some silent. */
function everything(links: number) {
  const internet = simulatedInternet()
    .zone('.', { at: '198.51.100.1', signed: true })
    .zone('hoster.', { at: '192.0.2.250', records: numbered(links * 2, (i) => `ns${i} A 10.0.0.${i + 1}`).join('\n') })
    .server('192.0.2.250', truncates);
  for (let i = 0; i < links; i++) {
    const at = { [`ns${2 * i}.hoster.`]: `10.0.0.${2 * i + 1}`, [`ns${2 * i + 1}.hoster.`]: `10.0.0.${2 * i + 2}` };
    internet.zone(`link${i}.`, {
      at,
      signed: true,
      records: `a.b.c.www CNAME a.b.c.www.link${i + 1}.`,
    });
    // The second server answers over TCP only, the first one's signatures do not fit what it says.
    internet.server(`10.0.0.${2 * i + 2}`, truncates);
    if (i % 3 === 2) internet.server(`10.0.0.${2 * i + 1}`, silent, tcpHangs);
    if (i % 3 === 1) internet.server(`10.0.0.${2 * i + 1}`, { kind: 'octets', make: spoilSignature });
  }
  return internet;
}

/** Another address, or target, under the old signature. */
function spoilSignature(_: Uint8Array, response: Uint8Array): Uint8Array {
  const octets = response.slice();
  octets[octets.length - 20] ^= 1;
  return octets;
}

test.each([3, 6, 11])('%i aliases through bogus zones of glueless servers', async (links) => {
  const internet = everything(links);
  const { exchanges, tookMs, events } = await internet.ask('a.b.c.www.link0. A', validatingResolver());
  expect(events.some(({ kind }) => kind === 'validated')).toBe(true);
  recordFigure('B13', 'packets of everything at once', exchanges, budget.exchanges);
  recordFigure('B13', 'simulated ms of everything at once', tookMs, budget.milliseconds);
  const octets = [...internet.build().servers.values()].reduce((sum, server) => sum + server.tally().octetsOut, 0);
  recordFigure('B13', 'octets received of everything at once', octets, 2 * budget.octets);
  // The budget only falls: no exchange begins after it was found to be spent.
  const spentAt = events.findIndex(({ kind, depth }) => kind === 'budget-spent' && depth === 0);
  const later = spentAt < 0 ? [] : events.slice(spentAt).filter((event) => event.kind === 'exchange');
  recordFigure('B13', 'exchanges after the budget was spent', later.length, 0);
});
