/**
 * Which failures to reach a server are our own: descriptors, ports or memory that this machine lacks. They say nothing
 * about the server or the way to it, so nobody is blamed for them.
 */

const OWN_FAULTS: ReadonlySet<string> = new Set([
  'EMFILE',
  'ENFILE',
  'ENOBUFS',
  'ENOMEM',
  'EADDRINUSE', // no free source port
]);

/** `code` is that of an `unreachable` outcome. */
export function isOwnFault(code: string): boolean {
  return OWN_FAULTS.has(code);
}
