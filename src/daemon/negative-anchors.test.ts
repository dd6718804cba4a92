import { describe, expect, test } from 'vitest';

import { createHandClock } from '../../test/support/hand-clock.ts';
import { createMemoryFiles } from '../../test/support/memory-files.ts';
import { name, nameToText, ROOT } from '../dns/name.ts';
import { createNegativeAnchors, type NegativeAnchorEvent } from './negative-anchors.ts';

const zone = name('broken.example.');
const reason = 'their keys rolled over without a DS';
const day = 86_400;

function setUp(files = createMemoryFiles(), clock = createHandClock()) {
  const events: NegativeAnchorEvent[] = [];
  const forgotten: string[] = [];
  const anchors = createNegativeAnchors(
    { path: '/state/nta' },
    {
      clock,
      files,
      report: (event) => events.push(event),
      changed(below) {
        forgotten.push(nameToText(below));
        return 3;
      },
    },
  );
  return { anchors, clock, files, events, forgotten };
}

test('one lasts a day unless told otherwise, and what was judged below it is forgotten', async () => {
  const { anchors, clock, forgotten } = setUp();
  const added = await anchors.add({ zone, reason, seconds: undefined });
  const expiresAt = Math.round(clock.wallMs() / 1000 + day);
  expect(added).toEqual({ anchor: { zone, reason, expiresAt }, removed: 3 });
  expect(forgotten).toEqual(['broken.example.']);
});

test('one ends by itself, says so, and has forgotten once more', async () => {
  const { anchors, clock, events, forgotten } = setUp();
  await anchors.add({ zone, reason, seconds: 3600 * 5 });
  clock.advance(3_600_000 * 5 - 2000);
  expect(anchors.list()).toHaveLength(1);
  clock.advance(3000);
  expect(anchors.list()).toEqual([]);
  expect(events).toEqual([{ kind: 'negative-anchor-expired', zone: 'broken.example.', reason }]);
  expect(forgotten).toEqual(['broken.example.', 'broken.example.']);
});

test('one that is removed is gone, also after a restart', async () => {
  const { anchors, files } = setUp();
  await anchors.add({ zone, reason, seconds: day });
  expect(await anchors.remove(zone)).toBe(3);
  expect(await anchors.remove(zone)).toBeUndefined();
  const after = setUp(files);
  await after.anchors.load();
  expect(after.anchors.list()).toEqual([]);
});

test('a restart keeps those whose time is not up', async () => {
  const { anchors, files, clock } = setUp();
  await anchors.add({ zone, reason, seconds: 60 });
  await anchors.add({ zone: name('other.example.'), reason, seconds: day });
  clock.advance(30_000);
  const later = setUp(files, createHandClock({ wallMs: clock.wallMs() + 60_000 }));
  await later.anchors.load();
  expect(later.anchors.list().map((anchor) => nameToText(anchor.zone))).toEqual(['other.example.']);
});

describe('what is refused', () => {
  test.each([
    [{ zone, reason: ' ', seconds: day }, 'a reason is needed'],
    [{ zone, reason: 'x'.repeat(201), seconds: day }, 'at most 200 characters'],
    [{ zone, reason, seconds: 7 * day + 1 }, 'a week at most'],
    [{ zone, reason, seconds: 0 }, 'a week at most'],
    [{ zone, reason, seconds: Number.NaN }, 'a week at most'],
    [{ zone: ROOT, reason, seconds: day }, 'dnssec.validate: false'],
  ])('%j: %s', async (request, why) => {
    const { anchors, files } = setUp();
    expect(await anchors.add(request)).toMatchObject({ why: expect.stringContaining(why) as string });
    expect(files.contents.size).toBe(0);
  });
});

test.each([
  ['torn', (text: string) => text.slice(0, 100)],
  ['changed by hand', (text: string) => text.replace('2026-01-02', '2036-01-02')],
  ['foreign', () => '{"anchors": []}'],
])('a file that is %s is set aside and told; there are none then', async (_, damage) => {
  const { anchors, files } = setUp();
  await anchors.add({ zone, reason, seconds: day });
  files.contents.set('/state/nta', damage(files.contents.get('/state/nta')!));
  const after = setUp(files);
  await after.anchors.load();
  expect(after.anchors.list()).toEqual([]);
  expect(after.events).toMatchObject([{ kind: 'state-file-set-aside', aside: '/state/nta.bad' }]);
});

test('one that cannot be written holds all the same, and it is told', async () => {
  const { anchors, files, events } = setUp();
  files.failure = 'ENOSPC';
  await anchors.add({ zone, reason, seconds: day });
  expect(anchors.list()).toHaveLength(1);
  expect(events).toEqual([{ kind: 'state-file-not-written', path: '/state/nta', why: 'ENOSPC' }]);
});
