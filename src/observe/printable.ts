/**
 * Text from elsewhere (a server's extended error, RDATA, a reason) made fit for a line of the log and for a terminal:
 * whatever could move a cursor, change the direction of writing or break a line is shown by its number instead.
 *
 * Names have an escape of their own that can be read back (`nameToText`); this one is for reading only.
 */

/** Control, format (bidi, zero width), unassigned, private and lone surrogate characters; line and paragraph separators. */
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]/gu;

/** `\u{202e}` for U+202E, and so on; every other character is itself. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`);
}

/** At most `most` characters, the last an ellipsis where something was cut off. */
export function shortened(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1).toWellFormed()}…`;
}
