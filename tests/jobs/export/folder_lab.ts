/** What the tests of exports to folders share. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach } from "node:test";
import { gunzipSync } from "node:zlib";
import type { Manifest } from "../../../src/jobs/export/manifest.ts";
import { chooseFormat } from "../../../src/jobs/export/output_format.ts";
import type { ExportQuery } from "../../../src/jobs/export/query.ts";
import type { ExportSummary } from "../../../src/jobs/export/summary.ts";
import type { FolderExport } from "../../../src/jobs/export/folder_export.ts";
import { exportToFolder } from "../../../src/jobs/export/to_folder.ts";
import { localStorage } from "../../../src/storage/files/local.ts";
import { temporaryFolder } from "../../helpers/temporary_folder.ts";
import { type ExportLab, openExportLab } from "./export_lab.ts";

export const range = (from: number, to: number): ExportQuery => ({
  from: `2026-01-${String(from).padStart(2, "0")}`,
  to: `2026-01-${String(to).padStart(2, "0")}`,
});

export type Wishes = Partial<Omit<FolderExport, "output">> & {
  format?: string;
  compression?: "none" | "gzip" | "zstd";
  columns?: string[];
  tableLayout?: "columns" | "json";
  dedupe?: boolean;
  columnNames?: "mixpanel" | "safe";
  split?: "day" | "week" | "month" | "none";
  hive?: boolean;
};

/** What a test file needs, with a folder of its own; to be made once for each file. */
export function openFolderLab() {
  const folder = temporaryFolder();
  const labs: ExportLab[] = [];
  afterEach(() => Promise.all(labs.splice(0).map((lab) => lab.stop())));
  let folders = 0;
  const openLab = (): ExportLab => {
    const lab = openExportLab();
    labs.push(lab);
    return lab;
  };
  const newFolder = () => folder.path(`out-${++folders}`);
  const exported = async (
    lab: ExportLab,
    path: string,
    query: ExportQuery,
    wishes: Wishes = {},
  ): Promise<ExportSummary> => {
    const { format, compression, columns, tableLayout, columnNames, dedupe, split = "day", hive = false, ...rest } =
      wishes;
    const form = {
      format,
      compression,
      columns,
      tableLayout,
      columnNames,
      dedupe,
      defaultCompression: "gzip" as const,
    };
    return await exportToFolder(lab.client, query, {
      storage: localStorage(path),
      stateFolder: join(path, ".mp-export"),
      locksFolder: folder.path("locks"),
      output: { ...chooseFormat(form), split, hive },
      clock: lab.clock,
      generator: "mp test",
      concurrency: 1,
      ...rest,
    });
  };
  return { folder, openLab, newFolder, exported };
}

export const visible = (path: string) => readdirSync(path).filter((name) => !name.startsWith(".")).sort();
export const manifestOf = (path: string) =>
  JSON.parse(readFileSync(join(path, "_mp_manifest.json"), "utf8")) as Manifest & { mp_export: number };
export const unzipped = (...parts: string[]) => gunzipSync(readFileSync(join(...parts))).toString();
