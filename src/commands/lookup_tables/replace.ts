import { z } from "zod";
import { call } from "../../api/call.ts";
import { replaceLookupTable } from "../../api/lookup_tables.ts";
import { text } from "../../api/params.ts";
import { command } from "../../cli/command.ts";
import { confirmInProject } from "../../cli/confirm_in_project.ts";
import type { Context } from "../../cli/context.ts";
import { asksForResult } from "../../cli/format_choice.ts";
import { checkEither } from "../../cli/whole_body.ts";
import { inputError } from "../../errors.ts";
import { readLookupTable } from "../../jobs/lookup_table.ts";
import { openSource } from "../../records/read/open_sources.ts";
import type { RecordSource } from "../../records/read/record_source.ts";
import { formatNumber } from "../../output/format.ts";

/** @throws MpError (input) for a line alone: it is hardly a table's header, and rather the name of a file. */
async function openData(data: string, standardInput: Context["stdin"]): Promise<RecordSource> {
  if (data === "-" || data.startsWith("@")) return await openSource(data.replace(/^@/, ""), standardInput);
  if (/[\r\n]/.test(data)) return { name: "--data", open: () => new Blob([data]).stream() };
  throw inputError(
    `Cannot use --data ${JSON.stringify(data)}: a table has a header and rows`,
    "name a file as it is, or as --data @FILE",
    "bad_data",
  );
}

export default command({
  description:
    "The first line names the columns, and the first column is the key that joins the table to a property. Mixpanel " +
    "takes all rows or none, so they are checked before: keys must be there and differ, and every row must have as many " +
    "fields as the header. At most 100 MB, and 100 replacements a day. New tables are made in Mixpanel's web interface.",
  examples: [
    {
      text: "A file, plain or gzip",
      run: "mp lookup-tables replace 5a1c3f7e-2b4d-4e6f-8a90-b1c2d3e4f506 products.csv --yes",
    },
  ],
  operations: [replaceLookupTable],
  args: ["id", "file"],
  input: z.object({
    id: replaceLookupTable.params.shape.id,
    file: text("The table as CSV, plain or gzip; - is standard input", { placeholder: "FILE" }).optional(),
    data: text("The table's CSV itself, @FILE or - for standard input, in place of FILE", { placeholder: "CSV" })
      .optional(),
  }),
  async run(context, { id, file, data }) {
    checkEither("replace a lookup table", data, { "<file>": file });
    const source = data === undefined ? await openSource(file!, context.stdin) : await openData(data, context.stdin);
    const { csv, columns, rows } = await readLookupTable(source, context.signal);
    await confirmInProject(
      context,
      `Replace all rows of lookup table ${id} by the ${formatNumber(rows)} of ${source.name}?`,
    );
    const answer = await call(await context.client(), replaceLookupTable, { id, csv }, { signal: context.signal });
    await context.note(`Replaced lookup table ${id}: ${formatNumber(rows)} rows of ${columns.join(", ")}`);
    if (asksForResult(context)) await context.print(answer);
  },
});
