/** Trust anchors of a zone in every state, for the tests of what becomes of them on disk. */

import { ROOT } from '../../src/dns/name.ts';
import { Algorithm, KeyFlag, createSigningKey, dnskeyRdata } from '../../src/lab/signing-keys.ts';
import type { ZoneAnchors } from '../../src/validate/anchor-state.ts';
import { readDnskey, type Dnskey } from '../../src/validate/dnskey.ts';

const DAY = 86_400;
const NOW = Date.UTC(2026, 0, 1) / 1000;

function anchorKey(label: string): Dnskey {
  return readDnskey(dnskeyRdata(createSigningKey(label, Algorithm.ED25519, KeyFlag.ZONE | KeyFlag.SEP)))!;
}

/** `round` changes the dates. */
export function anchorsOfLife(round: number): ZoneAnchors[] {
  const since = NOW + round;
  return [
    {
      zone: ROOT,
      dueAt: since + DAY,
      keys: [
        { key: anchorKey('in force'), state: 'valid', since },
        { key: anchorKey('rogue'), state: 'add-pending', since, until: since + 30 * DAY },
        { key: anchorKey('gone'), state: 'missing', since },
        { key: anchorKey('stolen'), state: 'revoked', since, until: since + 30 * DAY },
        { key: anchorKey('old'), state: 'removed', since },
      ],
    },
  ];
}
