/** Keys of DNSSEC: whom to trust, whom not to hold to it, and how strict to be. */

import { z } from 'zod';
import { flag, key, list, section, whole } from './key.ts';
import { domainName, moment } from './values.ts';

const negativeTrustAnchor = z.strictObject({
  zone: domainName(),
  reason: z.string().trim().min(1).max(200),
  until: moment().optional(),
});

/** Where systems and their vendors have their time from; country and vendor zones stand below pool.ntp.org. */
const CLOCK_NAMES = [
  'pool.ntp.org',
  'ntp.ubuntu.com',
  'time.apple.com',
  'time.windows.com',
  'time.google.com',
  'time.cloudflare.com',
  'time.nist.gov',
  'ptbtime1.ptb.de',
  'ptbtime2.ptb.de',
  'ptbtime3.ptb.de',
];

const clockSkew = section(
  {
    fraction: key(z.number().min(0).max(1).default(0.1), {
      says: 'Part of the time that a signature is valid for, by which it may be early or late.',
      form: 'number',
      range: 'from 0 to 1',
      why: 'A signature that may be late by its whole time is one that never ends.',
    }),
    leastSeconds: whole(0, 604_800, 3600, {
      says: 'But at least this many seconds.',
      why: 'More than a week would bring back signatures that their zone has long replaced.',
    }),
    mostSeconds: whole(0, 604_800, 86_400, {
      says: 'And at most this many seconds.',
      why: 'As for leastSeconds; where it is less than that, it holds.',
    }),
  },
  { says: 'How far our clock, or that of a signer, may be wrong.' },
);

export const dnssec = section(
  {
    validate: flag(true, {
      says: 'Check signatures from the trust anchors down (RFC 4035): what is proven to be forged is SERVFAIL, what is proven has AD.',
    }),
    trustAnchors: key(z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]).optional(), {
      says: 'Zone file with DS or DNSKEY records to trust, or a list of such records as text.',
      form: 'path, or list of records',
      defaultText: "the root's, in the file that comes with rootwalk",
    }),
    rollover: flag(true, {
      says: 'Follow the zones of the trust anchors when they change their keys (RFC 5011): a new key is trusted after 30 days. The states are kept in `anchors.json` in the data directory.',
    }),
    negativeTrustAnchors: list(negativeTrustAnchor, [], {
      says: 'Zones that are broken and known to be, not to be validated (RFC 7646): `{zone, reason, until: date}`, the date may be left out. For a few days `rootwalk nta add` is better.',
      form: 'list of zones',
    }),
    aggressiveNsec: flag(true, {
      says: 'Answer from validated denials for names that nobody has asked for yet (RFC 8198): a proof that nothing stands between two names is one for all of them.',
    }),
    acceptRsaSha1: flag(true, {
      says: 'Validate signatures by RSA with SHA-1 (algorithms 5 and 7); without it, zones that have no other are taken as unsigned (RFC 9904).',
    }),
    maxNsec3Iterations: whole(0, 500, 50, {
      says: 'A zone whose NSEC3 records have more iterations is taken as unsigned (RFC 9276).',
      why: 'Each is a round of hashing for every name that is denied; honest zones have none or a few.',
    }),
    signalAnchors: flag(true, {
      says: 'Tell the zones of the trust anchors once a day which of their keys are trusted here (RFC 8145).',
    }),
    rootKeySentinel: flag(true, {
      says: 'Answer questions that begin with root-key-sentinel-is-ta- or -not-ta- by the keys of the root that are trusted here (RFC 8509).',
    }),
    clockSkew,
    clockNames: list(domainName(), CLOCK_NAMES, {
      says: 'Names of time servers, with all below them: while signatures say that our own clock is wrong, they are answered without validation, so that it can be set.',
      form: 'list of names',
    }),
  },
  { says: 'Signatures of zones (DNSSEC).', takesEffect: 'at once' },
);
