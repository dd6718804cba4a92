/**
 * Keys of the walk: where it starts, how it asks, and what work one query may cause.
 */

import { z } from 'zod';
import type { Name } from '../dns/name.ts';
import { choice, flag, list, path, section, whole } from './key.ts';
import { domainName, prefix, serverAddress } from './values.ts';
import type { ServerAddress } from './values.ts';

export const roots = section(
  {
    hints: path({
      says: 'Zone file with the names and addresses of the root servers to start from.',
      defaultText: 'the file that comes with rootwalk',
    }),
    prime: flag(true, {
      says: 'Ask a root server for the current root servers at start, and again when their TTL ends (RFC 9609).',
    }),
  },
  { says: 'The root of the walk.', takesEffect: 'at once' },
);

const budget = section(
  {
    exchanges: whole(1, 1000, 50, {
      says: 'Exchanges with servers, retries included; a fifth of them, at most ten, only for keys (DNSKEY, DS).',
      why: 'Ordinary names need a fraction of it; without a bound, one query becomes a means to flood somebody.',
    }),
    unresolvableServerNames: whole(1, 100, 5, {
      says: 'Server names of one delegation that may turn out to have no address; and in all, exchanges for names of servers that may lead to nothing.',
      why: 'A delegation to many names that do not exist multiplies one query into many (NXNSAttack).',
    }),
    serverNamesPerDelegation: whole(1, 100, 13, {
      says: 'Server names of one delegation that are used.',
      why: 'The root has 13; the rest of a longer list is not needed to find one that answers.',
    }),
    addressesPerServerName: whole(1, 32, 4, {
      says: 'Addresses of one server name that are used.',
      why: 'Servers commonly have one or two of each family.',
    }),
    depth: whole(1, 64, 16, {
      says: 'Levels of looking up a server name in order to look up a server name.',
      why: "Honest zones need two or three; zones that are each other's servers would need endlessly many.",
    }),
    aliases: whole(1, 32, 11, {
      says: 'CNAME and DNAME records followed one after the other.',
      why: 'What a chain costs grows with each link, and other resolvers end it here too.',
    }),
    milliseconds: whole(100, 60_000, 7000, {
      says: 'Time until the client is told that it failed, in milliseconds.',
      why: 'Stub resolvers give up after 5 to 15 s; an answer behind that is work for nobody.',
    }),
    signatures: whole(1, 10_000, 128, {
      says: 'Signatures verified; one that does not hold counts as sixteen.',
      why: 'An honest answer needs a few for each zone on its way, and they hold; a zone made to cost time would have thousands tried (KeyTrap).',
    }),
    hashes: whole(1, 1_000_000, 2000, {
      says: 'Rounds of hashing for NSEC3 and DS.',
      why: 'A denial needs a few names hashed, each with one round more than the zone has iterations (RFC 9276); an address in ip6.arpa may need thirty.',
    }),
    octets: whole(4096, 100_000_000, 204_800, {
      says: 'Octets received from servers.',
      why: 'Referrals have about 1,000 octets each, so a walk stays far below it; large answers over TCP are where it ends.',
    }),
  },
  {
    says: 'What one client query may cause, with everything that it leads to. When one of these is spent, the answer is SERVFAIL with the reason.',
  },
);

const families = ['auto', 'on', 'off'] as const;
const ofFamily = (family: string) =>
  choice(families, 'auto', {
    says: `Whether servers are asked over ${family}; auto stops using it for a while when it does not work from here.`,
  });

export const iteration = section(
  {
    ipv4: ofFamily('IPv4'),
    ipv6: ofFamily('IPv6'),
    serverPort: whole(1, 65535, 53, {
      says: 'Port of the authoritative servers.',
      why: 'Other than 53 only for labs and tests: on the internet they are nowhere else.',
    }),
    qnameMinimisation: choice(['relaxed', 'strict', 'off'], 'relaxed', {
      says: 'Servers above the name are asked only for the part they need (RFC 9156): relaxed asks in full where a server gets it wrong, strict believes it.',
    }),
    caseRandomisation: flag(true, {
      says: 'Mix the letter case of questions and want it back: a forger has to guess it (draft-vixie-dnsext-dns0x20).',
    }),
    doNotQuery: list(
      prefix(),
      ['0.0.0.0/8', '127.0.0.0/8', '224.0.0.0/4', '255.255.255.255/32', '::/128', '::1/128', 'ff00::/8'],
      {
        says: 'Server addresses found in the DNS that are never asked; servers named in `zones` and in the root hints are asked all the same.',
        why: "A stranger's zone may not send our queries to ourselves. A lab whose servers are on loopback sets it to [].",
        form: 'list of prefixes',
      },
    ),
    budget,
  },
  { says: 'How servers are asked.', takesEffect: 'at once' },
);

export const walks = section(
  {
    max: whole(1, 100_000, 2000, {
      says: 'Walks at once; a client may have as many as are still free, so one alone gets half. A query that needs one more gets SERVFAIL, answers from the cache go on.',
      why: 'Each walk holds sockets and memory: a flood of new names may not take all of either, nor one client all of the walks.',
    }),
    maxPerClient: whole(1, 100_000, 200, {
      says: 'Walks at once for one client (an IPv4 address, an IPv6 /64) that asks over UDP without our cookie and from another machine.',
      why: 'What waits for a slow server can be made to come back all at once; the address that it goes to may be forged.',
    }),
  },
  { says: 'How much is resolved at once.', takesEffect: 'at once' },
);

export type ConfiguredZone =
  /** Where to start; the walk below it goes on as always. */
  | { readonly kind: 'stub'; readonly name: Name; readonly servers: readonly ServerAddress[] }
  /** Other resolvers that are asked instead of walking; `first` walks after all when they fail. */
  | {
      readonly kind: 'forward';
      readonly name: Name;
      readonly servers: readonly ServerAddress[];
      readonly first: boolean;
    };

const zone = z
  .strictObject({
    name: domainName(),
    stub: z.array(serverAddress()).min(1).optional(),
    forward: z.array(serverAddress()).min(1).optional(),
    first: z.boolean().optional(),
  })
  .transform((given, context): ConfiguredZone => {
    const refuse = (message: string, remedy: string): never => {
      context.addIssue({ code: 'custom', message, params: { remedy } });
      return z.NEVER;
    };
    const { name, stub, forward, first } = given;
    if (stub && forward) return refuse('the zone is both stub and forward', 'keep one of the two');
    if (forward) return { kind: 'forward', name, servers: forward, first: first ?? false };
    if (first !== undefined) return refuse('first is for forward zones', 'leave it out');
    if (stub) return { kind: 'stub', name, servers: stub };
    return refuse('the zone has no servers', 'add stub: [addresses] or forward: [addresses]');
  });

export const zones = list(zone, [], {
  says: 'Zones whose servers are given here: `{name, stub: [addresses]}` starts the walk at these servers, `{name, forward: [addresses], first: true or false}` hands questions to other resolvers (first: and walks after all when they fail).',
  form: 'list of zones',
  takesEffect: 'at once',
});
