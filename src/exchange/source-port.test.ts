import { expect, test } from 'vitest';
import { createSystemRandom } from '../system/random.ts';
import { LEAST_SOURCE_PORT, MOST_SOURCE_PORT, avoidedPorts, drawSourcePort } from './source-port.ts';

const DRAWS = 10_000;

test('the ends of the unprivileged range are drawn, and none of the avoided ports', () => {
  expect(drawSourcePort({ below: () => 0 })).toBe(LEAST_SOURCE_PORT);
  expect(drawSourcePort({ below: (bound) => bound - 1 })).toBe(MOST_SOURCE_PORT);
  for (const avoided of avoidedPorts) {
    const draws = [avoided - LEAST_SOURCE_PORT, 7];
    expect(drawSourcePort({ below: () => draws.shift()! })).toBe(LEAST_SOURCE_PORT + 7);
  }
});

test('10,000 draws lie in the range and fill every part of it evenly (RFC 5452 §9.2)', () => {
  const random = createSystemRandom();
  const parts = new Uint32Array(16);
  for (let i = 0; i < DRAWS; i++) {
    const port = drawSourcePort(random);
    expect(port >= LEAST_SOURCE_PORT && port <= MOST_SOURCE_PORT && !avoidedPorts.has(port)).toBe(true);
    parts[Math.floor(((port - LEAST_SOURCE_PORT) * parts.length) / (MOST_SOURCE_PORT - LEAST_SOURCE_PORT + 1))]++;
  }
  // 625 each on average, with a standard deviation of 24: eight of those never happen by chance.
  for (const count of parts) expect(Math.abs(count - DRAWS / parts.length)).toBeLessThan(200);
});

test('the port and the ID together leave a forger one chance in four billion', () => {
  const ports = MOST_SOURCE_PORT - LEAST_SOURCE_PORT + 1 - avoidedPorts.size;
  expect(Math.log2(ports * 2 ** 16)).toBeCloseTo(31.98, 2);
});
