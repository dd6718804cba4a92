/**
 * Keys of what is known here: local names, the cache, and the logs.
 */

import { z } from 'zod';
import { choice, flag, list, path, section, size, whole } from './key.ts';
import { domainName, zoneRecord } from './values.ts';

const specialUse = section(
  {
    localhost: flag(true, { says: '`localhost` and names below it are loopback (RFC 6761 §6.3).' }),
    invalid: flag(true, { says: '`invalid` does not exist (RFC 6761 §6.4).' }),
    test: flag(true, { says: '`test` does not exist (RFC 6761 §6.2).' }),
    onion: flag(true, { says: '`onion` does not exist in the DNS (RFC 7686 §2).' }),
    alt: flag(true, { says: '`alt` does not exist in the DNS (RFC 9476).' }),
    internal: flag(true, { says: '`internal` is private and not asked of the root (reserved by ICANN).' }),
    homeArpa: flag(true, { says: '`home.arpa` is of this network (RFC 8375 §4).' }),
    local: flag(true, { says: '`local` belongs to multicast DNS (RFC 6762 §22.1).' }),
    privateReverse: flag(true, {
      says: 'Reverse zones of private and reserved addresses are not asked outside (RFC 6303, RFC 7793).',
    }),
    resolverArpa: flag(true, { says: '`resolver.arpa` speaks of this resolver alone (RFC 9462 §6.4).' }),
  },
  { says: 'Names that RFCs have a resolver answer by itself; false asks the DNS for them.' },
);

export const local = section(
  {
    hostsFiles: list(z.string().min(1), ['/etc/hosts'], {
      says: 'Files in the form of /etc/hosts whose names are answered; watched for change.',
      form: 'list of paths',
    }),
    records: list(zoneRecord(), [], {
      says: 'Records of our own, each a line as in a zone file, of any type: `nas.example. 3600 A 192.0.2.7` (TTL 3600 where none is given).',
      form: 'list of zone file lines',
    }),
    specialUse,
  },
  { says: 'Names answered here.', takesEffect: 'at once' },
);

const ttl = (least: number, most: number) => z.int().min(least).max(most);

export const cache = section(
  {
    maxBytes: size(2 ** 20, 2 ** 40, '128MiB', {
      says: 'Memory for cached answers: a number of bytes, or one with KiB, MiB or GiB.',
      why: 'Below 1MiB not even the delegations of the TLDs stay.',
      takesEffect: 'at restart',
    }),
    minTtl: whole(0, 3600, 0, {
      says: 'TTLs below it are raised to it, in seconds.',
      why: 'Above 0, changes are seen later than their owners mean; above an hour, that breaks services.',
    }),
    maxTtl: whole(1, 604_800, 86_400, {
      says: 'TTLs above it are lowered to it, in seconds.',
      why: 'RFC 8767 §4 suggests a week at most: mistakes with long TTLs have to end.',
    }),
    maxNegativeTtl: whole(1, 86_400, 3600, {
      says: 'How long a denial may be believed, in seconds.',
      why: 'RFC 2308 §5 suggests one to three hours; a day is its limit.',
    }),
    ttlOverrides: list(
      z.strictObject({
        zone: domainName(),
        minTtl: ttl(0, 604_800).exactOptional(),
        maxTtl: ttl(0, 604_800).exactOptional(),
      }),
      [],
      {
        says: 'Other bounds at and below a zone: `{zone, minTtl, maxTtl}`; the closest zone counts.',
        form: 'list of overrides',
      },
    ),
  },
  { says: 'What is remembered, and for how long.', takesEffect: 'at once' },
);

export const queryLog = section(
  {
    enabled: flag(true, { says: 'Write a JSON line for every query.' }),
    directory: path({
      says: 'Where the query log is written.',
      defaultText: '`log` in `dataDirectory`',
    }),
    maxFileBytes: size(2 ** 16, 2 ** 36, '64MiB', {
      says: 'A log file of this size is closed and the next one begun.',
      why: 'The oldest file is deleted as a whole, so files have to be small against `maxTotalBytes`.',
    }),
    maxFileAgeHours: whole(1, 8760, 24, {
      says: 'A log file of this age is closed and the next one begun.',
      why: 'So that a quiet resolver has files by days, too; a year is the most.',
    }),
    maxTotalBytes: size(2 ** 17, 2 ** 44, '1GiB', {
      says: 'All log files together; beyond it the oldest is deleted.',
      why: 'A line has some hundred bytes, one with a long walk some KiB: 1GiB holds about a million queries.',
    }),
  },
  { says: 'The log of queries.', takesEffect: 'at once' },
);

export const log = section(
  {
    level: choice(['fatal', 'error', 'warn', 'info', 'debug', 'trace'], 'info', {
      says: 'How much the daemon says of itself on stderr.',
    }),
  },
  { says: "The daemon's own log.", takesEffect: 'at once' },
);
