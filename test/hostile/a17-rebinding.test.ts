/**
 * A17. DNS rebinding (Princeton, 1996; by the hints of SVCB and HTTPS records, 2026): a stranger's name gets an address
 * of the victim's own network, and the victim's browser lets the stranger's page talk to it.
 *
 * Off by default, as with other resolvers, for some services do put addresses at home into the public DNS. With
 * `answers.privateAddresses` they are left out, and the client is told by an extended error (respond/private-addresses.ts).
 */

import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { ConfigInput } from '../../src/config/schema.ts';
import { ErrorCode } from '../../src/dns/extended-error.ts';
import { Option, readOptions } from '../../src/dns/edns.ts';
import type { MessageView } from '../../src/dns/wire/message-view.ts';
import { packageDirectory } from '../../src/system/package-directory.ts';
import { simulatedInternet } from '../support/walking-resolver.ts';
import { clientTo, type ClientTo } from './client-to.ts';
import { recordFigure } from './figures.ts';

/** What config/lan.yaml gives to who follows it. */
const { answers } = parse(readFileSync(join(packageDirectory, 'config/lan.yaml'), 'utf8')) as {
  answers: NonNullable<NonNullable<ConfigInput>['answers']>;
};

/** The name, its type, and RDATA that leads into the victim's network. */
const harmful: readonly (readonly [string, string, string])[] = [
  ['loopback', 'A', '127.0.0.1'],
  ['anyhost', 'A', '0.0.0.0'],
  ['ten', 'A', '10.0.0.1'],
  ['seventeen', 'A', '172.16.0.1'],
  ['router', 'A', '192.168.1.1'],
  ['linklocal', 'A', '169.254.169.254'],
  ['carrier', 'A', '100.64.0.1'],
  ['loopback6', 'AAAA', '::1'],
  ['anyhost6', 'AAAA', '::'],
  ['linklocal6', 'AAAA', 'fe80::1'],
  ['local6', 'AAAA', 'fd00::1'],
  ['mapped', 'AAAA', '::ffff:192.168.1.1'],
  ['nat64', 'AAAA', '64:ff9b::192.168.1.1'],
  ['hint4', 'HTTPS', '1 . ipv4hint=192.168.1.1'],
  ['hint6', 'HTTPS', '1 . ipv6hint=fd00::1'],
  ['service', 'SVCB', '1 . ipv4hint=203.0.113.7,127.0.0.1'],
];

function client(config: ConfigInput): ClientTo {
  const records = harmful.map(([owner, type, data]) => `${owner} ${type} ${data}`);
  return clientTo(
    simulatedInternet()
      .zone('.', { at: '198.51.100.1' })
      .zone('evil.', {
        at: '192.0.2.66',
        records: [...records, 'alias CNAME nas.corp.', 'mixed A 203.0.113.7', 'mixed A 10.0.0.1'].join('\n'),
      })
      .zone('corp.', { at: '192.0.2.1', records: 'nas A 192.168.1.10\nwww CNAME nas' })
      .zone('good.', { at: '192.0.2.2', records: 'www A 203.0.113.8\nwww AAAA 2001:db8::8\nwww HTTPS 1 . alpn=h2' }),
    config,
  );
}

function errorsIn(reply: MessageView | undefined): number[] {
  const options = reply?.opt()?.options;
  const all = (options && readOptions(options)) ?? [];
  return all.filter(({ code }) => code === Option.EXTENDED_ERROR).map(({ data }) => (data[0] << 8) | data[1]);
}

describe('with the list of config/lan.yaml', () => {
  test('no such address gets through, cold or from the cache, and the client is told why', async () => {
    const victim = client({ answers });
    let through = 0;
    for (const [owner, qtype] of [...harmful, ...harmful]) {
      const reply = await victim.ask({ qname: `${owner}.evil.`, qtype, edns: {} });
      expect(reply?.rcode, owner).toBe(0);
      expect(errorsIn(reply), owner).toEqual([ErrorCode.BLOCKED]);
      through += reply!.answerCount;
    }
    recordFigure('A17', 'private addresses that got through, of 16 forms, twice', through, 0);
  });

  test('nor by an alias of a name that may have one', async () => {
    const victim = client({ answers: { ...answers, privateAllowedIn: ['corp.'] } });
    const reply = await victim.ask({ qname: 'alias.evil.', edns: {} });
    expect([reply?.answerCount, errorsIn(reply)]).toEqual([1, [ErrorCode.BLOCKED]]);
  });

  test('public addresses beside them stay, and other names are not touched', async () => {
    const victim = client({ answers });
    expect((await victim.ask({ qname: 'mixed.evil.' }))?.answerCount).toBe(1);
    for (const qtype of ['A', 'AAAA', 'HTTPS']) {
      const reply = await victim.ask({ qname: 'www.good.', qtype, edns: {} });
      expect([reply?.answerCount, errorsIn(reply)]).toEqual([1, []]);
    }
  });
});

describe('private addresses are answered', () => {
  test.each<[string, ConfigInput]>([
    ['by default', {}],
    ['for a zone that is named', { answers: { ...answers, privateAllowedIn: ['corp.'] } }],
    ['for a configured stub zone', { answers, zones: [{ name: 'corp.', stub: ['192.0.2.1'] }] }],
    ['from local records', { answers, local: { hostsFiles: [], records: ['nas.corp. 300 A 192.168.1.10'] } }],
  ])('%s', async (_, config) => {
    const reply = await client(config).ask({ qname: 'nas.corp.', edns: {} });
    expect([reply?.answerCount, errorsIn(reply)]).toEqual([1, []]);
  });

  test('by an alias within such a zone', async () => {
    const reply = await client({ answers: { ...answers, privateAllowedIn: ['corp.'] } }).ask({ qname: 'www.corp.' });
    expect(reply?.answerCount).toBe(2);
  });
});
