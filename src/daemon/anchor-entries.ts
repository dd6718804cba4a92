/** The trust anchors as the control socket tells them: each key with its state, and what is only configured so far. */

import { nameToText } from '../dns/name.ts';
import { dateToText } from '../observe/time-text.ts';
import { algorithmToText } from '../validate/algorithm.ts';
import type { AnchorKeeper } from '../validate/anchor-keeper.ts';
import type { AnchorKey } from '../validate/anchor-state.ts';
import type { AnchorEntry } from './control-protocol.ts';

export function anchorEntries(keeper: Pick<AnchorKeeper, 'list' | 'trustPoints'>): AnchorEntry[] {
  const known = keeper.list().flatMap(({ zone, keys }) => keys.map((key) => toEntry(nameToText(zone), key)));
  const isKnown = (zone: string, tag: number): boolean =>
    known.some((entry) => entry.zone === zone && entry.keyTag === tag);
  const others = keeper.trustPoints().flatMap(({ zone, ds, keys = [] }) => {
    const named = [
      ...ds.map(({ keyTag, algorithm }) => ({ tag: keyTag, algorithm })),
      ...keys.map(({ tag, algorithm }) => ({ tag, algorithm })),
    ];
    const text = nameToText(zone);
    return named
      .filter(({ tag }) => !isKnown(text, tag))
      .map(({ tag, algorithm }): AnchorEntry => {
        return { zone: text, keyTag: tag, algorithm: algorithmToText(algorithm), state: 'configured' };
      });
  });
  return [...known, ...others];
}

function toEntry(zone: string, { key, state, since, until }: AnchorKey): AnchorEntry {
  const entry = { zone, keyTag: key.tag, algorithm: algorithmToText(key.algorithm), state, since: dateToText(since) };
  return until === undefined ? entry : { ...entry, until: dateToText(until) };
}
