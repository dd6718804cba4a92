/**
 * Cryptography counted where it is done, whatever the resolver counts itself: signatures verified by node:crypto, and
 * its one-shot digests, which compute NSEC3 and DS hashes. The lab signs and hashes by other functions. In a test:
 *
 *     vi.mock('node:crypto', async (original) => (await import('./counted-crypto.ts')).counted(await original()));
 */

type Crypto = Pick<typeof import('node:crypto'), 'verify' | 'hash'>;

export const cryptoCounts = { verifications: 0, hashes: 0 };

export function counted(crypto: Crypto): Crypto {
  return {
    ...crypto,
    verify: counting(crypto.verify, () => cryptoCounts.verifications++),
    hash: counting(crypto.hash, () => cryptoCounts.hashes++),
  };
}

function counting<F extends Crypto[keyof Crypto]>(work: F, count: () => void): F {
  return new Proxy(work, {
    apply(target, self, given) {
      count();
      return Reflect.apply(target, self, given) as unknown;
    },
  });
}
