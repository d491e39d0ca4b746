/** An export into a table of ClickHouse, day by day: as one to a folder, whose files are the partitions of the table. */
import type { Client } from "../../client/types.ts";
import type { ClickHouseServer } from "../../engines/clickhouse_server.ts";
import type { EngineAddress } from "../../engines/engine_address.ts";
import { MpError } from "../../errors.ts";
import type { TableSchema } from "../../streams/table/table_schema.ts";
import { loadDay } from "./clickhouse/load_day.ts";
import { TableDays } from "./clickhouse/table_days.ts";
import { TableStorage } from "./clickhouse/table_storage.ts";
import { extensionOf, type OutputFormat } from "./output_format.ts";
import type { ExportQuery } from "./query.ts";
import { pathColumn, type Split } from "./split.ts";
import type { ExportSummary } from "./summary.ts";
import type { FolderExport } from "./folder_export.ts";
import { exportToFolder } from "./to_folder.ts";

export interface TableTarget {
  server: ClickHouseServer;
  address: EngineAddress;
  split: Split;
  output: OutputFormat;
  signal: AbortSignal;
  note?(line: string): Promise<void> | void;
}

/** A table as a folder with a file for each day. */
export function tableFolder({ server, address, split, output, signal, note }: TableTarget): {
  storage: TableStorage;
  days: TableDays;
} {
  const [table = "", database] = address.table.toReversed();
  const partition = { name: pathColumn(split), isDay: split !== "month" };
  const days = new TableDays({
    server,
    shown: address.shown,
    table,
    database,
    partition,
    isOfDays: split === "day",
    signal,
    note,
  });
  const end = `/events${extensionOf(output)}`;
  const storage = new TableStorage({
    days,
    address: address.shown,
    pathOf: (day) => `${partition.name}=${day}${end}`,
    dayOf: (path) => path.slice(partition.name.length + 1, -end.length),
  });
  return { storage, days };
}

/** @throws MpError as `exportToFolder`, and of the engine */
export async function exportToTable(
  client: Client,
  query: ExportQuery,
  { storage, days }: ReturnType<typeof tableFolder>,
  job: Omit<FolderExport, "storage" | "writeContent">,
): Promise<ExportSummary> {
  try {
    const summary = await exportToFolder(client, query, {
      ...job,
      storage,
      writeContent: (_storage, path, slices, output, options) =>
        loadDay({ days, ...job }, storage.dayOf(path), slices, output, {
          ...options,
          schema: options.schema as TableSchema,
        }),
    });
    await days.finish();
    return summary;
  } catch (error) {
    if (!(error instanceof MpError) || error.hint === undefined) throw error;
    throw new MpError(error.message, { ...error, hint: error.hint.replaceAll("folder", "table"), cause: error });
  }
}
