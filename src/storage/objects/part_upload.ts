/** Uploads a file in parts, several at once, and completes it when it is whole. */
import { MpError } from "../../errors.ts";
import { md5Hex } from "../../runtime/md5.ts";
import type { StoredFile } from "../storage.ts";

/** A part of a file, numbered from 1. */
export interface Part {
  number: number;
  body: Uint8Array;
  md5: string;
}

/** How a store takes a file in parts. One is made for each upload. */
export interface PartProtocol {
  /** As many as a file may have. */
  mostParts: number;
  /** Fails as the upload would, and leaves nothing. */
  probe(): Promise<void>;
  /** Puts a small file at once. */
  putWhole(body: Uint8Array, signal: AbortSignal): Promise<void>;
  /** Begins, or goes on with the parts that a run before has sent. */
  begin(signal: AbortSignal): Promise<void>;
  /** Sends a part, unless the store has it already. */
  send(part: Part, signal: AbortSignal): Promise<void>;
  /** Makes the parts that were sent a file, `count` of them, whose MD5 in order are `hashes`. */
  complete(hashes: readonly string[], signal: AbortSignal): Promise<void>;
  /** Takes back what was begun, as far as the store can. */
  abort(): Promise<void>;
}

export interface PartUploadOptions {
  address: string;
  /** Of a part; some stores take no smaller ones than 5 MiB, but for the last. */
  partBytes: number;
  signal?: AbortSignal;
}

/** Equal parts suit every store. A file that would need too many of them gets larger ones at its end. */
const EQUAL_PARTS_SHARE = 0.8;
const LATE_FACTOR = 8;
/** Parts that are sent at the same time. */
const CONCURRENCY = 3;
const FIRST_BUFFER_BYTES = 64 * 1024;

export class PartUpload implements StoredFile {
  readonly #protocol: PartProtocol;
  readonly #options: PartUploadOptions;
  readonly #controller = new AbortController();
  readonly #signal: AbortSignal;
  readonly #hashes: string[] = [];
  readonly #running = new Set<Promise<void>>();
  readonly #free: Uint8Array[] = [];
  #part: Uint8Array = new Uint8Array(FIRST_BUFFER_BYTES);
  #filled = 0;
  #count = 0;
  #isBegun = false;
  #failure: { error: unknown } | undefined;

  constructor(protocol: PartProtocol, options: PartUploadOptions) {
    this.#protocol = protocol;
    this.#options = options;
    const { signal } = options;
    this.#signal = signal === undefined ? this.#controller.signal : AbortSignal.any([signal, this.#controller.signal]);
  }

  async write(bytes: Uint8Array): Promise<void> {
    for (let start = 0; start < bytes.length;) {
      const size = this.#partBytes(this.#count + 1);
      // A full part is sent when more comes: the last one may be small, but not empty.
      if (this.#filled === size) await this.#sendPart();
      this.#makeRoom(bytes.length - start, this.#partBytes(this.#count + 1));
      const piece = bytes.subarray(start, start + this.#part.length - this.#filled);
      this.#part.set(piece, this.#filled);
      this.#filled += piece.length;
      start += piece.length;
    }
  }

  async commit(): Promise<void> {
    if (this.#count === 0) return await this.#protocol.putWhole(this.#part.subarray(0, this.#filled), this.#signal);
    if (this.#filled > 0) await this.#sendPart();
    while (this.#running.size > 0) await Promise.race(this.#running);
    if (this.#failure !== undefined) throw this.#failure.error;
    await this.#protocol.complete(this.#hashes, this.#signal);
    this.#isBegun = false;
  }

  async abort(): Promise<void> {
    this.#controller.abort(new MpError("The upload was taken back", { category: "interrupted" }));
    await Promise.all(this.#running);
    if (!this.#isBegun) return;
    this.#isBegun = false;
    await this.#protocol.abort();
  }

  #partBytes(number: number): number {
    const isLate = number > this.#protocol.mostParts * EQUAL_PARTS_SHARE;
    return this.#options.partBytes * (isLate ? LATE_FACTOR : 1);
  }

  /** Lets the part grow with what is written, so that a small file takes little memory. */
  #makeRoom(wantedBytes: number, mostBytes: number): void {
    const neededBytes = Math.min(mostBytes, this.#filled + wantedBytes);
    if (this.#part.length >= neededBytes && this.#part.length <= mostBytes) return;
    const grown = new Uint8Array(Math.min(mostBytes, Math.max(neededBytes, this.#part.length * 2)));
    grown.set(this.#part.subarray(0, this.#filled));
    this.#part = grown;
  }

  async #sendPart(): Promise<void> {
    if (!this.#isBegun) {
      // What was begun is taken back even when the store's answer is lost.
      this.#isBegun = true;
      await this.#protocol.begin(this.#signal);
    }
    while (this.#running.size >= CONCURRENCY) await Promise.race(this.#running);
    if (this.#failure !== undefined) throw this.#failure.error;
    if (this.#count === this.#protocol.mostParts) {
      throw new MpError(`Cannot write ${this.#options.address}: it is too large for one object`, {
        category: "failure",
        code: "too_large",
        hint: "split the output with --split",
      });
    }
    const number = ++this.#count;
    const memory = this.#part;
    const body = memory.subarray(0, this.#filled);
    const sending: Promise<void> = this.#send(number, body)
      .catch((error) => void (this.#failure ??= { error }))
      .finally(() => {
        this.#running.delete(sending);
        this.#free.push(memory);
      });
    this.#running.add(sending);
    this.#part = this.#free.pop() ?? new Uint8Array(this.#partBytes(number + 1));
    this.#filled = 0;
  }

  async #send(number: number, body: Uint8Array): Promise<void> {
    const md5 = md5Hex(body);
    this.#hashes[number - 1] = md5;
    await this.#protocol.send({ number, body, md5 }, this.#signal);
  }
}
