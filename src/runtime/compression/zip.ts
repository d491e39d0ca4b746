/** ZIP archives of a few files that fit memory. The same files give the same bytes: no time is kept. */
import { promisify } from "node:util";
import { crc32, deflateRaw } from "node:zlib";

export interface ZipEntry {
  /** With slashes between folders. */
  name: string;
  content: string | Uint8Array;
}

const LOCAL_HEADER = 0x04034b50;
const CENTRAL_HEADER = 0x02014b50;
const END_OF_CENTRAL = 0x06054b50;
const VERSION = 20;
/** Names are UTF-8. */
const FLAGS = 0x0800;
const DEFLATE = 8;
/** 1980-01-01, the first day that the format knows. */
const FIRST_DAY = 0x0021;

const compress = promisify(deflateRaw);
const encoder = new TextEncoder();

/** The archive. Each file is compressed; sizes up to 4 GB, which is far more than a string holds. */
export async function zipArchive(entries: readonly ZipEntry[]): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const { name, content } of entries) {
    const bytes = typeof content === "string" ? encoder.encode(content) : content;
    const packed: Uint8Array = await compress(bytes);
    const path = encoder.encode(name);
    const common = [
      u16(VERSION, FLAGS, DEFLATE, 0, FIRST_DAY),
      u32(crc32(bytes), packed.length, bytes.length),
      u16(path.length, 0),
    ];
    directory.push(u32(CENTRAL_HEADER), u16(VERSION), ...common, u16(0, 0, 0), u32(0, offset), path);
    const local = [u32(LOCAL_HEADER), ...common, path, packed];
    parts.push(...local);
    offset += sizeOf(local);
  }
  const count = entries.length;
  const end = [u32(END_OF_CENTRAL), u16(0, 0, count, count), u32(sizeOf(directory), offset), u16(0)];
  return new Uint8Array(await new Blob([...parts, ...directory, ...end] as Uint8Array<ArrayBuffer>[]).arrayBuffer());
}

const u16 = (...values: number[]): Uint8Array => littleEndian(values, 2);
const u32 = (...values: number[]): Uint8Array => littleEndian(values, 4);

function littleEndian(values: readonly number[], size: 2 | 4): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.length * size));
  values.forEach((value, index) => {
    if (size === 2) view.setUint16(index * 2, value, true);
    else view.setUint32(index * 4, value, true);
  });
  return new Uint8Array(view.buffer);
}

const sizeOf = (parts: readonly Uint8Array[]): number => parts.reduce((sum, { length }) => sum + length, 0);
