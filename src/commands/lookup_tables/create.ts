import { z } from "zod";
import { registerTable, tableUploadAddress, tableUploadStatus } from "../../api/lookup_tables.ts";
import { command } from "../../cli/command.ts";
import { confirmInProject } from "../../cli/confirm_in_project.ts";
import { duration } from "../../cli/durations.ts";
import { asksForResult } from "../../cli/format_choice.ts";
import { transportOf } from "../../cli/transport.ts";
import { createLookupTable } from "../../jobs/create_lookup_table.ts";
import { readLookupTable } from "../../jobs/lookup_table.ts";
import { formatNumber } from "../../output/format.ts";
import { openTable, TABLE_SOURCE } from "./shared/table_source.ts";

const { name, "data-group-id": groupId } = registerTable.params.shape;

export default command({
  summary: "make a lookup table of a CSV file",
  description:
    "The first line names the columns, and the first column is the key that joins the table to a property. The file is " +
    "checked, uploaded to an address that Mixpanel signs, and registered; from 5 MB on Mixpanel reads it later, which " +
    "is waited for. 'mp lookup-tables replace' replaces a table by an endpoint that is published.",
  args: ["name", "file"],
  examples: [
    { text: "A table of products", run: "mp lookup-tables create Products products.csv" },
    { text: "The table itself", run: "printf 'plan,price\\npro,20\\nfree,0\\n' | mp lookup-tables create Plans -" },
  ],
  operations: [tableUploadAddress, registerTable, tableUploadStatus],
  input: z.object({
    name,
    ...TABLE_SOURCE,
    into: groupId.meta({ placeholder: "ID", description: "Replace the table of this data group id" }),
    give_up_after: duration("Stop waiting after this long, by default 10m; the table may still come").optional(),
  }),
  async run(context, { name, into, give_up_after, ...source }) {
    const opened = await openTable("make a lookup table", source, context);
    const { csv, columns, rows } = await readLookupTable(opened, context.signal);
    const what = `${formatNumber(rows)} rows of ${columns.join(", ")}`;
    if (into !== undefined) await confirmInProject(context, `Replace lookup table ${into} by ${what}?`);
    const client = await context.client();
    if (context.globals.dryRun) {
      await context.note("The table is uploaded to the address of the answer, and registered");
    }
    const { id, answer } = await createLookupTable(client, { name, csv, groupId: into }, {
      transport: transportOf(client.connection),
      clock: context.clock,
      signal: context.signal,
      patienceMs: give_up_after,
      onPending: (uploadId) => context.note(`Mixpanel reads the table (upload ${uploadId}); waiting`),
    });
    await context.note(`Made lookup table ${JSON.stringify(name)}${id === undefined ? "" : ` (${id})`}: ${what}`);
    if (asksForResult(context)) await context.print(answer);
  },
});
