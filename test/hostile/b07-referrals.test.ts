/**
 * B7. Referrals that lead nowhere: to the zone itself, upward, sideways, in another class, or one label deeper for ever.
 *
 * Only a referral to a zone strictly below the one that was asked, at or above the name, is followed
 * (iterate/bailiwick.ts, RFC 1034 §5.3.3 step 4b); and a name has no more than 127 labels, nor a query more exchanges
 * than its budget.
 */

import { describe, expect, test } from 'vitest';

import { isAtOrBelow, isBelow, name, nameToText, ancestorWithLabels, type Name } from '../../src/dns/name.ts';
import { Class } from '../../src/dns/record-type.ts';
import { refersTo, type Misbehaviour } from '../../src/lab/misbehaviour.ts';
import { simulatedInternet } from '../support/walking-resolver.ts';
import { besieged, type Told } from './besieged.ts';
import { recordFigure } from './figures.ts';
import { invents, referral } from './hostile-zones.ts';

const LIAR = '192.0.2.66';

const ask = (question: string, ...deeds: Misbehaviour[]): Promise<Told> =>
  besieged(
    simulatedInternet()
      .zone('.', { at: '198.51.100.1' })
      .zone('example.', { at: LIAR })
      .zone('other.', { at: '192.0.2.2', records: 'www A 203.0.113.8' })
      .server(LIAR, ...deeds),
  ).ask(question);

/** Followed, though it does not lead downward on the path to the name. */
function wrongSteps({ reply }: Told, qname: Name): number {
  const referrals = (reply.walk?.events ?? []).filter((event) => event.kind === 'referral');
  return referrals.filter(({ from, zone }) => !isBelow(zone, from) || !isAtOrBelow(qname, zone)).length;
}

const inChaos: Misbehaviour = {
  kind: 'octets',
  make(_, response) {
    const octets = response.slice();
    // The class of the last NS record: after its TYPE, 2.
    for (let i = octets.length - 4; i > 12; i--) {
      if (octets[i] === 0 && octets[i + 1] === 2 && octets[i + 2] === 0 && octets[i + 3] === 1) {
        octets[i + 3] = Class.CH;
        break;
      }
    }
    return octets;
  },
};

describe('a referral', () => {
  test.each<[string, Misbehaviour[]]>([
    ['to itself', [refersTo('example.', { 'ns.example.': [LIAR] })]],
    ['upward', [refersTo('.', { 'ns.root.': [LIAR] })]],
    ['sideways', [refersTo('other.', { 'ns.other.': [LIAR] })]],
    ['to a zone below that is not on the path', [refersTo('else.example.', { 'ns.else.example.': [LIAR] })]],
    ['in class CH', [refersTo('www.example.', { 'ns.www.example.': [LIAR] }), inChaos]],
  ])('%s is not followed', async (_, deeds) => {
    const told = await ask('a.www.example. A', ...deeds);
    expect(told.reply.answer).toEqual([]);
    recordFigure('B7', 'steps that do not lead downward', wrongSteps(told, name('a.www.example.')), 0);
    recordFigure('B7', `packets (${_})`, told.packets, 6);
  });

  test('one label deeper each time ends with the budget', async () => {
    const qname = name(`${'a.'.repeat(122)}example.`);
    const told = await ask(
      `${nameToText(qname)} A`,
      invents((asked, labels) => {
        const zone = nameToText(ancestorWithLabels(asked, labels.length));
        return labels.length < 2 ? undefined : referral(zone, { [`n.${zone}`.slice(-250)]: [LIAR] });
      }),
    );
    expect(told.reply).toFail();
    recordFigure('B7', 'steps that do not lead downward', wrongSteps(told, qname), 0);
    recordFigure('B7', 'packets, a label deeper each time', told.packets, 40);
  });
});

test('thirty honest delegations one below the other are walked', async () => {
  const internet = simulatedInternet().zone('.', { at: '198.51.100.1' });
  let zone = '';
  for (let i = 0; i < 30; i++) {
    zone = `a.${zone}`;
    internet.zone(zone, { at: `10.0.0.${i + 1}`, records: 'www A 203.0.113.7' });
  }
  expect((await internet.ask(`www.${zone} A`)).reply).toAnswer(`www.${zone} 300 A 203.0.113.7`);
});
