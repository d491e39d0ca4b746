/** Archives whose bytes follow from their content alone: no clock, no owner, no order of a file system. */
import process from "node:process";
import { gzipSync } from "node:zlib";
import { zipSync } from "fflate";

/** A file of an archive. */
export interface ArchiveFile {
  /** With `/` between names; folders follow from it. */
  path: string;
  content: Uint8Array;
  isExecutable?: boolean;
  /** Where a symbolic link leads; the content is then empty. */
  linkTo?: string;
}

const BLOCK = 512;
const encoder = new TextEncoder();

/** Text as the bytes of a file. */
export function textFile(path: string, text: string, options: { isExecutable?: boolean } = {}): ArchiveFile {
  return { path, content: encoder.encode(text), ...options };
}

/** A tar of the files in the order of their paths, with the folders that they need. `seconds` is every entry's time. */
export function tar(files: readonly ArchiveFile[], seconds: number): Uint8Array {
  const blocks: Uint8Array[] = [];
  for (const folder of foldersOf(files)) {
    blocks.push(tarHeader({ path: `${folder}/`, size: 0, mode: 0o755, type: "5" }, seconds));
  }
  for (const file of [...files].sort(byPath)) {
    const mode = file.isExecutable ? 0o755 : 0o644;
    const type = file.linkTo === undefined ? "0" : "2";
    const { path, linkTo, content } = file;
    blocks.push(tarHeader({ path, size: content.length, mode, type, linkTo }, seconds), content);
    blocks.push(new Uint8Array((BLOCK - content.length % BLOCK) % BLOCK));
  }
  blocks.push(new Uint8Array(2 * BLOCK));
  return join(blocks);
}

/** The same, compressed. The header of gzip names no time and no system. `level` is from 1, quick, to 9, small. */
export function tarGz(files: readonly ArchiveFile[], seconds: number, level = 9): Uint8Array {
  const compressed = new Uint8Array(gzipSync(tar(files, seconds), { level }));
  compressed[9] = 0xff;
  return compressed;
}

/** The outer archive of a Debian package. */
export function ar(files: readonly ArchiveFile[], seconds: number): Uint8Array {
  const parts: Uint8Array[] = [encoder.encode("!<arch>\n")];
  for (const { path, content } of files) {
    const fields = [path.padEnd(16), String(seconds).padEnd(12), "0".padEnd(6), "0".padEnd(6), "100644".padEnd(8)];
    parts.push(encoder.encode(`${fields.join("")}${String(content.length).padEnd(10)}\`\n`), content);
    if (content.length % 2 === 1) parts.push(encoder.encode("\n"));
  }
  return join(parts);
}

function tarHeader(
  { path, size, mode, type, linkTo = "" }: { path: string; size: number; mode: number; type: string; linkTo?: string },
  seconds: number,
): Uint8Array {
  if (encoder.encode(path).length > 100) throw new Error(`Cannot put ${path} into a tar: its path has over 100 bytes`);
  const header = new Uint8Array(BLOCK);
  const put = (text: string, at: number) => header.set(encoder.encode(text), at);
  const octal = (value: number, width: number) => value.toString(8).padStart(width - 1, "0") + "\0";
  put(path, 0);
  put(octal(mode, 8), 100);
  put(octal(0, 8), 108);
  put(octal(0, 8), 116);
  put(octal(size, 12), 124);
  put(octal(seconds, 12), 136);
  put(" ".repeat(8), 148);
  put(type, 156);
  put(linkTo, 157);
  put("ustar\u000000", 257);
  put("root", 265);
  put("root", 297);
  put(octal(header.reduce((sum, byte) => sum + byte, 0), 7) + " ", 148);
  return header;
}

/** All folders above the files, the outer before the inner. */
function foldersOf(files: readonly ArchiveFile[]): string[] {
  const folders = new Set<string>();
  for (const { path } of files) {
    for (let at = path.indexOf("/"); at > 0; at = path.indexOf("/", at + 1)) folders.add(path.slice(0, at));
  }
  return [...folders].filter((folder) => folder !== ".").sort();
}

function byPath(one: ArchiveFile, other: ArchiveFile): number {
  return one.path < other.path ? -1 : 1;
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/**
 * A zip of the files. Its times have no zone and begin in 1980; all entries carry `seconds` as UTC.
 *
 * The library takes the fields of the local time, and not every UTC time of day exists on every day elsewhere: so
 * this process is in UTC for as long as it takes.
 */
export function zip(files: readonly ArchiveFile[], seconds: number): Uint8Array {
  const { TZ: zone } = process.env;
  process.env.TZ = "UTC";
  try {
    const mtime = new Date(seconds * 1000);
    return zipSync(
      Object.fromEntries(files.map(({ path, content, isExecutable }) => {
        const mode = isExecutable ? 0o100755 : 0o100644;
        return [path, [content, { mtime, level: 9, os: 3, attrs: (mode << 16) >>> 0 }]];
      })),
    );
  } finally {
    if (zone === undefined) delete process.env.TZ;
    else process.env.TZ = zone;
  }
}
