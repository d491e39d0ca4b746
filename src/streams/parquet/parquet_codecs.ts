/** Decompresses the pages of Parquet files. */
import type { CompressionCodec } from "hyparquet";
import { snappyUncompressor } from "hysnappy";
import { unzstdBlock } from "../../runtime/compression/zstd_sync.ts";
import { decompressLz4, decompressLz4Block } from "./lz4.ts";
import { type Free, PageBytes } from "./parquet_page_bytes.ts";
import { ParquetError } from "./parquet_error.ts";
import { FarReferenceError, snappyParts } from "./snappy_stream.ts";

/** A page must be held as a whole where its compression cannot be undone in parts. */
const LARGEST_WHOLE_BYTES = 1024 ** 3;

/** The compressed bytes of a page: as a whole, or from the first on in parts that have memory of their own. */
export interface PackedPage {
  packedBytes: number;
  bytes: number;
  whole(): Promise<Uint8Array>;
  parts(): AsyncIterator<Uint8Array>;
}

type Decompress = (input: Uint8Array, length: number) => Uint8Array;

/** Compiled for the first page. */
let uncompressSnappy: Decompress | undefined;

const OWN: Partial<Record<CompressionCodec, Decompress>> = {
  SNAPPY: (input, length) => (uncompressSnappy ??= snappyUncompressor())(input, length),
  UNCOMPRESSED: (input) => input,
  ZSTD: unzstdBlock,
  LZ4: decompressLz4,
  LZ4_RAW: decompressLz4Block,
};

/** What undoes a compression; undefined for one that is not known. */
async function decompressorOf(codec: CompressionCodec): Promise<Decompress | undefined> {
  if (OWN[codec] !== undefined) return OWN[codec];
  // Loaded for those who need it: the dictionary of Brotli is large.
  const { compressors } = await import("hyparquet-compressors");
  return compressors[codec] as Decompress | undefined;
}

const IN_PARTS: Partial<
  Record<CompressionCodec, (page: PackedPage, partBytes: number, free: Free) => AsyncIterator<Uint8Array>>
> = {
  UNCOMPRESSED: (page) => page.parts(),
  SNAPPY: snappyOfAnyKind,
  ZSTD: zstdPage,
};

/** What undoes Zstandard in parts holds as much as the window of the data: no less than a page that is smaller. */
const LEAST_PAGE_IN_PARTS: Partial<Record<CompressionCodec, number>> = { ZSTD: 4 * 1024 * 1024 };

/**
 * The bytes of a page.
 *
 * @param held how large a page may be to be held as a whole, and of which size parts are
 */
export async function decompressed(
  page: PackedPage,
  codec: CompressionCodec,
  held: { page: number; part: number },
  free: Free,
): Promise<PageBytes> {
  const most = Math.max(held.page, LEAST_PAGE_IN_PARTS[codec] ?? 0);
  const inParts = Math.max(page.bytes, page.packedBytes) > most ? IN_PARTS[codec] : undefined;
  if (inParts !== undefined) return new PageBytes(inParts(page, held.part, free), free);
  if (page.bytes > LARGEST_WHOLE_BYTES) {
    throw new ParquetError("unsupported", `a page of ${page.bytes} bytes is too large to be held`);
  }
  return new PageBytes(await wholePage(await page.whole(), page.bytes, codec), free);
}

async function wholePage(input: Uint8Array, length: number, codec: CompressionCodec): Promise<Uint8Array> {
  const decompress = await decompressorOf(codec);
  if (decompress === undefined) {
    throw new ParquetError("unsupported", `the compression ${codec ?? "of a column"} is not known`);
  }
  if (codec === "SNAPPY" && snappyLength(input) !== length) throw damaged(codec);
  let output: Uint8Array;
  try {
    output = decompress(input, length);
  } catch (cause) {
    if (cause instanceof ParquetError) throw cause;
    throw damaged(codec, cause);
  }
  if (output.length !== length) throw damaged(codec);
  return output;
}

const damaged = (codec: CompressionCodec, cause?: unknown) =>
  new ParquetError("damaged", `its ${codec} data is damaged`, { cause });

/** What a block says of its output's length. */
function snappyLength(input: Uint8Array): number {
  let length = 0;
  for (let index = 0; index < Math.min(5, input.length); index++) {
    const byte = input[index] as number;
    length += (byte & 0x7f) * 128 ** index;
    if (byte < 0x80) return length;
  }
  return -1;
}

async function* zstdPage(page: PackedPage): AsyncGenerator<Uint8Array, void> {
  // Its tables take a while to be made.
  const { zstdParts } = await import("./zstd_parts.ts");
  yield* zstdParts(page.parts());
}

async function* snappyOfAnyKind(page: PackedPage, partBytes: number, free: Free): AsyncGenerator<Uint8Array, void> {
  let given = 0;
  try {
    for await (const part of snappyParts(page.parts(), page.bytes, partBytes, free)) {
      given += part.length;
      yield part;
    }
  } catch (error) {
    if (!(error instanceof FarReferenceError)) throw error;
    yield (await wholePage(await page.whole(), page.bytes, "SNAPPY")).subarray(given);
  }
}
