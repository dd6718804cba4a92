/** A stream in memory in the place of a TCP socket, whose other side reads what is written to it, or never does. */

import { Duplex } from 'node:stream';

export class StreamSocket extends Duplex {
  /** Octets that the other side has taken. */
  written = 0;
  readonly #reads: boolean;

  constructor(options: { readonly reads?: boolean } = {}) {
    super({ allowHalfOpen: true });
    this.#reads = options.reads ?? true;
  }

  override _read(): void {}

  override _write(octets: Uint8Array, _encoding: string, done: () => void): void {
    if (!this.#reads) return;
    this.written += octets.length;
    done();
  }

  /** As node:net has them. */
  destroySoon(): void {
    this.end();
    if (this.writableFinished) this.destroy();
    else this.once('finish', () => this.destroy());
  }
  resetAndDestroy(): void {
    this.destroy();
  }
}
