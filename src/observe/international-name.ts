/**
 * A name whose labels are A-labels (`xn--…`, RFC 5890 §2.3.2.1), as its owner would write it. For showing beside the
 * name, never instead of it: two names can look alike and only the escaped form says which one it is.
 */

import { domainToUnicode } from 'node:url';
import { nameToText, type Name } from '../dns/name.ts';
import { printable } from './printable.ts';

/** Undefined when the name is not international, or its A-labels are none that a registry could have given out. */
export function internationalForm(name: Name): string | undefined {
  const text = nameToText(name);
  if (!text.includes('xn--')) return undefined;
  // What would be a URL's host only: escapes and underscores are no part of an international name.
  if (!/^[a-z0-9.-]+$/.test(text)) return undefined;
  const unicode = domainToUnicode(text);
  return unicode === '' || unicode === text || printable(unicode) !== unicode ? undefined : unicode;
}
