/** Cases of every target, each from its own seed. */
import { type Random, seededRandom } from "../helpers/random.ts";
import { fuzzCsvTables } from "./targets/csv_tables.ts";
import { fuzzDamagedFiles } from "./targets/damaged_files.ts";
import { fuzzDaysAndCopies } from "./targets/days_and_copies.ts";
import { fuzzExportLines } from "./targets/export_lines.ts";
import { fuzzImportedEvents } from "./targets/imported_events.ts";
import { fuzzParquetTables } from "./targets/parquet_tables.ts";
import { fuzzProfilePages } from "./targets/profile_pages.ts";
import { fuzzReadCsv } from "./targets/read_csv.ts";
import { fuzzReadJson } from "./targets/read_json.ts";
import { fuzzStoredExport } from "./targets/stored_export.ts";
import { fuzzTrimmedEvents } from "./targets/trimmed_events.ts";

/** Each makes one case and throws when what it should find out is not so. */
export const TARGETS: Readonly<Record<string, (random: Random) => Promise<void>>> = {
  export_lines: fuzzExportLines,
  stored_export: fuzzStoredExport,
  imported_events: fuzzImportedEvents,
  days_and_copies: fuzzDaysAndCopies,
  csv_tables: fuzzCsvTables,
  parquet_tables: fuzzParquetTables,
  profile_pages: fuzzProfilePages,
  trimmed_events: fuzzTrimmedEvents,
  read_json: fuzzReadJson,
  read_csv: fuzzReadCsv,
  damaged_files: fuzzDamagedFiles,
};

/** No case takes nearly as long: what does, hangs. */
const CASE_LIMIT_MS = 20_000;

/** Runs one case. Throws with the way to repeat it. */
export async function runCase(target: string, seed: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    await Promise.race([
      TARGETS[target]!(seededRandom(seed)),
      new Promise((_, reject) => timer = setTimeout(() => reject(new Error("It hangs")), CASE_LIMIT_MS)),
    ]);
  } catch (error) {
    const repeat = `bun tests/fuzz/run.ts --target ${target} --seed ${seed} --cases 1`;
    throw new Error(`${(error as Error).stack}\nTo repeat: ${repeat}`, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

/** A seed that nobody has chosen. Cases take it and the numbers after it. */
export function anySeed(): number {
  return Math.floor(Math.random() * 1e9);
}
