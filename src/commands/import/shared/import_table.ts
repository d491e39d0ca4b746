/** `mp import --kind lookup-table`: replaces a lookup table by the rows of a file of any format. */
import { call } from "../../../api/call.ts";
import { replaceLookupTable } from "../../../api/lookup_tables.ts";
import { confirmInProject } from "../../../cli/confirm_in_project.ts";
import type { Context } from "../../../cli/context.ts";
import { asksForResult } from "../../../cli/format_choice.ts";
import { inputError } from "../../../errors.ts";
import { readRecords } from "../../../records/read/read_records.ts";
import type { ReadColumn } from "../../../records/read/read_rows.ts";
import { formatOfName } from "../../../records/read/formats.ts";
import { readLookupTable } from "../../../jobs/lookup_table.ts";
import type { RecordSource } from "../../../records/read/record_source.ts";
import { tableAsCsv } from "../../../records/map/table_as_csv.ts";
import { formatNumber } from "../../../output/format.ts";
import { type ImportInput, readOptions } from "./import_flags.ts";

/**
 * Imports a lookup table, or with `--check` only reads it by all rules that are known. Mixpanel takes a table whole or not at
 * all, so that nothing is rejected row by row. Returns the exit code.
 */
export async function importTable(
  context: Context,
  input: ImportInput,
  sources: readonly RecordSource[],
): Promise<number> {
  const [source, ...others] = sources as [RecordSource, ...RecordSource[]];
  if (others.length > 0) throw inputError("Cannot import several files: a lookup table is one", "name one file");
  const { signal } = context;
  const format = input.input_format ?? formatOfName(source.name);
  const isTable = (format === "csv" || format === "tsv") && input.columns === undefined && input.header;
  const delimiter = input.delimiter?.replace("\\t", "\t") ?? (format === "tsv" ? "\t" : undefined);
  const { csv, columns, rows } = isTable
    ? await readLookupTable(source, signal, { delimiter, nulls: input.null })
    : await readLookupTable(rewritten(source, input, signal), signal, { isPlain: true });
  if (input.check) {
    await context.note(`Checked ${formatNumber(rows)} rows of ${columns.join(", ")}: the table can be imported`);
    const data = { rows, columns, bytes: csv.length };
    if (asksForResult(context)) await context.print({ text: JSON.stringify(data), data });
    return 0;
  }
  const id = input.table as string;
  const client = await context.client();
  if (!context.globals.dryRun) {
    await confirmInProject(
      context,
      `Replace all rows of lookup table ${id} by the ${formatNumber(rows)} of ${source.name}?`,
    );
  }
  const answer = await call(client, replaceLookupTable, { id, csv }, { signal });
  await context.note(`Replaced lookup table ${id}: ${formatNumber(rows)} rows of ${columns.join(", ")}`);
  if (asksForResult(context)) await context.print(answer);
  return 0;
}

/** Records of any format as CSV. Values stay as they are written: `007` is no 7. */
function rewritten(source: RecordSource, input: ImportInput, signal: AbortSignal): RecordSource {
  let columns: readonly string[] | undefined;
  const options = {
    ...readOptions(input, {}),
    inferTypes: false,
    signal,
    onColumns: (_source: RecordSource, found: readonly ReadColumn[]) => void (columns = found.map(({ name }) => name)),
  };
  return { name: source.name, open: () => tableAsCsv(readRecords([source], options), () => columns) };
}
