/**
 * The negative trust anchors (RFC 7646) that the operator sets while the daemon runs: each with a reason, none for ever,
 * kept on disk, and gone by itself when its time is up. Those in the configuration are elsewhere and stand beside these.
 *
 * When one comes or goes, `changed` has everything forgotten that was judged at or below it.
 */

import { ROOT, nameToText, parseName, type Name } from '../dns/name.ts';
import type { Clock, Timer } from '../system/clock.ts';
import { seal, unseal, type KeptFiles } from '../system/kept-file.ts';
import type { NegativeTrustAnchor } from '../validate/negative-trust-anchor.ts';

export type NegativeAnchorEvent =
  | { readonly kind: 'negative-anchor-expired'; readonly zone: string; readonly reason: string }
  | { readonly kind: 'state-file-set-aside'; readonly path: string; readonly why: string; readonly aside: string }
  | { readonly kind: 'state-file-not-written'; readonly path: string; readonly why: string };

/** One that ends, as all of these do. */
export type TemporaryAnchor = NegativeTrustAnchor & { readonly expiresAt: number };

export type AnchorRequest = { readonly zone: Name; readonly reason: string; readonly seconds: number | undefined };

export type NegativeAnchors = {
  load(): Promise<void>;
  list(): readonly TemporaryAnchor[];
  /** In place of one for the same name; `removed`: how much was forgotten. Or why it is refused. */
  add(
    request: AnchorRequest,
  ): Promise<{ readonly anchor: TemporaryAnchor; readonly removed: number } | { readonly why: string }>;
  /** How much was forgotten; undefined when there was none. */
  remove(zone: Name): Promise<number | undefined>;
  stop(): void;
};

/** RFC 7646 §2: a day is usual and a week the most that is sensible; whoever wants longer writes a configuration. */
const DEFAULT_SECONDS = 86_400;
const MOST_SECONDS = 7 * 86_400;
const MOST_ANCHORS = 1000;
const MOST_CHARACTERS = 200;
/** The wall clock may be set meanwhile, so it is looked at now and then. */
const LONGEST_NAP_MS = 3_600_000;
const FORMAT = 'rootwalk negative trust anchors 1';

export function createNegativeAnchors(
  { path }: { readonly path: string },
  around: {
    readonly clock: Clock;
    readonly files: KeptFiles;
    readonly report: (event: NegativeAnchorEvent) => void;
    /** Forgets, and says how much. */
    readonly changed: (zone: Name) => number;
  },
): NegativeAnchors {
  const { clock, files, report, changed } = around;
  const anchors = new Map<Name, TemporaryAnchor>();
  let timer: Timer | undefined;
  let writing: Promise<void> = Promise.resolve();
  const nowSeconds = (): number => clock.wallMs() / 1000;

  return {
    async load() {
      const file = await files.read(path);
      if (file.kind === 'missing') return;
      const read = file.kind === 'text' ? readAnchors(file.text) : file;
      if ('why' in read) {
        report({ kind: 'state-file-set-aside', path, why: read.why, aside: (await files.setAside(path)) ?? path });
        return;
      }
      for (const anchor of read.anchors) anchors.set(anchor.zone, anchor);
      expire();
    },
    list: () => [...anchors.values()],
    async add({ zone, reason, seconds = DEFAULT_SECONDS }) {
      const why = whyRefused(zone, reason, seconds, anchors);
      if (why !== undefined) return { why };
      const anchor = { zone, reason: reason.trim(), expiresAt: Math.round(nowSeconds() + seconds) };
      anchors.set(zone, anchor);
      const removed = changed(zone);
      expire();
      await write();
      return { anchor, removed };
    },
    async remove(zone) {
      if (!anchors.delete(zone)) return undefined;
      const removed = changed(zone);
      await write();
      return removed;
    },
    stop: () => timer?.cancel(),
  };

  function expire(): void {
    timer?.cancel();
    const now = nowSeconds();
    const over = [...anchors.values()].filter(({ expiresAt }) => expiresAt <= now);
    for (const { zone, reason } of over) {
      anchors.delete(zone);
      changed(zone);
      report({ kind: 'negative-anchor-expired', zone: nameToText(zone), reason });
    }
    if (over.length > 0) void write();
    if (anchors.size === 0) return;
    const next = Math.min(...Array.from(anchors.values(), ({ expiresAt }) => expiresAt));
    timer = clock.after(Math.min(Math.max((next - now) * 1000, 1000), LONGEST_NAP_MS), expire);
  }

  /** One after the other, each with what holds when its turn comes. */
  function write(): Promise<void> {
    writing = writing.then(async () => {
      const why = await files.replace(path, writeAnchors([...anchors.values()]));
      if (why !== undefined) report({ kind: 'state-file-not-written', path, why });
    });
    return writing;
  }
}

function whyRefused(
  zone: Name,
  reason: string,
  seconds: number,
  anchors: ReadonlyMap<Name, unknown>,
): string | undefined {
  if (zone === ROOT) return 'for the root it would be all of DNSSEC; that is `dnssec.validate: false`';
  if (reason.trim() === '') return 'a reason is needed: whoever finds it later wants to know why';
  if (reason.length > MOST_CHARACTERS) return `a reason has at most ${MOST_CHARACTERS} characters`;
  if (!(seconds >= 1 && seconds <= MOST_SECONDS)) {
    return 'it lasts a week at most (RFC 7646 §2); longer ones belong into the configuration (dnssec.negativeTrustAnchors)';
  }
  const isFull = anchors.size >= MOST_ANCHORS && !anchors.has(zone);
  return isFull ? `there are ${MOST_ANCHORS} already` : undefined;
}

function writeAnchors(anchors: readonly TemporaryAnchor[]): string {
  const content = anchors.map(({ zone, reason, expiresAt }) => ({
    zone: nameToText(zone),
    reason,
    until: new Date(expiresAt * 1000).toISOString(),
  }));
  return seal(FORMAT, content);
}

/** All of it or nothing: whoever has changed it by hand shall be told and not half heard. */
function readAnchors(text: string): { readonly anchors: TemporaryAnchor[] } | { readonly why: string } {
  const unsealed = unseal(FORMAT, text);
  if ('why' in unsealed) return unsealed;
  if (!Array.isArray(unsealed.content)) return { why: 'it holds no list' };
  const anchors = unsealed.content.map(readAnchor).filter((anchor) => anchor !== undefined);
  return anchors.length === unsealed.content.length ? { anchors } : { why: 'an entry of it cannot be read' };
}

function readAnchor(entry: unknown): TemporaryAnchor | undefined {
  if (typeof entry !== 'object' || entry === null) return undefined;
  const { zone, reason, until } = entry as Readonly<Record<string, unknown>>;
  if (typeof zone !== 'string' || typeof reason !== 'string' || typeof until !== 'string') return undefined;
  const name = parseName(zone);
  const expiresAt = Date.parse(until) / 1000;
  return typeof name === 'string' && Number.isFinite(expiresAt) ? { zone: name, reason, expiresAt } : undefined;
}
