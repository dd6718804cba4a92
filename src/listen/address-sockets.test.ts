import { describe, expect, test } from 'vitest';
import { createHandClock, type HandClock } from '../../test/support/hand-clock.ts';
import { createAddressSockets, type OpenSocket } from './address-sockets.ts';
import type { Listener } from './handler.ts';
import type { ListenEvent } from './listen-event.ts';

type Machine = {
  /** The addresses of its interfaces. */
  addresses: string[];
  /** Why an address cannot be bound. */
  faults: Map<string, string>;
  readonly open: Set<string>;
  readonly events: string[];
  readonly clock: HandClock;
  listener(address: string, isWildcardSound?: boolean): Listener;
  /** Lets the time pass after which addresses are looked at again. */
  later(): Promise<void>;
};

function machine(...addresses: string[]): Machine {
  const clock = createHandClock();
  const events: string[] = [];
  const open = new Set<string>();
  const openSocket: OpenSocket = async (address) => {
    const code = self.faults.get(address);
    if (code !== undefined) return { kind: 'failed', code };
    open.add(address);
    return { kind: 'open', port: 53, stop: async () => void open.delete(address) };
  };
  const report = (event: ListenEvent): void => void events.push(describeEvent(event));
  const self: Machine = {
    addresses,
    faults: new Map(),
    open,
    events,
    clock,
    listener: (address, isWildcardSound = false) =>
      createAddressSockets({ address, port: 53, transport: 'udp', isWildcardSound }, openSocket, {
        clock,
        report,
        localAddresses: () => self.addresses,
      }),
    async later() {
      clock.advance(3000);
      // The next look is waited for when this one is over; explaining a failure reads /proc on the way.
      while (clock.pending() === 0) await new Promise((resolve) => setImmediate(resolve));
    },
  };
  return self;
}

function describeEvent(event: ListenEvent): string {
  if (event.kind === 'address-unusable') return `${event.kind} ${event.problem.address} ${event.problem.code}`;
  return 'address' in event ? `${event.kind} ${event.address}` : event.kind;
}

describe('a plain address', () => {
  test('has one socket', async () => {
    const host = machine('192.0.2.1', '192.0.2.2');
    const listener = host.listener('192.0.2.1');
    expect(await listener.start()).toEqual({ kind: 'listening', at: [{ address: '192.0.2.1', port: 53 }] });
    expect([...host.open]).toEqual(['192.0.2.1']);
    expect(host.clock.pending()).toBe(0);
    await listener.stop(0);
    expect(host.open.size).toBe(0);
  });

  test('that cannot be bound is a problem in words', async () => {
    const host = machine('192.0.2.1');
    host.faults.set('192.0.2.1', 'EACCES');
    expect(await host.listener('192.0.2.1').start()).toMatchObject({
      kind: 'bind-problem',
      code: 'EACCES',
      text: expect.stringContaining('UDP 192.0.2.1:53 needs a privilege') as string,
    });
  });
});

describe('a wildcard address', () => {
  test.each([
    ['0.0.0.0', ['127.0.0.1', '192.0.2.1']],
    ['::', ['::1', '2001:db8::1', 'fe80::1%eth0']],
  ])('%s has a socket for each address of its family', async (wildcard, expected) => {
    const host = machine('127.0.0.1', '::1', '192.0.2.1', '2001:db8::1', 'fe80::1%eth0', '192.0.2.1');
    const listener = host.listener(wildcard);
    await listener.start();
    expect([...host.open]).toEqual(expected);
    await listener.stop(0);
  });

  test('follows addresses that come and go', async () => {
    const host = machine('127.0.0.1', '192.0.2.1');
    const listener = host.listener('0.0.0.0');
    await listener.start();
    host.addresses = ['127.0.0.1', '198.51.100.1'];
    await host.later();
    expect([...host.open]).toEqual(['127.0.0.1', '198.51.100.1']);
    expect(host.events.slice(2)).toEqual(['no-longer-listening 192.0.2.1', 'listening 198.51.100.1']);
    await listener.stop(0);
    expect(host.clock.pending()).toBe(0);
  });

  test('does not start when one address is taken, and leaves none open', async () => {
    const host = machine('127.0.0.1', '192.0.2.1');
    host.faults.set('192.0.2.1', 'EADDRINUSE');
    expect(await host.listener('0.0.0.0').start()).toMatchObject({ code: 'EADDRINUSE', address: '192.0.2.1' });
    expect(host.open.size).toBe(0);
  });

  test('an address that appears and cannot be used is reported once, and used as soon as it can be', async () => {
    const host = machine('127.0.0.1');
    const listener = host.listener('0.0.0.0');
    await listener.start();
    host.addresses = ['127.0.0.1', '192.0.2.1'];
    host.faults.set('192.0.2.1', 'EACCES');
    await host.later();
    await host.later();
    host.faults.clear();
    await host.later();
    expect(host.events.slice(1)).toEqual(['address-unusable 192.0.2.1 EACCES', 'listening 192.0.2.1']);
    await listener.stop(0);
  });

  test('an IPv6 address that is still checked for duplicates is waited for in silence', async () => {
    const host = machine('::1', '2001:db8::1');
    host.faults.set('2001:db8::1', 'EADDRNOTAVAIL');
    const listener = host.listener('::');
    expect(await listener.start()).toMatchObject({ at: [{ address: '::1' }] });
    await host.later();
    host.faults.clear();
    await host.later();
    expect(host.events).toEqual(['listening ::1', 'listening 2001:db8::1']);
    await listener.stop(0);
  });

  test('is one socket where the system answers from the address that was asked', async () => {
    const host = machine('127.0.0.1', '192.0.2.1');
    const listener = host.listener('0.0.0.0', true);
    await listener.start();
    expect([...host.open]).toEqual(['0.0.0.0']);
    await listener.stop(0);
  });

  test('and single ones when something stands in the way of that', async () => {
    const host = machine('127.0.0.1', '192.0.2.1');
    host.faults.set('0.0.0.0', 'EADDRINUSE');
    const listener = host.listener('0.0.0.0', true);
    expect(await listener.start()).toMatchObject({ kind: 'listening' });
    expect([...host.open]).toEqual(['127.0.0.1', '192.0.2.1']);
    await listener.stop(0);
  });
});
