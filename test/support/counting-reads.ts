/** Octets that count how often they are read: the work of a parser as a number that does not depend on the machine. */

export function countingReads(octets: Uint8Array): { readonly counted: Uint8Array; readonly reads: () => number } {
  let reads = 0;
  const counted = new Proxy(octets, {
    get(target, key) {
      if (typeof key === 'string' && key.charCodeAt(0) <= 0x39) reads++;
      const value: unknown = Reflect.get(target, key, target);
      if (typeof value !== 'function') return value;
      const method = value as (...given: unknown[]) => unknown;
      return (...given: unknown[]) => {
        // What copies octets reads them.
        const made = method.apply(target, given);
        if (key === 'slice') reads += (made as Uint8Array).length;
        return made;
      };
    },
  });
  return { counted, reads: () => reads };
}
