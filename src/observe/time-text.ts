/** Moments and spans of time as text: RFC 3339 in UTC with microseconds, and milliseconds as people read them. */

let knownSecond = Number.NaN;
let knownText = '';

/** `2026-11-25T10:00:00.123456Z`. The text of the last second is kept: a busy log asks for it again and again. */
export function timeToText(wallMs: number): string {
  const micros = Math.round(wallMs * 1000);
  const second = Math.floor(micros / 1e6);
  if (second !== knownSecond) {
    knownText = new Date(second * 1000).toISOString().slice(0, 20);
    knownSecond = second;
  }
  return `${knownText}${String(micros - second * 1e6).padStart(6, '0')}Z`;
}

/** A date among seconds since 1970, as signatures and trust anchors have them: `2026-11-25T10:00:00Z`. */
export function dateToText(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
}

/** For the name of a file, in the same order as time: `20261125T100000.123Z`. */
export function timeToStamp(wallMs: number): string {
  return new Date(wallMs).toISOString().replaceAll(/[-:]/g, '');
}

/** Milliseconds since 1970 of a stamp made by `timeToStamp`. */
export function stampToTime(stamp: string): number | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d\.\d{3})Z$/.exec(stamp);
  if (!parts) return undefined;
  const ms = Date.parse(`${parts[1]}-${parts[2]}-${parts[3]}T${parts[4]}:${parts[5]}:${parts[6]}Z`);
  return Number.isNaN(ms) ? undefined : ms;
}

/** `0.04 ms`, `12.3 ms`, `400 ms`, `1.2 s`: three digits say enough. */
export function spanToText(ms: number): string {
  if (ms >= 1000) return `${trimmed(ms / 1000, 1)} s`;
  return `${trimmed(ms, ms < 1 ? 2 : ms < 100 ? 1 : 0)} ms`;
}

function trimmed(value: number, digits: number): string {
  return String(Number(value.toFixed(digits)));
}
