/**
 * Signatures of macOS's executables that name nobody and only say what each page of the file must be ("ad hoc").
 *
 * Bun makes one for arm64. For x64 it leaves the signature of its own runtime in place, which is broken once a program
 * has been put into the file. macOS ends programs whose pages differ from their signature.
 */
import { createHash } from "node:crypto";

const MACH_O_64 = 0xfeedfacf;
const HEADER_BYTES = 32;
const LC_SEGMENT_64 = 0x19;
/** Fields of a segment's command. */
const MEMORY_SIZE = 32;
const FILE_OFFSET = 40;
const FILE_SIZE = 48;
const LC_CODE_SIGNATURE = 0x1d;
const SUPER_BLOB = 0xfade0cc0;
/** Of the outer blob with one part. */
const BLOB_BYTES = 20;
const CODE_DIRECTORY = 0xfade0c02;
/** The version with the executable segment, and its size without the identifier. */
const DIRECTORY_VERSION = 0x20400;
const DIRECTORY_BYTES = 88;
const AD_HOC = 0x2;
const SHA256 = 2;
const SHA256_BYTES = 32;
const PAGE_BITS = 12;
const MAIN_BINARY = 1n;

interface SignaturePlace {
  offset: number;
  size: number;
}

/** Whether each page of the file is what its signature says; undefined for a file that has none. */
export function isSignatureWhole(file: Uint8Array): boolean | undefined {
  const place = signaturePlace(file);
  if (place === undefined) return undefined;
  const view = viewOf(file);
  const directory = directoryOf(view, place);
  if (directory === undefined) return false;
  const hashes = view.getUint32(directory + 16);
  const count = view.getUint32(directory + 28);
  const limit = view.getUint32(directory + 32);
  const [hashBytes, kind, , pageBits] = file.subarray(directory + 36, directory + 40);
  if (kind !== SHA256 || hashBytes !== SHA256_BYTES) return false;
  const pages = pageHashes(file.subarray(0, limit), pageBits!);
  const stored = file.subarray(directory + hashes, directory + hashes + count * SHA256_BYTES);
  return Buffer.compare(pages, stored) === 0;
}

/** The file with an ad hoc signature in place of the one that it has. */
export function signedAdHoc(file: Uint8Array, identifier: string): Uint8Array {
  const place = signaturePlace(file);
  if (place === undefined || place.offset + place.size !== file.length) {
    throw new Error("Cannot sign the executable: no signature is at its end");
  }
  const name = new TextEncoder().encode(`${identifier}\0`);
  const pageCount = Math.ceil(place.offset / 2 ** PAGE_BITS);
  const hashes = DIRECTORY_BYTES + name.length;
  const directoryBytes = hashes + pageCount * SHA256_BYTES;
  const signatureBytes = roundUp(BLOB_BYTES + directoryBytes, 16);
  const signed = new Uint8Array(place.offset + signatureBytes);
  signed.set(file.subarray(0, place.offset));
  makeRoom(signed, signatureBytes);

  const text = segment(signed, "__TEXT");
  const view = viewOf(signed);
  const directory = place.offset + BLOB_BYTES;
  // The outer blob with one part, at slot 0: the code directory.
  const blob = [SUPER_BLOB, BLOB_BYTES + directoryBytes, 1, 0, BLOB_BYTES];
  blob.forEach((word, index) => view.setUint32(place.offset + index * 4, word));
  [CODE_DIRECTORY, directoryBytes, DIRECTORY_VERSION, AD_HOC, hashes, DIRECTORY_BYTES, 0, pageCount, place.offset]
    .forEach((word, index) => view.setUint32(directory + index * 4, word));
  signed.set([SHA256_BYTES, SHA256, 0, PAGE_BITS], directory + 36);
  view.setBigUint64(directory + 64, view.getBigUint64(text + FILE_OFFSET, true));
  view.setBigUint64(directory + 72, view.getBigUint64(text + FILE_SIZE, true));
  view.setBigUint64(directory + 80, MAIN_BINARY);
  signed.set(name, directory + DIRECTORY_BYTES);
  signed.set(pageHashes(signed.subarray(0, place.offset), PAGE_BITS), directory + hashes);
  return signed;
}

/** Tells the header of a file how long its signature is, and the last segment, which holds it. */
function makeRoom(file: Uint8Array, signatureBytes: number): void {
  const view = viewOf(file);
  const command = commandsOf(file).find(({ kind }) => kind === LC_CODE_SIGNATURE)!;
  view.setUint32(command.at + 12, signatureBytes, true);
  const last = segment(file, "__LINKEDIT");
  const bytes = file.length - Number(view.getBigUint64(last + FILE_OFFSET, true));
  view.setBigUint64(last + FILE_SIZE, BigInt(bytes), true);
  view.setBigUint64(last + MEMORY_SIZE, BigInt(roundUp(bytes, 2 ** PAGE_BITS)), true);
}

function roundUp(count: number, step: number): number {
  return Math.ceil(count / step) * step;
}

function pageHashes(code: Uint8Array, pageBits: number): Uint8Array {
  const pageBytes = 2 ** pageBits;
  const hashes = new Uint8Array(Math.ceil(code.length / pageBytes) * SHA256_BYTES);
  for (let page = 0; page * pageBytes < code.length; page++) {
    const bytes = code.subarray(page * pageBytes, (page + 1) * pageBytes);
    hashes.set(createHash("sha256").update(bytes).digest(), page * SHA256_BYTES);
  }
  return hashes;
}

function signaturePlace(file: Uint8Array): SignaturePlace | undefined {
  const command = commandsOf(file).find(({ kind }) => kind === LC_CODE_SIGNATURE);
  if (command === undefined) return undefined;
  const view = viewOf(file);
  return { offset: view.getUint32(command.at + 8, true), size: view.getUint32(command.at + 12, true) };
}

/** Where the directory of page hashes begins in the file. */
function directoryOf(view: DataView, { offset }: SignaturePlace): number | undefined {
  if (view.getUint32(offset) !== SUPER_BLOB) return undefined;
  for (let part = 0; part < view.getUint32(offset + 8); part++) {
    const at = offset + view.getUint32(offset + 16 + part * 8);
    if (view.getUint32(at) === CODE_DIRECTORY) return at;
  }
  return undefined;
}

/** Where the command for a segment is. */
function segment(file: Uint8Array, wanted: string): number {
  for (const { kind, at } of commandsOf(file)) {
    const name = new TextDecoder().decode(file.subarray(at + 8, at + 24)).replace(/\0+$/, "");
    if (kind === LC_SEGMENT_64 && name === wanted) return at;
  }
  throw new Error(`Cannot sign the executable: it has no segment ${wanted}`);
}

function commandsOf(file: Uint8Array): { kind: number; at: number }[] {
  const view = viewOf(file);
  if (file.length < HEADER_BYTES || view.getUint32(0, true) !== MACH_O_64) return [];
  const commands: { kind: number; at: number }[] = [];
  let at = HEADER_BYTES;
  for (let left = view.getUint32(16, true); left > 0; left--) {
    commands.push({ kind: view.getUint32(at, true), at });
    at += view.getUint32(at + 4, true);
  }
  return commands;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
