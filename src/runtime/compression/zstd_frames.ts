/** Follows the frames of Zstandard data, because the runtimes' decoders take data that ends early for whole (RFC 8878). */

const FRAME_MAGIC = 0xfd2fb528;
const FIRST_SKIPPABLE_MAGIC = 0x184d2a50;
const MAGIC_BYTES = 4;
const SKIPPABLE_SIZE_BYTES = 4;
const BLOCK_HEADER_BYTES = 3;
const CHECK_SUM_BYTES = 4;
const REPEATED_BYTE = 1;

const DICTIONARY_ID_BYTES = [0, 1, 2, 4];
const CONTENT_SIZE_BYTES = [0, 2, 4, 8];

type Part = "magic" | "skippable_size" | "descriptor" | "block_header";

/** Reads the sizes that the data gives for its parts, and nothing else. */
export class ZstdFrames {
  /** The number that is being read, with the lowest byte first, and how many bytes of it are missing. */
  #part: Part = "magic";
  #number = 0;
  #numberBytes = 0;
  #wantedBytes = MAGIC_BYTES;
  /** Bytes to pass over before that. */
  #skipBytes = 0;
  #hasCheckSum = false;
  #hasBegun = false;

  /** Whether all frames so far are whole, and there is one. What is no frame is left to the decoder. */
  get isWhole(): boolean {
    return this.#hasBegun && this.#part === "magic" && this.#numberBytes === 0 && this.#skipBytes === 0;
  }

  /** Reads on until the chunk or a frame ends; the index of the next byte. */
  follow(chunk: Uint8Array, start: number): number {
    for (let at = start; at < chunk.length;) {
      this.#hasBegun = true;
      if (this.#skipBytes > 0) {
        const skipped = Math.min(this.#skipBytes, chunk.length - at);
        this.#skipBytes -= skipped;
        at += skipped;
      } else {
        this.#number += (chunk[at++] as number) * 2 ** (8 * this.#numberBytes);
        this.#numberBytes++;
        if (this.#numberBytes < this.#wantedBytes) continue;
        this.#take(this.#number);
        this.#number = 0;
        this.#numberBytes = 0;
      }
      if (this.isWhole) return at;
    }
    return chunk.length;
  }

  #take(number: number): void {
    switch (this.#part) {
      case "magic":
        if (number === FRAME_MAGIC) this.#expect("descriptor", 1);
        else if (number >>> 4 === FIRST_SKIPPABLE_MAGIC >>> 4) this.#expect("skippable_size", SKIPPABLE_SIZE_BYTES);
        break;
      case "skippable_size":
        this.#expect("magic", MAGIC_BYTES, number);
        break;
      case "descriptor": {
        const isSingleSegment = (number & 0x20) !== 0;
        this.#hasCheckSum = (number & 0x04) !== 0;
        const contentSizeBytes = CONTENT_SIZE_BYTES[number >>> 6] || (isSingleSegment ? 1 : 0);
        const windowBytes = isSingleSegment ? 0 : 1;
        const rest = windowBytes + (DICTIONARY_ID_BYTES[number & 3] as number) + contentSizeBytes;
        this.#expect("block_header", BLOCK_HEADER_BYTES, rest);
        break;
      }
      case "block_header": {
        const isLast = (number & 1) !== 0;
        const size = ((number >>> 1) & 3) === REPEATED_BYTE ? 1 : number >>> 3;
        if (isLast) this.#expect("magic", MAGIC_BYTES, size + (this.#hasCheckSum ? CHECK_SUM_BYTES : 0));
        else this.#expect("block_header", BLOCK_HEADER_BYTES, size);
      }
    }
  }

  #expect(part: Part, bytes: number, skipBytes = 0): void {
    this.#part = part;
    this.#wantedBytes = bytes;
    this.#skipBytes = skipBytes;
  }
}
