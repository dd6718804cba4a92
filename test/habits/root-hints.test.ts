import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { addressFromText } from '../../src/dns/address.ts';
import { name, nameToText, ROOT } from '../../src/dns/name.ts';
import { Type } from '../../src/dns/record-type.ts';
import { parseZoneText } from '../../src/dns/zone-text.ts';
import { delegationFromHints } from '../../src/iterate/root-hints.ts';
import { packageDirectory } from '../../src/system/package-directory.ts';

const read = (file: string) =>
  parseZoneText(readFileSync(join(packageDirectory, 'root-hints', file), 'utf8'), { defaultTtl: 3600 });

describe('the bundled root hints', () => {
  const { records, problems } = read('named.root');

  test('are a zone file without a problem', () => {
    expect(problems).toEqual([]);
    expect(records).toHaveLength(13 * 3);
  });

  test('name the thirteen root servers, each with an address of both families', () => {
    const { servers } = delegationFromHints(records);
    expect(servers.map((server) => nameToText(server.name))).toEqual(
      Array.from('abcdefghijklm', (letter) => `${letter}.root-servers.net.`),
    );
    for (const { addresses } of servers) {
      expect(addresses.map((address) => addressFromText(address)?.length)).toEqual([4, 16]);
    }
  });

  test('know b.root-servers.net. by the address it has had since 2023', () => {
    const b = delegationFromHints(records).servers.find((server) => server.name === name('b.root-servers.net.'));
    expect(b?.addresses).toEqual(['170.247.170.2', '2801:1b8:10::b']);
  });
});

describe('the bundled trust anchors', () => {
  const { records, problems } = read('root-anchors.ds');

  test('are DS records of the root', () => {
    expect(problems).toEqual([]);
    expect(records.map(({ owner, type }) => [owner, type])).toEqual([
      [ROOT, Type.DS],
      [ROOT, Type.DS],
    ]);
  });

  test('are the keys 20326 and 38696, RSA/SHA-256 by SHA-256', () => {
    // RFC 4034 §5.1: key tag in two octets, algorithm, digest type, digest.
    const keys = records.map(({ rdata }) => [(rdata[0] << 8) | rdata[1], rdata[2], rdata[3], rdata.length - 4]);
    expect(keys).toEqual([
      [20326, 8, 2, 32],
      [38696, 8, 2, 32],
    ]);
  });
});
