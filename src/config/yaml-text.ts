/**
 * YAML with places: the value of a text, and for each key and value in it the line and column where it stands.
 * The only file that knows the `yaml` library.
 */

import { LineCounter, YAMLError, isMap, isPair, isScalar, parseDocument } from 'yaml';
import type { Document, Node } from 'yaml';
import type { Problem } from './problems.ts';

export type Place = { readonly line: number; readonly column: number };

export type YamlText = {
  readonly kind: 'yaml';
  readonly value: unknown;
  readonly warnings: readonly Problem[];
  /** Where the key or value at a path stands; the nearest thing around it, where the path is not in the text. */
  placeOf(path: readonly PropertyKey[], at: 'key' | 'value'): Place | undefined;
};

export function readYaml(
  text: string,
  file: string,
): YamlText | { readonly kind: 'problems'; readonly problems: readonly Problem[] } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error' });
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const explain = (error: YAMLError): Problem => ({ file, place: placeAt(error.pos[0]), ...explainError(error, text) });
  if (document.errors.length > 0) return { kind: 'problems', problems: document.errors.map(explain) };
  const value = valueOf(document);
  if (value.kind === 'bad-alias') {
    const reason = 'its anchors and aliases cannot be followed';
    return { kind: 'problems', problems: [{ file, place: undefined, key: '', reason, remedy: value.why }] };
  }
  return {
    kind: 'yaml',
    value: value.value,
    warnings: document.warnings.map(explain),
    placeOf(path, at) {
      const offset = offsetOf(document, path, at);
      return offset === undefined ? undefined : placeAt(offset);
    },
  };
}

/** The library bounds what aliases may multiply to (a "billion laughs" file), and throws there. */
function valueOf(document: Document): { kind: 'value'; value: unknown } | { kind: 'bad-alias'; why: string } {
  try {
    return { kind: 'value', value: document.toJS() };
  } catch (error) {
    return { kind: 'bad-alias', why: error instanceof Error ? error.message : String(error) };
  }
}

function offsetOf(document: Document, path: readonly PropertyKey[], at: 'key' | 'value'): number | undefined {
  if (at === 'key') {
    const around: unknown = document.getIn(path.slice(0, -1), true);
    const pair = isMap(around)
      ? around.items.find(({ key }) => isScalar(key) && String(key.value) === path.at(-1))
      : undefined;
    if (isPair(pair) && isScalar(pair.key)) return pair.key.range?.[0];
  }
  for (let depth = path.length; depth >= 0; depth--) {
    const node = document.getIn(path.slice(0, depth), true) as Node | null | undefined;
    const offset = node?.range?.[0];
    if (offset !== undefined) return offset;
  }
  return undefined;
}

function explainError(error: YAMLError, text: string): Pick<Problem, 'key' | 'reason' | 'remedy'> {
  switch (error.code) {
    case 'DUPLICATE_KEY': {
      const key = /^[^\s:]+/.exec(text.slice(error.pos[0]))?.[0] ?? '';
      return { key, reason: 'the key stands here a second time', remedy: 'keep one of the two' };
    }
    case 'TAB_AS_INDENT':
      return { key: '', reason: 'the line is indented by a tab', remedy: 'YAML is indented by spaces' };
    case 'MULTIPLE_DOCS':
      return { key: '', reason: 'a second document begins here', remedy: 'take out the line ---' };
    default: {
      const isBracketed = /\[[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*\]:/.test(lineAround(text, error.pos[0]));
      const remedy = isBracketed ? 'put quotes around an IPv6 address: "[::1]:53"' : '';
      return { key: '', reason: `this is not YAML: ${error.message}`, remedy };
    }
  }
}

function lineAround(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const end = text.indexOf('\n', offset);
  return text.slice(start, end < 0 ? text.length : end);
}
