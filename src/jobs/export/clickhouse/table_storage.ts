/** A table of days as the storage of an export: a day's rows are a file, and the manifest is in a table beside it. */
import type { Storage, StoredFile, StoredInfo } from "../../../storage/storage.ts";
import { MANIFEST_NAME } from "../manifest.ts";
import { canBeLeft } from "./row_loss.ts";
import type { TableDays } from "./table_days.ts";

export interface TableStorageOptions {
  days: TableDays;
  /** The address as it was typed. */
  address: string;
  /** The path that a day has in the manifest, and back. */
  pathOf(day: string): string;
  dayOf(path: string): string;
}

export class TableStorage implements Storage {
  readonly address: string;
  readonly #options: TableStorageOptions;
  /** How many rows the days have by the manifest, which alone knows of days without any. */
  #listed: ReadonlyMap<string, number> = new Map();

  constructor(options: TableStorageOptions) {
    this.#options = options;
    this.address = options.address;
  }

  addressOf(path: string): string {
    return `${this.address} (${path})`;
  }

  /** The day of a path in the manifest. */
  dayOf(path: string): string {
    return this.#options.dayOf(path);
  }

  async info(path: string): Promise<StoredInfo | undefined> {
    for await (const { path: found, ...info } of this.list()) if (found === path) return info;
    return undefined;
  }

  /** The size of a day is the number of its rows. */
  async *list(prefix = ""): AsyncGenerator<{ path: string } & StoredInfo> {
    const { days, pathOf } = this.#options;
    const counts = await days.counts();
    const sizes = new Map([...counts].map(([day, rows]) => [pathOf(day), rows]));
    for (const [path, rows] of this.#listed) {
      const found = sizes.get(path) ?? 0;
      if (rows === 0 ? found === 0 : found < rows && canBeLeft(found, rows, await days.rowLoss())) {
        sizes.set(path, rows);
      }
    }
    for (const [path, sizeBytes] of [...sizes].sort(([one], [other]) => one < other ? -1 : 1)) {
      if (path.startsWith(prefix)) yield { path, sizeBytes, version: String(sizeBytes) };
    }
  }

  async readText(path: string): Promise<string | undefined> {
    const text = await this.#options.days.kept(path);
    if (text !== undefined) this.#listed = rowsIn(text);
    return text;
  }

  async writeText(path: string, text: string): Promise<void> {
    await this.#options.days.keep(path, text);
    this.#listed = rowsIn(text);
  }

  async remove(path: string): Promise<void> {
    if (path === MANIFEST_NAME) return await this.#options.days.forget();
    await this.#options.days.remove(this.#options.dayOf(path));
  }

  read(): AsyncIterable<Uint8Array> {
    throw new Error("a table has no files");
  }

  create(): Promise<StoredFile> {
    throw new Error("a table has no files");
  }
}

function rowsIn(manifest: string): Map<string, number> {
  const { files = [] } = JSON.parse(manifest) as { files?: { path: string; bytes: number }[] };
  return new Map(files.map(({ path, bytes }) => [path, bytes]));
}
