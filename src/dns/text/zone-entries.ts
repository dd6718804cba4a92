/**
 * Cuts a master file into entries (RFC 1035 §5.1): words with their quotes and escapes, comments taken off, lines in
 * parentheses joined. What the words mean is zone-text.ts.
 *
 * A slip harms as few lines as can be: a string that does not end on its line loses its entry; a parenthesis that does
 * not close before the next one opens loses its first line, and reading goes on behind that.
 */

export type ZoneEntry = {
  /** Number of the line it begins on, from 1. */
  readonly line: number;
  /** The line begins with a space: the owner is that of the entry before. */
  readonly isOwnerBlank: boolean;
  readonly words: readonly string[];
};

export type ZoneProblem = { readonly line: number; readonly why: string };

export function cutZoneText(text: string): { entries: ZoneEntry[]; problems: ZoneProblem[] } {
  const lines = text.split(/\r\n|\n|\r/);
  const entries: ZoneEntry[] = [];
  const problems: ZoneProblem[] = [];
  for (let i = 0; i < lines.length;) {
    const entry = cutEntry(lines, i);
    if (entry.why !== undefined) problems.push({ line: i + 1, why: entry.why });
    else if (entry.words.length > 0) {
      entries.push({ line: i + 1, isOwnerBlank: /^[ \t]/.test(lines[i]), words: entry.words });
    }
    i = entry.next;
  }
  return { entries, problems };
}

/** One entry from line `first` on; `next` is the line to go on with. */
function cutEntry(lines: readonly string[], first: number): { words: string[]; next: number; why?: string } {
  const words: string[] = [];
  let isOpen = false;
  for (let i = first; i < lines.length; i++) {
    for (const [word] of lines[i].matchAll(WORD)) {
      if (word.startsWith(';')) continue;
      if (word === '(') {
        // Going on behind the first line keeps the work linear, however many are left open.
        if (isOpen) return { words, next: first + 1, why: 'a parenthesis is still open where the next one opens' };
        isOpen = true;
      } else if (word === ')') {
        if (!isOpen) return { words, next: i + 1, why: 'a parenthesis closes that was not opened' };
        isOpen = false;
      } else if (isUnended(word)) {
        if (isOpen && i > first) return { words, next: first + 1, why: 'a parenthesis is not closed' };
        return { words, next: i + 1, why: 'a quoted string does not end on its line' };
      } else {
        words.push(word);
      }
    }
    if (!isOpen) return { words, next: i + 1 };
  }
  return { words, next: first + 1, why: 'a parenthesis is not closed' };
}

/**
 * A comment; a parenthesis; a quoted string; or a word, which may hold quoted parts as in `alpn="h2,h3"`. An unended
 * quote takes the rest of the line.
 */
const WORD = /;.*|[()]|"(?:[^"\\]|\\.)*(?:"|\\?$)|(?:[^ \t"();\\]|\\.|\\$|"(?:[^"\\]|\\.)*(?:"|\\?$))+/gs;

function isUnended(word: string): boolean {
  let isQuoted = false;
  for (let i = 0; i < word.length; i++) {
    if (word[i] === '\\') i++;
    else if (word[i] === '"') isQuoted = !isQuoted;
  }
  return isQuoted;
}
