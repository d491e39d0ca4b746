import { z } from "zod";
import { call } from "../../api/call.ts";
import { replaceLookupTable } from "../../api/lookup_tables.ts";
import { command } from "../../cli/command.ts";
import { confirmInProject } from "../../cli/confirm_in_project.ts";
import { asksForResult } from "../../cli/format_choice.ts";
import { readLookupTable } from "../../jobs/lookup_table.ts";
import { formatNumber } from "../../output/format.ts";
import { openTable, TABLE_SOURCE } from "./shared/table_source.ts";

export default command({
  description:
    "The first line names the columns, and the first column is the key that joins the table to a property. Mixpanel " +
    "takes all rows or none, so they are checked before: keys must be there and differ, and every row must have as many " +
    "fields as the header. At most 100 MB, and 100 replacements a day. 'mp lookup-tables create' makes new tables.",
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
    ...TABLE_SOURCE,
  }),
  async run(context, { id, file, data }) {
    const source = await openTable("replace a lookup table", { file, data }, context);
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
