/** Objects of a bucket as sources. */
import { inputError } from "../../errors.ts";
import { concatenate } from "../../streams/chunks.ts";
import type { RecordSource } from "./record_source.ts";
import { backendOf } from "../../storage/registry.ts";
import type { Storage, StoredInfo } from "../../storage/storage.ts";
import { pathColumnFinder } from "./path_columns.ts";
import { isPattern, type OnSkip, patternOf, reasonToSkip } from "./read_folders.ts";

/**
 * The object of this address, or all below it as if it were a folder, or all that match the pattern in it.
 *
 * @throws MpError (input) when there is none.
 */
export async function* objectSources(
  address: string,
  openStorage: (address: string) => Promise<Storage>,
  onSkip: OnSkip,
): AsyncGenerator<RecordSource, void> {
  const { storage: root, path } = backendOf(address).root(address);
  const storage = await openStorage(root);
  const columnsOf = pathColumnFinder(async (path) => await storage.info(path.replace(/^\.\//, "")) !== undefined);
  const parts = path.split("/").filter((part) => part !== "");
  const info = path === "" || address.endsWith("/") ? undefined : await storage.info(path);
  if (info !== undefined) return yield { ...objectSource(storage, path, info), columns: await columnsOf(path) };
  const wild = parts.findIndex(isPattern);
  const fixed = (wild < 0 ? parts : parts.slice(0, wild)).map((part) => `${part}/`).join("");
  const pattern = wild < 0 ? undefined : patternOf(parts.slice(wild).join("/"));
  let count = 0;
  for await (const { path: found, ...stored } of storage.list(fixed)) {
    const below = found.slice(fixed.length);
    if (below === "" || below.endsWith("/")) continue;
    if (pattern !== undefined && !pattern.test(below)) continue;
    const reason = pattern === undefined ? reasonBelow(below) : undefined;
    if (reason !== undefined) {
      onSkip(storage.addressOf(found), reason);
      continue;
    }
    count++;
    yield { ...objectSource(storage, found, stored), isFound: true, columns: await columnsOf(found) };
  }
  if (count > 0) return;
  throw inputError(
    `Cannot read ${address}: ${pattern ? "no object matches it" : "no such object"}`,
    undefined,
    "no_match",
  );
}

function reasonBelow(path: string): string | undefined {
  const names = path.split("/");
  for (const [index, name] of names.entries()) {
    const reason = reasonToSkip(name, index < names.length - 1);
    if (reason !== undefined) return reason;
  }
}

function objectSource(storage: Storage, path: string, { sizeBytes, version }: StoredInfo): RecordSource {
  const address = storage.addressOf(path);
  return {
    name: address,
    sizeBytes,
    identity: { address, sizeBytes, version },
    open: () => storage.read(path),
    async slice(start, end) {
      // The reader may use its memory again.
      const chunks: Uint8Array[] = [];
      for await (const chunk of storage.read(path, { start, end })) chunks.push(chunk.slice());
      return concatenate(chunks);
    },
  };
}
