/**
 * Keys of the side that faces clients: where we listen, who may ask, and how answers are made.
 */

import { z } from 'zod';
import { choice, key, list, path, section, whole } from './key.ts';
import { domainName, listenAddress, prefix } from './values.ts';

const tcp = section(
  {
    idleTimeoutMs: whole(100, 600_000, 10_000, {
      says: 'How long a TCP connection may be silent before it is closed, in milliseconds.',
      why: 'RFC 7766 §6.2.3 asks for seconds: shorter makes busy clients reconnect, longer holds memory for clients that left.',
    }),
    maxConnections: whole(1, 100_000, 1024, {
      says: 'TCP connections open at once; beyond it the one idle for longest is closed for the new one.',
      why: 'Each holds a file descriptor and some KiB, so the total has to fit into both.',
    }),
    maxPerClient: whole(1, 10_000, 64, {
      says: 'TCP connections of one client address at once.',
      why: 'One client may not take the places of all others.',
    }),
    maxPipelined: whole(1, 10_000, 128, {
      says: 'Queries of one TCP connection in work at once; further ones wait in its receive buffer.',
      why: 'RFC 7766 §6.2.1.1 allows any number, and each one is work that the client has not yet waited for.',
    }),
  },
  { says: 'DNS over TCP (RFC 7766).' },
);

export const listen = section(
  {
    dns: key(z.array(listenAddress()).min(1).prefault(['127.0.0.1:53', '[::1]:53']), {
      says: 'Addresses and ports to listen on, over UDP and TCP.',
      why: 'The default serves this machine only; 0.0.0.0 and [::] serve every network it is in.',
      form: 'list of address:port',
    }),
    maxUdpPayload: whole(512, 4096, 1232, {
      says: 'Octets of the largest UDP reply; a longer one is truncated and asked for again over TCP.',
      why: '1232 fits the least MTU of IPv6, so it arrives in one piece everywhere (RFC 9715); pieces get lost and can be forged.',
    }),
    tcp,
  },
  { says: 'Where clients are listened to.', takesEffect: 'at restart' },
);

const rateLimit = section(
  {
    repliesPerSecond: whole(0, 1_000_000, 0, {
      says: 'Equal answers to one client (an IPv4 address, an IPv6 /64) within a second; 0 is no limit.',
      why: 'Full answers go to `access.allow` alone, where one busy forwarder is commoner than a forged neighbour.',
    }),
    errorsPerSecond: whole(0, 1_000_000, 100, {
      says: 'Refusals and format errors to one client within a second; more are not answered; 0 is no limit.',
      why: 'Anyone can cause them, so they can be aimed at others, though none is larger than its query.',
    }),
    slip: whole(0, 100, 2, {
      says: 'Of the answers above `repliesPerSecond`, every so manieth is sent truncated, so that a real client comes again over TCP; 0 sends none.',
      why: 'With 2, of three repeats seven in eight clients get through.',
    }),
  },
  {
    says: 'How much one client is sent over UDP. Clients over TCP, with a DNS cookie of ours, or on this machine are who they say, and have no limit.',
  },
);

export const access = section(
  {
    rateLimit,
    allow: list(
      prefix(),
      [
        '127.0.0.0/8',
        '::1/128',
        '10.0.0.0/8',
        '172.16.0.0/12',
        '192.168.0.0/16',
        '169.254.0.0/16',
        'fc00::/7',
        'fe80::/10',
      ],
      {
        says: 'Prefixes whose clients may recurse; all others get REFUSED.',
        why: 'A resolver open to everyone is used to flood third parties (RFC 5358): the default is this machine and private networks.',
        form: 'list of prefixes',
      },
    ),
  },
  { says: 'Who may ask.', takesEffect: 'at once' },
);

export const answers = section(
  {
    order: choice(['rotate', 'random', 'fixed'], 'rotate', {
      says: 'Order of the records of one RRset in an answer: another one first each time, any order, or as received.',
      why: 'Many clients take the first address; by rotation a service behind several addresses is used evenly.',
    }),
    privateAddresses: list(prefix(), [], {
      says: 'Addresses that are left out of answers from the public DNS, in A, AAAA, SVCB and HTTPS records; local records and hosts files may have them.',
      why: "A stranger's name with an address of your own network lets a web page reach your router (DNS rebinding). Off by default: some services name devices at home so; config/lan.yaml has the usual list.",
      form: 'list of prefixes',
    }),
    privateAllowedIn: list(domainName(), [], {
      says: 'Zones whose names may have such addresses all the same; zones that `zones` names (but the root) may anyway. An alias must stay in such zones on its whole way.',
      form: 'list of names',
    }),
  },
  { says: 'How answers are put together.', takesEffect: 'at once' },
);

export const identity = section(
  {
    version: key(z.string().max(255).optional(), {
      says: 'What version.bind and version.server in class CH answer; empty refuses.',
      why: 'A character string of the DNS has at most 255 octets (RFC 1035 §3.3).',
      defaultText: '`rootwalk` and its version, to this machine only',
    }),
    hostname: key(z.string().max(255).default(''), {
      says: 'What hostname.bind, id.server (RFC 4892) and the NSID option (RFC 5001) answer; empty refuses.',
      why: 'The name of the machine is told to clients only when somebody wants that.',
    }),
  },
  { says: 'What the server says of itself.', takesEffect: 'at once' },
);

export const threads = section(
  {
    listeners: whole(1, 256, 1, {
      says: 'Threads that take queries from the sockets. Accepted and not used yet: one does.',
      why: 'More than the machine has processors gain nothing.',
    }),
    resolvers: whole(1, 256, 1, {
      says: 'Threads that resolve. Accepted and not used yet: one does.',
      why: 'More than the machine has processors gain nothing.',
    }),
  },
  { says: 'How many processors are used.', takesEffect: 'at restart' },
);

export const web = section(
  { enabled: key(z.boolean().default(false), { says: 'Serve the status page. Accepted and not done yet.' }) },
  { says: 'Pages about the daemon in a browser.', takesEffect: 'at restart' },
);

export const user = key(
  z
    .string()
    .regex(/^[A-Za-z0-9_.-]*$/)
    .default('nobody'),
  {
    says: 'User, by name or number, that the daemon becomes once its ports are bound, when it was started as root; empty stays root.',
    why: 'Octets from the network are not to be read as root. Give it a user of its own where other services run as nobody.',
    form: 'user name or number',
    takesEffect: 'at restart',
  },
);

export const dataDirectory = path({
  says: 'Where the daemon keeps what outlives it.',
  defaultText: '`/var/lib/rootwalk` for root, otherwise `$XDG_STATE_HOME/rootwalk` or `~/.local/state/rootwalk`',
  takesEffect: 'at restart',
});

export const controlSocket = path({
  says: 'Unix socket by which `rootwalk query` and `rootwalk cache` reach the daemon; only its own user may open it.',
  defaultText: '`control.sock` in `dataDirectory`',
  takesEffect: 'at restart',
});
