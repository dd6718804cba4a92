/**
 * D3. Padded denials (CVE-2026-11605): a signed NXDOMAIN with hundreds of NSEC or NSEC3 records and signatures beside
 * those that it needs; who verifies first and reasons afterwards verifies them all.
 *
 * Here a record is verified when the proof has need of it (validate/denial.ts), which is two or three times, and what
 * nobody had need of is neither kept nor handed on (recursion/judging.ts).
 */

import { describe, expect, test, vi } from 'vitest';

import { Rcode, Type } from '../../src/dns/record-type.ts';
import type { RRset } from '../../src/dns/rrset.ts';
import type { Signing } from '../../src/lab/signer.ts';
import { afterSigning, flipped, together, withOctets, type Tampering } from '../../src/lab/tampering.ts';
import { setsOf } from '../support/signed-records.ts';
import { simulatedInternet } from '../support/simulated-internet.ts';
import { recordFigure } from './figures.ts';
import { validatedIn, type Validated } from './validated.ts';

vi.mock('node:crypto', async (original) => (await import('./counted-crypto.ts')).counted(await original()));

const PADDING = 200;

/** Every denial comes with two hundred more of the zone, `place` says where. */
function padded(place: 'before' | 'behind'): Tampering {
  const all: RRset[] = [];
  return {
    signed(records) {
      all.push(...setsOf(records).filter(({ type }) => type === Type.NSEC || type === Type.NSEC3));
      return records;
    },
    misbehaviour: [
      {
        kind: 'redrafts',
        change(draft) {
          const more = all.slice(0, PADDING).map((set) => ({ part: 'match' as const, set }));
          if (draft.proof.length === 0) return draft;
          return { ...draft, proof: place === 'before' ? [...more, ...draft.proof] : [...draft.proof, ...more] };
        },
      },
    ],
  };
}

function resolverFor(denial: 'nsec' | 'nsec3', ...tampering: Tampering[]): Validated {
  const signing: Signing = { denial };
  const hosts = Array.from({ length: PADDING }, (_, i) => `host${i} A 203.0.113.7`);
  return validatedIn(
    simulatedInternet()
      .zone('.', { at: '198.51.100.1', signed: true })
      .zone('padded.', {
        at: '192.0.2.1',
        records: [...hosts, '*.wild A 203.0.113.8'].join('\n'),
        signed: { ...signing, breakage: [together(tampering)] },
      }),
  );
}

const questions = ['none.padded. A', 'host7.padded. TXT', 'x.wild.padded. A', 'x.wild.padded. TXT'];

describe.each(['nsec', 'nsec3'] as const)('200 records of %s too many', (denial) => {
  test.each(['before', 'behind'] as const)(
    '%s those that are needed: proven, and no more of them verified',
    async (place) => {
      for (const question of questions) {
        const resolver = resolverFor(denial, padded(place));
        const { reply, verifications } = await resolver.measure(question);
        expect(reply.rcode).toBe(question.startsWith('none') ? Rcode.NXDOMAIN : Rcode.NOERROR);
        expect(reply.security).toEqual({ state: 'secure' });
        recordFigure('D3', `${question} with ${denial}, padding ${place}: signatures verified`, verifications, 16);
        const proofs = reply.authority.filter(({ type }) => type === Type.NSEC || type === Type.NSEC3);
        recordFigure('D3', `${question} with ${denial}, padding ${place}: records handed on`, proofs.length, 5);
        const again = await resolver.ask(question);
        expect(again.authority.length).toBe(reply.authority.length);
      }
    },
  );

  test('beside an answer that needs none: not looked at, and not handed on', async () => {
    const resolver = resolverFor(denial, padded('before'), addsProof());
    const { reply, verifications } = await resolver.measure('host7.padded. A');
    expect(reply.security).toEqual({ state: 'secure' });
    recordFigure('D3', `an answer with ${denial} beside it: signatures verified`, verifications, 4);
    recordFigure('D3', `an answer with ${denial} beside it: records handed on`, reply.authority.length, 0);
  });

  test('whose signatures are wrong: the bound for one query holds', async () => {
    const type = denial === 'nsec' ? Type.NSEC : Type.NSEC3;
    const wrong = afterSigning(type, withOctets(flipped));
    const { reply, verifications } = await resolverFor(denial, wrong, padded('before')).measure('none.padded. A');
    expect(reply).toMatchObject({ rcode: Rcode.SERVFAIL, security: { state: 'bogus' } });
    recordFigure('D3', `wrong signatures of ${denial}: signatures verified`, verifications, 16);
  });
});

/** A denial of something goes with every answer. */
function addsProof(): Tampering {
  const any: RRset[] = [];
  return {
    signed(records) {
      any.push(...setsOf(records).filter(({ type }) => type === Type.NSEC || type === Type.NSEC3));
      return records;
    },
    misbehaviour: [
      {
        kind: 'redrafts',
        change: (draft) => ({ ...draft, proof: [...draft.proof, { part: 'match', set: any[0] }] }),
        only: { qtype: Type.A },
      },
    ],
  };
}
