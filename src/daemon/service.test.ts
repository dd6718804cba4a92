import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { createHandClock } from '../../test/support/hand-clock.ts';
import { createSeededRandom } from '../../test/support/seeded-random.ts';
import { createServerCookies } from '../access/server-cookies.ts';
import { defaultConfig } from '../config/settle.ts';
import { createMemoryNetwork } from '../lab/memory-network.ts';
import { createService, type Service, type ServiceAround } from './service.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const clock = createHandClock();
const random = createSeededRandom(1);
const around: ServiceAround = {
  clock,
  random,
  network: createMemoryNetwork({}, { clock }),
  files: { look: () => Promise.resolve({ kind: 'missing' }), read: () => Promise.resolve({ kind: 'missing' }) },
  newId: () => 'id',
  cookies: createServerCookies({ clock, random }),
  observe: () => undefined,
  report: () => undefined,
  reportFault: () => undefined,
};
const config = defaultConfig({ local: { hostsFiles: [] } });
const after = (former: Service): Service => createService(config, former.resolver, around);

test('after a reload what was learned is there', () => {
  const former = createService(config, undefined, around);
  const { resolver } = after(former);
  expect(resolver.cache).toBe(former.resolver.cache);
  expect(resolver.statistics).toBe(former.resolver.statistics);
});

test('after two the first resolver is no longer held', async () => {
  const { former, latest } = reloadedTwice();
  // A reference that was looked at is held until the turn ends.
  await new Promise((resolve) => setImmediate(resolve));
  collectGarbage();
  expect(former.deref()).toBeUndefined();
  expect(latest.resolver.cache).toBeDefined();
});

function reloadedTwice(): { former: WeakRef<object>; latest: Service } {
  const first = createService(config, undefined, around);
  return { former: new WeakRef(first.resolver.recursion), latest: after(after(first)) };
}
