/** Writes a lot to a file without holding up the program. */
import type { promises as fs } from "node:fs";

/** Of Deno's own files, what is used here. */
interface DenoFile {
  write(bytes: Uint8Array): Promise<number>;
  seek(offset: number, whence: number): Promise<number>;
  stat(): Promise<{ dev: number; ino: number | null; isFile: boolean }>;
  close(): void;
}

declare const Deno: {
  open(path: string, options: { write: boolean; append: boolean }): Promise<DenoFile>;
} | undefined;

/** Smaller pieces are written before another thread has begun with them. */
const BULK_BYTES = 64 * 1024;

/**
 * A file that takes pieces one after another. Deno's `node:fs` writes on the thread that runs everything else;
 * its own files do not, so that large pieces go through one of these, opened beside the handle.
 */
export class BulkFile {
  readonly #path: string;
  readonly #handle: fs.FileHandle;
  readonly #appends: boolean;
  readonly #isPlaced: boolean;
  #position: number;
  /** Undefined until it is needed, and null where there is none. */
  #own: DenoFile | null | undefined = typeof Deno === "object" ? undefined : null;

  /** @param options.position where the first piece goes; default: the beginning, or with `appends` the end */
  constructor(path: string, handle: fs.FileHandle, options: { position?: number; appends?: boolean } = {}) {
    this.#path = path;
    this.#handle = handle;
    this.#appends = options.appends ?? false;
    this.#isPlaced = options.position !== undefined;
    this.#position = options.position ?? 0;
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (this.#own === undefined && bytes.length >= BULK_BYTES) this.#own = await this.#open();
    for (let offset = 0; offset < bytes.length;) {
      const written = await this.#writeSome(bytes, offset);
      offset += written;
      this.#position += written;
    }
  }

  /** Returns when what was written is on disk. */
  async sync(): Promise<void> {
    await this.#handle.sync();
  }

  async close(): Promise<void> {
    this.#own?.close();
    await this.#handle.close();
  }

  async #writeSome(bytes: Uint8Array, offset: number): Promise<number> {
    if (this.#own) return await this.#own.write(bytes.subarray(offset));
    // A pipe has no positions.
    const position = this.#isPlaced ? this.#position : null;
    return (await this.#handle.write(bytes, offset, bytes.length - offset, position)).bytesWritten;
  }

  /** The same file once more; null where another has its name now, or it is no file that can be opened twice. */
  async #open(): Promise<DenoFile | null> {
    const { dev, ino } = await this.#handle.stat();
    // expected: a file that others may not open, such as one that is read-only from its beginning
    const own = await Deno!.open(this.#path, { write: true, append: this.#appends }).catch(() => null);
    if (own === null) return null;
    const same = await own.stat();
    if (!same.isFile || same.dev !== dev || same.ino === null || same.ino !== ino) {
      own.close();
      return null;
    }
    if (!this.#appends) await own.seek(this.#position, SEEK_START);
    return own;
  }
}

const SEEK_START = 0;
