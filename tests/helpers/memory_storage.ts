/** A storage in memory, for tests of what lies above storages. */
import { MpError } from "../../src/errors.ts";
import type { Storage, StoredFile } from "../../src/storage/storage.ts";

export interface MemoryStorage extends Storage {
  readonly files: Map<string, { bytes: Uint8Array; version: string }>;
}

/**
 * @param address as it is shown
 * @param options `files` are those of another that this one is to share
 */
export function memoryStorage(
  address = "mem://out",
  options: { files?: MemoryStorage["files"]; signal?: AbortSignal } = {},
): MemoryStorage {
  const { files = new Map(), signal } = options;
  const addressOf = (path: string) => `${address}/${path}`;
  const put = (path: string, bytes: Uint8Array) => void files.set(path, { bytes, version: crypto.randomUUID() });
  const info = ({ bytes, version }: { bytes: Uint8Array; version: string }) => ({ sizeBytes: bytes.length, version });

  function checked(path: string): string {
    signal?.throwIfAborted();
    if (path !== "" && !/(^|\/)\.\.?(\/|$)/.test(path)) return path;
    throw new MpError(`Cannot use ${addressOf(path)}: it names no file`, { category: "input", code: "bad_path" });
  }

  function create(path: string): StoredFile {
    const chunks: Uint8Array[] = [];
    return {
      async write(bytes) {
        await Promise.resolve(signal?.throwIfAborted());
        chunks.push(bytes.slice());
      },
      async commit() {
        await Promise.resolve(signal?.throwIfAborted());
        put(path, new Uint8Array(Buffer.concat(chunks)));
      },
      async abort() {
        await Promise.resolve(chunks.splice(0));
      },
    };
  }

  return {
    files,
    address,
    addressOf,
    // deno-lint-ignore require-await -- what fails is to fail when it is waited for
    async info(path) {
      const file = files.get(checked(path));
      return file && info(file);
    },
    async *list(prefix = "") {
      for (const path of [...files.keys()].sort()) {
        const file = files.get(path);
        if (file !== undefined && path.startsWith(prefix)) yield { path, ...info(file) };
      }
    },
    async *read(path, { start = 0, end } = {}) {
      const file = files.get(checked(path));
      if (file === undefined) {
        throw new MpError(`Cannot read ${addressOf(path)}: there is no such object`, { category: "not_found" });
      }
      for (let at = start; at < Math.min(end ?? Infinity, file.bytes.length); at += 1000) {
        signal?.throwIfAborted();
        yield file.bytes.slice(at, Math.min(at + 1000, end ?? Infinity));
      }
    },
    // deno-lint-ignore require-await -- as above
    async readText(path) {
      const file = files.get(checked(path));
      return file && new TextDecoder().decode(file.bytes);
    },
    // deno-lint-ignore require-await -- as above
    async writeText(path, text) {
      put(checked(path), new TextEncoder().encode(text));
    },
    // deno-lint-ignore require-await -- as above
    create: async (path) => create(checked(path)),
    // deno-lint-ignore require-await -- as above
    async remove(path) {
      files.delete(checked(path));
    },
  };
}
