/** Follows the frames of Zstandard data, because the runtimes' decoders take data that ends early for whole (RFC 8878). */

const FRAME_MAGIC = 0xfd2fb528;
const FIRST_SKIPPABLE_MAGIC = 0x184d2a50;
const MAGIC_BYTES = 4;
const SKIPPABLE_SIZE_BYTES = 4;
const BLOCK_HEADER_BYTES = 3;
const CHECK_SUM_BYTES = 4;
const REPEATED_BYTE = 1;

/** As much as the runtimes' decoders, and zstd without `--long`, hold of what came before. */
const MOST_WINDOW_BYTES = 2 ** 27;

/** Why a frame is not decompressed, although it is whole. */
export class ZstdRefusal extends Error {
  constructor(readonly state: string, readonly hint: string) {
    super(state);
    this.name = "ZstdRefusal";
  }
}

const DICTIONARY_ID_BYTES = [0, 1, 2, 4];
const CONTENT_SIZE_BYTES = [0, 2, 4, 8];

type Part = "magic" | "skippable_size" | "descriptor" | "window" | "dictionary" | "content_size" | "block_header";

/** Reads the sizes that the data gives for its parts, and nothing else. */
export class ZstdFrames {
  /** The number that is being read, with the lowest byte first, and how many bytes of it are missing. */
  #part: Part = "magic";
  #number = 0;
  #numberBytes = 0;
  #wantedBytes = MAGIC_BYTES;
  /** Bytes to skip before that. */
  #skipBytes = 0;
  #hasCheckSum = false;
  /** Of the parts of a header that follow. */
  #isSingleSegment = false;
  #dictionaryBytes = 0;
  #contentSizeBytes = 0;
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
      case "descriptor":
        this.#isSingleSegment = (number & 0x20) !== 0;
        this.#hasCheckSum = (number & 0x04) !== 0;
        this.#dictionaryBytes = DICTIONARY_ID_BYTES[number & 3] as number;
        this.#contentSizeBytes = CONTENT_SIZE_BYTES[number >>> 6] || (this.#isSingleSegment ? 1 : 0);
        if (this.#isSingleSegment) this.#expectDictionary();
        else this.#expect("window", 1);
        break;
      case "window":
        checkWindow(2 ** (10 + (number >>> 3)) * (1 + (number & 7) / 8));
        this.#expectDictionary();
        break;
      case "dictionary":
        if (number !== 0) {
          throw new ZstdRefusal(
            `needs the dictionary ${number}`,
            "zstd -dc -D DICTIONARY FILE | mp import - decompresses it",
          );
        }
        this.#expectContentSize();
        break;
      case "content_size":
        // A frame of one segment is held as a whole.
        if (this.#isSingleSegment) checkWindow(number);
        this.#expect("block_header", BLOCK_HEADER_BYTES);
        break;
      case "block_header": {
        const isLast = (number & 1) !== 0;
        const size = ((number >>> 1) & 3) === REPEATED_BYTE ? 1 : number >>> 3;
        if (isLast) this.#expect("magic", MAGIC_BYTES, size + (this.#hasCheckSum ? CHECK_SUM_BYTES : 0));
        else this.#expect("block_header", BLOCK_HEADER_BYTES, size);
      }
    }
  }

  #expectDictionary(): void {
    if (this.#dictionaryBytes > 0) this.#expect("dictionary", this.#dictionaryBytes);
    else this.#expectContentSize();
  }

  #expectContentSize(): void {
    if (this.#contentSizeBytes > 0) this.#expect("content_size", this.#contentSizeBytes);
    else this.#expect("block_header", BLOCK_HEADER_BYTES);
  }

  #expect(part: Part, bytes: number, skipBytes = 0): void {
    this.#part = part;
    this.#wantedBytes = bytes;
    this.#skipBytes = skipBytes;
  }
}

function checkWindow(bytes: number): void {
  if (bytes <= MOST_WINDOW_BYTES) return;
  const long = Math.ceil(Math.log2(bytes));
  throw new ZstdRefusal(
    `was made with 'zstd --long=${long}', and takes ${Math.ceil(bytes / 2 ** 20)} MiB of memory`,
    `zstd -dc --long=${long} FILE | mp import - reads it; or compress it again with --long=27 or less`,
  );
}
