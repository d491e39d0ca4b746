/** How imports are shown, in every command that has them. */
import type { Operation } from "../../../api/operation.ts";
import { formatSchedule, type warehouseImport } from "../../../api/warehouse.ts";
import type { Command, Example } from "../../../cli/command.ts";
import { operationCommand, type Presentation } from "../../../cli/operation_command.ts";
import { stringifyJson } from "../../../streams/json/json.ts";
import type { z } from "zod";

type WarehouseImport = z.output<typeof warehouseImport>;

export const SCHEDULE_HELP =
  "An import runs every hour (1h), day (1d) or week (7d), or only by 'mp warehouse run' (manual).";

/** One row for each import, with its schedule in words. */
export function presentImports(imports: readonly WarehouseImport[]): Presentation {
  return {
    rows: imports.map((one) => ({
      ...one,
      table: one.table_params ? stringifyJson(one.table_params) : "",
      runs: one.paused ? "paused" : formatSchedule(one.run_every),
    })),
    columns: [{ key: "id", identifier: true }, "import_type", "sync_mode", "runs", "warehouse_source_id", "table"],
  };
}

/** An import that was made or changed. */
export const presentImport = (one: WarehouseImport): Presentation => presentImports([one]);

/** A command that makes an import of one kind. */
export function importCommand<P extends z.ZodObject>(
  operation: Operation<P, typeof warehouseImport>,
  example: Example,
): Command<P> {
  return operationCommand(operation, {
    description: SCHEDULE_HELP,
    // It follows from the kind.
    omit: ["import_type" as keyof z.output<P> & string],
    examples: [example],
    present: presentImport,
  });
}
