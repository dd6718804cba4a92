import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ROOT, name } from '../dns/name.ts';
import { parseZoneText } from '../dns/zone-text.ts';
import { delegationFromHints } from './root-hints.ts';

test('the bundled hints name 13 root servers with an address of each family', () => {
  const text = readFileSync(new URL('../../root-hints/named.root', import.meta.url), 'utf8');
  const { zone, servers } = delegationFromHints(parseZoneText(text).records);

  expect(zone).toBe(ROOT);
  expect(servers).toHaveLength(13);
  for (const { addresses } of servers) {
    expect(addresses.filter((address) => address.includes('.'))).toHaveLength(1);
    expect(addresses.filter((address) => address.includes(':'))).toHaveLength(1);
  }
});

test('addresses of names that serve nothing are passed over', () => {
  const { records } = parseZoneText(
    '. 3600 NS ns1.example.\nns1.example. 3600 A 192.0.2.1\nwww.example. 3600 A 192.0.2.2',
  );
  expect(delegationFromHints(records).servers).toEqual([{ name: name('ns1.example.'), addresses: ['192.0.2.1'] }]);
});
