/**
 * DNS messages in a stream: each behind its length in two octets (RFC 1035 §4.2.2, RFC 7766 §8), cut anywhere.
 *
 * The reader holds what has come and not what was announced, so a length that nobody fills costs nothing, and it
 * copies each octet a bounded number of times however the stream is cut. Towards clients, towards servers and in the
 * lab it is the same.
 */

const LENGTH_OCTETS = 2;
const FIRST_CAPACITY = 512;
const NOTHING = new Uint8Array();

export type FrameReader = {
  push(octets: Uint8Array): void;
  /** The next whole message, in octets of its own; undefined while there is none. */
  next(): Uint8Array | undefined;
  /** Every whole message that is there. */
  all(): Iterable<Uint8Array>;
  /** True when a message has begun and is not whole yet. */
  readonly isMidFrame: boolean;
};

export function createFrameReader(): FrameReader {
  let held = NOTHING;
  let start = 0;
  let end = 0;

  /** Octets of the frame at `start`, its length included; 0 while even that is not there. */
  const frameOctets = (): number => {
    if (end - start < LENGTH_OCTETS) return 0;
    return LENGTH_OCTETS + ((held[start] << 8) | held[start + 1]);
  };
  const isWhole = (): boolean => {
    const octets = frameOctets();
    return octets > 0 && end - start >= octets;
  };
  const makeRoom = (more: number): void => {
    if (held.length - end >= more) return;
    const kept = end - start;
    // Doubling: each octet is moved once on average. What has been read is given up on the way.
    const capacity = Math.max(FIRST_CAPACITY, 2 * kept, kept + more);
    const wider = new Uint8Array(capacity);
    wider.set(held.subarray(start, end));
    [held, start, end] = [wider, 0, kept];
  };

  const next = (): Uint8Array | undefined => {
    if (!isWhole()) return undefined;
    const behind = start + frameOctets();
    const message = held.slice(start + LENGTH_OCTETS, behind);
    start = behind;
    // An idle connection holds no buffer.
    if (start === end) [held, start, end] = [NOTHING, 0, 0];
    return message;
  };

  return {
    push(octets) {
      makeRoom(octets.length);
      held.set(octets, end);
      end += octets.length;
    },
    next,
    *all() {
      for (let message = next(); message !== undefined; message = next()) yield message;
    },
    get isMidFrame() {
      return end > start && !isWhole();
    },
  };
}

/** Length and message in one piece: sent apart, they can travel in two segments (RFC 7766 §8). */
export function frame(message: Uint8Array): Uint8Array {
  const framed = new Uint8Array(LENGTH_OCTETS + message.length);
  framed[0] = message.length >> 8;
  framed[1] = message.length;
  framed.set(message, LENGTH_OCTETS);
  return framed;
}
