/** Objects of a bucket as sources. */
import { inputError, MpError } from "../../errors.ts";
import { concatenate } from "../../streams/chunks.ts";
import type { RecordSource } from "./record_source.ts";
import { backendOf } from "../../storage/registry.ts";
import type { Storage, StoredInfo } from "../../storage/storage.ts";
import { LakeTables } from "./tables/lake_tables.ts";
import type { TablePlace } from "./tables/table_place.ts";
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
  const withPathColumns = async (source: RecordSource): Promise<RecordSource> =>
    source.tableColumns ? source : { ...source, columns: await columnsOf(pathOf(storage, source.name)) };
  if (info !== undefined) {
    const tables = new LakeTables(objectTables(storage, []));
    for await (const source of tables.only(chosen(storage, [{ path, ...info }]), undefined, onSkip)) {
      yield await withPathColumns(source);
    }
    return;
  }
  const wild = parts.findIndex(isPattern);
  const fixed = (wild < 0 ? parts : parts.slice(0, wild)).map((part) => `${part}/`).join("");
  const pattern = wild < 0 ? undefined : patternOf(parts.slice(wild).join("/"));
  const listed: ListedObject[] = [];
  for await (const object of storage.list(fixed)) listed.push(object);
  const taken = listed.filter(({ path: found }) => {
    const below = found.slice(fixed.length);
    if (below === "" || below.endsWith("/") || pattern !== undefined && !pattern.test(below)) return false;
    const reason = pattern === undefined ? reasonBelow(below) : undefined;
    if (reason !== undefined) onSkip(storage.addressOf(found), reason);
    return reason === undefined;
  });
  const tables = new LakeTables(objectTables(storage, listed, fixed));
  const folder = pattern === undefined ? fixed.slice(0, -1) : undefined;
  let count = 0;
  for await (const source of tables.only(chosen(storage, taken), folder, onSkip)) {
    count++;
    yield { ...await withPathColumns(source), isFound: true };
  }
  if (count > 0) return;
  throw inputError(
    `Cannot read ${address}: ${pattern ? "no object matches it" : "no such object"}`,
    undefined,
    "no_match",
  );
}

const pathOf = (storage: Storage, address: string): string =>
  address.slice(storage.addressOf("").replace(/\/$/, "").length + 1);

type ListedObject = { path: string } & StoredInfo;

async function* chosen(storage: Storage, objects: readonly ListedObject[]): AsyncGenerator<RecordSource, void> {
  for (const { path, ...info } of objects) yield objectSource(storage, path, info);
}

/**
 * Tables in a bucket.
 *
 * @param listed all objects below `prefix`, which are not asked for again
 */
function objectTables(storage: Storage, listed: readonly ListedObject[], prefix?: string): TablePlace {
  const folders = new Set<string>();
  for (const { path } of listed) {
    for (let end = path.lastIndexOf("/"); end > 0; end = path.lastIndexOf("/", end - 1)) {
      const folder = path.slice(0, end);
      if (folders.has(folder)) break;
      folders.add(folder);
    }
  }
  return {
    addressOf: (path) => storage.addressOf(path),
    pathOf: (address) => pathOf(storage, address),
    async hasFolder(path) {
      if (prefix !== undefined && `${path}/`.startsWith(prefix)) return folders.has(path);
      try {
        for await (const { path: first } of storage.list(`${path}/`)) return first.startsWith(`${path}/`);
      } catch (error) {
        // expected: auth, for who may read some folders of a bucket only: nothing says then that there is a table
        if (!(error instanceof MpError && error.category === "auth")) throw error;
      }
      return false;
    },
    async names(folder) {
      const names: string[] = [];
      for await (const { path } of storage.list(`${folder}/`)) {
        const name = path.slice(folder.length + 1);
        if (!name.includes("/")) names.push(name);
      }
      return names;
    },
    async source(path) {
      const info = await storage.info(path);
      return info === undefined ? undefined : objectSource(storage, path, info);
    },
  };
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
