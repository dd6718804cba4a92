/**
 * C6. Expensive compression (CVE-2024-8508, CVE-2026-44390, CVE-2023-4408): thousands of names to be read through
 * pointers, or to be compared with all names before when a reply is composed.
 *
 * A message is read in one pass (dns/wire/message-view.ts); F1 has the worst packets. A composer knows the suffixes it has
 * written by a hash table, and learns none beyond offset 16,383, where no pointer leads (dns/wire/compose.ts). The times
 * are in bench/hostile.ts.
 */

import { expect, test } from 'vitest';

import { MessageView, readMessage } from '../../src/dns/wire/message-view.ts';
import { countingReads } from '../support/counting-reads.ts';
import { OWNER, composeCostly, costlyNames } from './costly-names.ts';
import { recordFigure } from './figures.ts';

test.each(costlyNames)('%s', (what, type, rdata) => {
  const octets = composeCostly(type, rdata);
  const { counted, reads } = countingReads(octets);
  const message = readMessage(counted);
  expect(message).toBeInstanceOf(MessageView);
  const view = message as MessageView;
  for (let i = 0; i < view.recordCount; i++) expect(view.owner(i)).toBe(OWNER);
  recordFigure('C6', `reads an octet (${what})`, reads() / octets.length, 12);
  recordFigure('C6', `octets of a record (${what})`, octets.length / view.recordCount, 280);
  recordFigure('C6', 'octets composed', octets.length, 0xffff);
});
