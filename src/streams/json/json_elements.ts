/**
 * Takes JSON apart into its records while it comes in, whatever its size: the elements of a list, the objects that follow
 * each other, or the elements of the one long list in an object, such as `{"status": "ok", "results": [ … ]}`.
 *
 * Only brackets and quotes are looked at. Whether a record is JSON shows when it is parsed.
 */
import { concatenate, giveBack } from "../chunks.ts";

/** JSON whose brackets do not fit, or that ends inside. */
export class JsonShapeError extends SyntaxError {
  /** @param record the number of the record in which it is, from 1 */
  constructor(message: string, readonly record: number) {
    super(message);
    this.name = "JsonShapeError";
  }
}

export interface ElementOptions {
  /** The longest record that is held. */
  maxBytes: number;
  /** An object with a list that is longer than this is no record: the elements of the list are. */
  maxObjectBytes: number;
}

/**
 * Called with each record.
 *
 * @param bytes may be used again after the call
 * @param isWhole true for an object that stands for itself, and may still turn out to be a list with something around it
 */
export type OnElement = (bytes: Uint8Array, isWhole: boolean) => void;

const QUOTE = 0x22, COMMA = 0x2c, BACKSLASH = 0x5c, COLON = 0x3a;
const OPEN_LIST = 0x5b, CLOSE_LIST = 0x5d, OPEN_OBJECT = 0x7b, CLOSE_OBJECT = 0x7d;

/** Outside of any list, between the elements of one, or in what follows the long list of an object. */
type Where = "top" | "list" | "tail";

/** Holds the beginning of a record that is not yet whole, and nothing else. */
export class ElementSplitter {
  readonly #options: ElementOptions;
  readonly #onElement: OnElement;
  #where: Where = "top";
  /** Whether the list is in an object, whose other members follow it. */
  #isInObject = false;
  #held: Uint8Array[] = [];
  #heldBytes = 0;
  /** Open brackets of the record, and of the tail. */
  #depth = 0;
  #inString = false;
  /** Whether the byte before was a backslash. */
  #escaped = false;
  /** A number, word or text outside of brackets. */
  #isScalar = false;
  /** Where the list that is open at the first level of the object begins, counted from the record's first byte; or -1. */
  #listAt = -1;
  #records = 0;

  constructor(options: ElementOptions, onElement: OnElement) {
    this.#options = options;
    this.#onElement = onElement;
  }

  /** @throws JsonShapeError */
  push(chunk: Uint8Array): void {
    let at = 0;
    while (at < chunk.length) {
      at = this.#depth > 0 || this.#isScalar ? this.#inside(chunk, at, at) : this.#between(chunk, at);
    }
  }

  /** @throws JsonShapeError when something is still open. */
  end(): void {
    if (this.#isScalar) this.#finish(new Uint8Array(0), 0, 0);
    if (this.#depth > 0 || this.#where !== "top") throw this.#error("the JSON ends early");
  }

  /** Between records: the index of the first byte that is not between them. */
  #between(chunk: Uint8Array, start: number): number {
    for (let at = start; at < chunk.length; at++) {
      const byte = chunk[at] as number;
      // White space, a byte order mark, and commas, of which some programs write one too many.
      if (byte <= 0x20 || byte === COMMA || byte === 0xef || byte === 0xbb || byte === 0xbf) continue;
      if (byte === CLOSE_LIST && this.#where === "list") {
        if (this.#isInObject) {
          this.#where = "tail";
          this.#depth = 1;
          return at + 1;
        }
        this.#where = "top";
        continue;
      }
      if (byte === OPEN_LIST && this.#where === "top") {
        this.#where = "list";
        this.#isInObject = false;
        continue;
      }
      if (byte === CLOSE_LIST || byte === CLOSE_OBJECT || byte === COLON) {
        throw this.#error(`${JSON.stringify(String.fromCharCode(byte))} where a record should begin`);
      }
      this.#listAt = -1;
      if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
        this.#depth = 1;
        return this.#inside(chunk, at, at + 1);
      }
      this.#isScalar = true;
      this.#inString = byte === QUOTE;
      return this.#inside(chunk, at, at + 1);
    }
    return chunk.length;
  }

  /** Inside a record that begins (or goes on) at `start`, of which `from` is the next byte to look at. */
  #inside(chunk: Uint8Array, start: number, from: number): number {
    let at = from;
    let depth = this.#depth;
    let inString = this.#inString;
    let escaped = this.#escaped;
    while (at < chunk.length) {
      if (inString) {
        while (at < chunk.length) {
          const byte = chunk[at++] as number;
          if (escaped) escaped = false;
          else if (byte === QUOTE) {
            inString = false;
            break;
          } else if (byte === BACKSLASH) escaped = true;
        }
        continue;
      }
      const byte = chunk[at++] as number;
      if (this.#isScalar) {
        if (byte === QUOTE) inString = true;
        else if (byte === COMMA || byte === CLOSE_LIST || byte === CLOSE_OBJECT || byte <= 0x20) {
          return this.#finish(chunk, start, at - 1);
        }
      } else if (byte === QUOTE) inString = true;
      else if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
        depth++;
        if (depth === 2 && byte === OPEN_LIST) this.#listAt = this.#heldBytes + at - start;
      } else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) {
        depth--;
        if (depth === 1) this.#listAt = -1;
        if (depth === 0) {
          this.#depth = 0;
          if (this.#where !== "tail") return this.#finish(chunk, start, at);
          this.#where = "top";
          return at;
        }
      }
    }
    this.#depth = depth;
    this.#inString = inString;
    this.#escaped = escaped;
    if (this.#where !== "tail") this.#hold(chunk, start);
    return chunk.length;
  }

  /** Keeps what a chunk has of a record. The chunk may be used again, so it is copied. */
  #hold(chunk: Uint8Array, start: number): void {
    this.#held.push(chunk.slice(start));
    this.#heldBytes += chunk.length - start;
    if (this.#where === "top" && this.#listAt >= 0 && this.#heldBytes > this.#options.maxObjectBytes) {
      this.#openList();
    } else if (this.#heldBytes > this.#options.maxBytes) {
      throw this.#error(`longer than ${this.#options.maxBytes} bytes`);
    }
  }

  /** What looked like a record is a list with something around it. */
  #openList(): void {
    const bytes = concatenate(this.#held).subarray(this.#listAt);
    this.#forget();
    this.#depth = 0;
    this.#inString = this.#escaped = false;
    this.#where = "list";
    this.#isInObject = true;
    this.push(bytes);
  }

  #finish(chunk: Uint8Array, start: number, end: number): number {
    const part = chunk.subarray(start, end);
    const isHeld = this.#heldBytes > 0;
    const bytes = isHeld ? concatenate([...this.#held, part]) : part;
    const isWhole = this.#where === "top" && !this.#isScalar;
    // Garbage collectors do not see how much memory these hold.
    for (const piece of this.#held) giveBack(piece);
    this.#forget();
    if (bytes.length > this.#options.maxBytes) throw this.#error(`longer than ${this.#options.maxBytes} bytes`);
    this.#isScalar = this.#inString = this.#escaped = false;
    this.#records++;
    this.#onElement(bytes, isWhole);
    if (isHeld) giveBack(bytes);
    return end;
  }

  #forget(): void {
    this.#held = [];
    this.#heldBytes = 0;
  }

  #error(message: string): JsonShapeError {
    return new JsonShapeError(message, this.#records + 1);
  }
}
