/**
 * SipHash-2-4 (Aumasson and Bernstein, 2012): a short keyed hash of short data. Server cookies are made with it, so that
 * servers of one address can check each other's (RFC 9018 §4.4); node:crypto does not have it.
 *
 * Its words of 64 bits are pairs of 32 here, high half first: BigInt would make objects for every step.
 */

/** 8 octets, the hash's word with its least significant octet first, as the reference implementation writes it. */
export function sipHash24(key: Uint8Array, data: Uint8Array): Uint8Array {
  begin(key);
  const whole = data.length & ~7;
  for (let at = 0; at < whole; at += 8) takeWord(word(data, at + 4), word(data, at));
  // The last word: what is left over, and the length in its most significant octet.
  const rest = new Uint8Array(8);
  rest.set(data.subarray(whole));
  rest[7] = data.length;
  takeWord(word(rest, 4), word(rest, 0));
  state[V2 + LOW] ^= 0xff;
  for (let i = 0; i < 4; i++) round();
  return result();
}

const V0 = 0;
const V1 = 2;
const V2 = 4;
const V3 = 6;
const LOW = 1;

/** Four words; only used within one call. */
const state = new Int32Array(8);

/** `somepseudorandomlygeneratedbytes`, the constants of the algorithm. */
const START = [0x736f6d65, 0x70736575, 0x646f7261, 0x6e646f6d, 0x6c796765, 0x6e657261, 0x74656462, 0x79746573];

function begin(key: Uint8Array): void {
  const words = [word(key, 4), word(key, 0), word(key, 12), word(key, 8)];
  for (let i = 0; i < 8; i++) state[i] = START[i] ^ words[i & 3];
}

function takeWord(high: number, low: number): void {
  state[V3] ^= high;
  state[V3 + LOW] ^= low;
  round();
  round();
  state[V0] ^= high;
  state[V0 + LOW] ^= low;
}

function round(): void {
  add(V0, V1);
  rotate(V1, 13);
  mix(V1, V0);
  swap(V0);
  add(V2, V3);
  rotate(V3, 16);
  mix(V3, V2);
  add(V0, V3);
  rotate(V3, 21);
  mix(V3, V0);
  add(V2, V1);
  rotate(V1, 17);
  mix(V1, V2);
  swap(V2);
}

function add(to: number, from: number): void {
  const low = (state[to + LOW] >>> 0) + (state[from + LOW] >>> 0);
  state[to] += state[from] + (low > 0xffffffff ? 1 : 0);
  state[to + LOW] = low;
}

/** To the left, by less than 32. */
function rotate(at: number, bits: number): void {
  const high = state[at];
  const low = state[at + LOW];
  state[at] = (high << bits) | (low >>> (32 - bits));
  state[at + LOW] = (low << bits) | (high >>> (32 - bits));
}

/** Rotation by 32. */
function swap(at: number): void {
  const high = state[at];
  state[at] = state[at + LOW];
  state[at + LOW] = high;
}

function mix(to: number, from: number): void {
  state[to] ^= state[from];
  state[to + LOW] ^= state[from + LOW];
}

function word(octets: Uint8Array, at: number): number {
  return octets[at] | (octets[at + 1] << 8) | (octets[at + 2] << 16) | (octets[at + 3] << 24);
}

function result(): Uint8Array {
  const high = state[V0] ^ state[V1] ^ state[V2] ^ state[V3];
  const low = state[V0 + LOW] ^ state[V1 + LOW] ^ state[V2 + LOW] ^ state[V3 + LOW];
  return Uint8Array.from([low, low >>> 8, low >>> 16, low >>> 24, high, high >>> 8, high >>> 16, high >>> 24]);
}
