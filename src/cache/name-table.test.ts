import { describe, expect, test } from 'vitest';
import { name } from '../dns/name.ts';
import { EVERY_TYPE, MAX_TYPES_PER_NAME, NameTable, type Entry } from './name-table.ts';

const A = 1;
const TXT = 16;
const AAAA = 28;
const www = name('www.example.');
const mail = name('mail.example.');

type Marked = Entry & { readonly mark: string };
function entry(type: number, expiresAt: number, mark = '', bytes = 100): Marked {
  return { type, expiresAt, bytes, mark };
}

describe('an entry', () => {
  test('is found until the clock reaches its expiry, and not at it', () => {
    const table = new NameTable<Marked>(10_000);
    table.put(www, entry(A, 1000, 'first'), 1);
    expect(table.find(www, A, 999.9)?.mark).toBe('first');
    expect(table.find(www, A, 1000)).toBeUndefined();
  });

  test('replaces the one of its own type and leaves those of other types', () => {
    const table = new NameTable<Marked>(10_000);
    table.put(www, entry(A, 1000, 'old'), 1);
    table.put(www, entry(AAAA, 1000, 'other'), 1);
    table.put(www, entry(A, 1000, 'new'), 1);
    expect(table.find(www, A, 2)?.mark).toBe('new');
    expect(table.find(www, AAAA, 2)?.mark).toBe('other');
    expect(table.statistics().entries).toBe(2);
  });

  test('for every type is found for each, and excludes entries of single types both ways', () => {
    const table = new NameTable<Marked>(10_000);
    table.put(www, entry(A, 1000, 'single'), 1);
    table.put(www, entry(EVERY_TYPE, 1000, 'every'), 1);
    expect(table.find(www, A, 2)?.mark).toBe('every');
    expect(table.find(www, TXT, 2)?.mark).toBe('every');
    table.put(www, entry(AAAA, 1000, 'single'), 1);
    expect(table.find(www, AAAA, 2)?.mark).toBe('single');
    expect(table.find(www, A, 2)).toBeUndefined();
  });

  test('larger than the whole table is not kept, and what it would have replaced is gone', () => {
    const table = new NameTable<Marked>(1000);
    table.put(www, entry(A, 1000, 'small'), 1);
    table.put(www, entry(A, 1000, 'huge', 2000), 1);
    expect(table.find(www, A, 2)).toBeUndefined();
    expect(table.statistics()).toMatchObject({ entries: 0, bytes: 0 });
  });

  test('one of too many types at a name pushes out the one that has been there longest', () => {
    const table = new NameTable<Marked>(100_000);
    for (let type = 1; type <= MAX_TYPES_PER_NAME + 1; type++) table.put(www, entry(type, 1000), 1);
    expect(table.find(www, 1, 2)).toBeUndefined();
    expect(table.find(www, 2, 2)).toBeDefined();
    expect(table.find(www, MAX_TYPES_PER_NAME + 1, 2)).toBeDefined();
    expect(table.statistics().entries).toBe(MAX_TYPES_PER_NAME);
  });
});

describe('when the table is full', () => {
  test('the name that nobody asked for longest leaves, and its entries are counted as evicted', () => {
    const table = new NameTable<Marked>(800);
    table.put(www, entry(A, 1000, '', 200), 1);
    table.put(mail, entry(A, 1000, '', 200), 1);
    table.find(www, A, 2);
    table.put(name('ftp.example.'), entry(A, 1000, '', 200), 2);
    expect(table.find(mail, A, 3)).toBeUndefined();
    expect(table.find(www, A, 3)).toBeDefined();
    expect(table.statistics()).toMatchObject({ entries: 2, evictions: 1 });
    expect(table.statistics().bytes).toBeLessThanOrEqual(800);
  });
});

describe('the sweep', () => {
  test('has removed all that expired after as many puts as there were names', () => {
    const table = new NameTable<Marked>(10_000_000);
    for (let i = 0; i < 500; i++) {
      // Every fifth lives long, so the sweep has to pass over names that stay.
      table.put(name(`host-${i}.example.`), entry(A, i % 5 === 0 ? 1_000_000 : 1000), 1);
    }
    for (let i = 0; i < 500; i++) table.put(name(`later-${i}.example.`), entry(A, 1_000_000), 2000);
    expect(table.statistics()).toMatchObject({ entries: 600, swept: 400, evictions: 0 });
  });

  test('passes over a name with one fresh entry', () => {
    const table = new NameTable<Marked>(10_000);
    table.put(www, entry(A, 1000), 1);
    table.put(www, entry(AAAA, 9000), 1);
    for (let i = 0; i < 5; i++) table.put(mail, entry(A, 9000), 2000);
    expect(table.find(www, AAAA, 2000)).toBeDefined();
    expect(table.statistics().swept).toBe(0);
  });
});

describe('removing', () => {
  test('takes from a name what is unwanted and says how much', () => {
    const table = new NameTable<Marked>(10_000);
    table.put(www, entry(A, 1000), 1);
    table.put(www, entry(AAAA, 1000), 1);
    expect(table.remove(www, ({ type }) => type === A)).toBe(1);
    expect(table.remove(www, ({ type }) => type === A)).toBe(0);
    expect(table.find(www, AAAA, 2)).toBeDefined();
    expect(table.remove(www)).toBe(1);
    expect(table.remove(www)).toBe(0);
    expect(table.statistics()).toMatchObject({ entries: 0, names: 0, bytes: 0 });
  });

  test('a subtree takes the names at and below the zone and no others', () => {
    const table = new NameTable<Marked>(10_000);
    const names = ['example.', 'www.example.', 'a.b.example.', 'notexample.', 'example.com.', '.'].map(name);
    for (const owner of names) table.put(owner, entry(A, 1000), 1);
    expect(table.removeSubtree(name('example.'))).toBe(3);
    expect(names.filter((owner) => table.peek(owner, A, 2))).toEqual(names.slice(3));
  });

  test('everything leaves nothing', () => {
    const table = new NameTable<Marked>(10_000);
    for (const owner of [www, mail]) table.put(owner, entry(A, 1000), 1);
    expect(table.clear()).toBe(2);
    expect(table.statistics()).toMatchObject({ entries: 0, names: 0, bytes: 0 });
  });
});

test('the list holds fresh entries alone, also those whose turn comes later', () => {
  const table = new NameTable<Marked>(10_000);
  table.put(www, entry(A, 1000, 'a'), 1);
  table.put(mail, entry(A, 2000, 'b'), 1);
  let now = 1;
  const seen: string[] = [];
  for (const [, { mark }] of table.list(() => now)) {
    seen.push(mark);
    now = 1500;
  }
  expect(seen).toEqual(['b']);
  now = 1;
  expect([...table.list(() => now)].map(([, { mark }]) => mark).sort()).toEqual(['a', 'b']);
});

test('finding is counted, peeking is not', () => {
  const table = new NameTable<Marked>(10_000);
  table.put(www, entry(A, 1000), 1);
  table.find(www, A, 2);
  table.find(www, AAAA, 2);
  table.peek(www, A, 2);
  expect(table.statistics()).toMatchObject({ hits: 1, misses: 1 });
});
