/** Makes a file of a folder from the slices of its days. */
import { checksum } from "../../runtime/checksum.ts";
import { readFileViews } from "../../runtime/files/file_views.ts";
import { removeFile } from "../../runtime/files/files.ts";
import type { Storage, StoredFile } from "../../storage/storage.ts";
import { writeWhole } from "../../storage/write_whole.ts";
import type { ManifestFile } from "./manifest.ts";
import type { OutputFormat } from "./output_format.ts";
import type { TableSchema } from "../../streams/table/table_schema.ts";
import { encoded, isStoredSo, rendered, type RenderOptions, WHOLE_FILE } from "./render.ts";
import type { SpooledSlice } from "./spool.ts";

/** What tells the content of a file from another. */
export type FileContent = Pick<ManifestFile, "bytes" | "crc32">;

export interface WriteContentOptions extends RenderOptions {
  /** Whether the file has this content already; it is then left as it is. */
  isThere(content: FileContent): boolean;
}

/** Writes the file whole, under its name. A slice that is the file is not copied: it gets the name. */
export async function writeContent(
  storage: Storage,
  path: string,
  slices: readonly SpooledSlice[],
  output: OutputFormat,
  options: WriteContentOptions,
): Promise<FileContent> {
  const [slice] = slices;
  if (slice !== undefined && slices.length === 1 && isStoredSo(slice.encoding, output)) {
    const content = { bytes: slice.storedBytes, crc32: slice.crc32 };
    if (options.isThere(content) || await storage.adopt?.(slice.path, path)) return content;
  }
  const write = (file: StoredFile) => takeAll(file, rendered(slices, output, WHOLE_FILE, options));
  return await writeWhole(await storage.create(path), write, (content) => !options.isThere(content));
}

/** Gives a file of this machine, which is of no other use, its place and name. */
export async function moveContent(storage: Storage, from: string, path: string): Promise<void> {
  if (await storage.adopt?.(from, path)) return;
  await writeWhole(await storage.create(path), (file) => takeAll(file, readFileViews(from)));
  await removeFile(from);
}

/** Writes lines as a table, whole, in place of the file that is there. */
export async function writeTable(
  storage: Storage,
  path: string,
  lines: AsyncIterable<Uint8Array>,
  output: OutputFormat,
  schema: TableSchema,
): Promise<FileContent> {
  const write = (file: StoredFile) => takeAll(file, encoded(lines, output, WHOLE_FILE, { schema }));
  return await writeWhole(await storage.create(path), write);
}

async function takeAll(file: StoredFile, source: AsyncIterable<Uint8Array>): Promise<FileContent> {
  const sum = checksum();
  let bytes = 0;
  for await (const chunk of source) {
    sum.update(chunk);
    bytes += chunk.length;
    await file.write(chunk);
  }
  return { bytes, crc32: sum.hex() };
}
