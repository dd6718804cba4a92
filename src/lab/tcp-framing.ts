/**
 * DNS messages on a connection: each behind its length in two octets (RFC 1035 §4.2.2), cut anywhere by the network.
 */

/** The message behind its length, in one piece (RFC 7766 §8). */
export function frameMessage(message: Uint8Array): Uint8Array {
  const framed = new Uint8Array(2 + message.length);
  framed[0] = message.length >> 8;
  framed[1] = message.length & 0xff;
  framed.set(message, 2);
  return framed;
}

/** Takes octets as they come and gives each message that is complete, in octets of its own. */
export function createFrameReader(): (octets: Uint8Array) => Uint8Array[] {
  let pending: Uint8Array = new Uint8Array(0);
  return (octets) => {
    const all = new Uint8Array(pending.length + octets.length);
    all.set(pending);
    all.set(octets, pending.length);
    const messages: Uint8Array[] = [];
    let at = 0;
    for (;;) {
      const end = at + 2 + ((all[at] << 8) | all[at + 1]);
      if (at + 2 > all.length || end > all.length) break;
      messages.push(all.slice(at + 2, end));
      at = end;
    }
    pending = all.slice(at);
    return messages;
  };
}
