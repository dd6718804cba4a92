/** Colours for terminals, and the same interface without them. Only our own words are painted, after escaping. */

export type Paint = {
  readonly good: (text: string) => string;
  readonly doubtful: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly strong: (text: string) => string;
  readonly faint: (text: string) => string;
};

const same = (text: string): string => text;
const plain: Paint = { good: same, doubtful: same, bad: same, strong: same, faint: same };

const sgr =
  (on: number, off: number) =>
  (text: string): string =>
    `\u001b[${on}m${text}\u001b[${off}m`;
const coloured: Paint = {
  good: sgr(32, 39),
  doubtful: sgr(33, 39),
  bad: sgr(31, 39),
  strong: sgr(1, 22),
  faint: sgr(2, 22),
};

export function createPaint(colours: boolean): Paint {
  return colours ? coloured : plain;
}

/** https://no-color.org: set and not empty means no colours, whatever the terminal can do. */
export function wantsColours(isTerminal: boolean, env: Readonly<Record<string, string | undefined>>): boolean {
  return isTerminal && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb';
}
