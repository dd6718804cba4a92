import { expect, test } from 'vitest';
import { createWalkShare, type WalkShare } from './walk-share.ts';

/** As many places as the client gets. */
function takeAll(share: WalkShare, address: string, isAddressProven = true): (() => void)[] {
  const client = { address, port: 4711, transport: 'udp' } as const;
  const places: (() => void)[] = [];
  for (let place = share.admit({ client, isAddressProven }); place; place = share.admit({ client, isAddressProven })) {
    places.push(place);
  }
  return places;
}

test('one client alone gets half of all walks', () => {
  const share = createWalkShare({ max: 2000, maxPerClient: 200 });
  expect(takeAll(share, '192.0.2.1')).toHaveLength(1000);
});

test('ten clients that want everything leave a share to the eleventh', () => {
  const share = createWalkShare({ max: 2000, maxPerClient: 200 });
  for (let i = 1; i <= 10; i++) takeAll(share, `192.0.2.${i}`);
  expect(share.size).toBeLessThan(2000);
  expect(takeAll(share, '192.0.2.11').length).toBeGreaterThan(0);
});

test('all addresses of one /64 are one client, those of another are not', () => {
  const share = createWalkShare({ max: 8, maxPerClient: 8 });
  expect(takeAll(share, '2001:db8::1')).toHaveLength(4);
  expect(takeAll(share, '2001:db8::2')).toHaveLength(0);
  expect(takeAll(share, '2001:db8:0:1::1')).toHaveLength(2);
});

test('a client whose address is not proven has no more than maxPerClient', () => {
  const share = createWalkShare({ max: 2000, maxPerClient: 200 });
  expect(takeAll(share, '192.0.2.1', false)).toHaveLength(200);
  expect(takeAll(share, '192.0.2.2', true)).toHaveLength(900);
});

test('a place that is given back is free for everyone', () => {
  const share = createWalkShare({ max: 4, maxPerClient: 4 });
  const places = takeAll(share, '192.0.2.1');
  expect(takeAll(share, '192.0.2.2')).toHaveLength(1);
  expect(takeAll(share, '192.0.2.2')).toHaveLength(0);
  for (const giveBack of places) giveBack();
  expect(share.size).toBe(1);
  expect(takeAll(share, '192.0.2.2')).toHaveLength(1);
});
