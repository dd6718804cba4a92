/**
 * What is wrong with a configuration, as a value with its place, and as text for people.
 */

export type Problem = {
  readonly file: string;
  /** Counted from 1; undefined where the file as a whole is meant. */
  readonly place: { readonly line: number; readonly column: number } | undefined;
  /** The key with the sections around it: `iteration.budget.depth`; empty where none is concerned. */
  readonly key: string;
  readonly reason: string;
  /** What to write instead; empty where the reason says it. */
  readonly remedy: string;
};

/** `listen.dns[0]`: keys by dots, entries of lists by their index from 0. */
export function keyText(path: readonly PropertyKey[]): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else text += (text === '' ? '' : '.') + String(step);
  }
  return text;
}

/** In the form that compilers use, so that editors and terminals find the place; one line, and the remedy below it. */
export function formatProblems(problems: readonly Problem[]): string {
  return problems.map(formatProblem).join('');
}

function formatProblem({ file, place, key, reason, remedy }: Problem): string {
  const where = place === undefined ? file : `${file}:${place.line}:${place.column}`;
  const what = key === '' ? reason : `${key}: ${reason}`;
  return `${printable(`${where}: ${what}`)}\n` + (remedy === '' ? '' : `    ${printable(remedy)}\n`);
}

/** A key or value may hold anything; a terminal gets no control characters from it. */
function printable(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
