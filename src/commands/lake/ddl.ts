/** `mp lake ddl`: what makes an exported lake a table in an engine. */
import { z } from "zod";
import { choice, text } from "../../api/params.ts";
import { command } from "../../cli/command.ts";
import { readNamedFile } from "../../cli/named_file.ts";
import { storageAt } from "../../cli/storage_at.ts";
import type { Context } from "../../cli/context.ts";
import { inputError } from "../../errors.ts";
import { jsonResult } from "../../output/print.ts";
import { dbtSource } from "../../sql/ddl/dbt_source.ts";
import { scriptOf, tableStatements } from "../../sql/ddl/table_statements.ts";
import { ENGINES } from "../../sql/dialect.ts";
import { DIALECTS } from "../../sql/dialects/index.ts";
import { isRemoteAddress, SCHEMES, splitAddress } from "../../storage/registry.ts";
import { lexiconDescriptions, withComments } from "./shared/column_comments.ts";
import { describeLake } from "./shared/described_lake.ts";

const input = z.object({
  path: text(`A folder or file of Parquet, as 'mp export events' writes it, or ${SCHEMES}bucket/prefix`, {
    placeholder: "PATH",
  }),
  engine: choice(ENGINES, "Whose SQL it is").optional(),
  table: text("What the table is called, with dots between the parts", { placeholder: "NAME" }).default("events"),
  location: text("Where the engine finds the lake, if that is not PATH", { placeholder: "ADDRESS" }).optional(),
  lexicon_file: text("The Lexicon, as 'mp export lexicon' writes it: comments of columns", { placeholder: "FILE" })
    .optional(),
  dbt: z.boolean().default(false).meta({ description: "A source of dbt (sources.yml) in place of statements" }),
});

export default command({
  summary: "print the statements that make a lake a table in an engine",
  description:
    "Columns and types come from the manifest of the export, or from the footer of a Parquet file; nothing is sent to " +
    "Mixpanel, and nothing to the engine. With --hive folders the day is a column by which engines skip files. " +
    "Descriptions of the Lexicon become comments: that of --lexicon-file, or of the backup (mp export all) that PATH is in. " +
    "BigQuery takes names of letters, digits and _ alone: export with --names safe for it. " +
    "--location says where the files are for the engine: a bucket to which the folder was copied, or a path of its server.",
  examples: [
    {
      text: "An export, and a view of DuckDB over it",
      run: "mp export events --last 7d -f parquet --names safe --hive -o lake/ && mp lake ddl lake/ --engine duckdb",
    },
    {
      text: "An external table of BigQuery, over a copy in a bucket",
      run: "mp lake ddl lake/ --engine bigquery --table analytics.events --location gs://company-lake/mixpanel",
    },
    { text: "A source of dbt", run: "mp lake ddl lake/ --dbt --table raw.events" },
  ],
  args: ["path"],
  input,
  run: printTable,
});

async function printTable(context: Context, given: z.output<typeof input>): Promise<void> {
  const { engine, dbt } = given;
  if ((engine === undefined) === !dbt) {
    throw inputError(
      dbt ? "Cannot use --engine with --dbt: a source is the same for all" : "Cannot print a table: no engine is given",
      `name one: --engine ${ENGINES.join("|")}; or --dbt`,
      "bad_flags",
    );
  }
  const table = given.table.split(".");
  if (table.length > 3 || table.includes("")) {
    throw inputError(
      `Cannot use the table ${JSON.stringify(given.table)}: that is no name of one`,
      "write it as table, schema.table or catalog.schema.table",
      "bad_table",
    );
  }
  const described = await describeLake(context, given.path);
  const lexicon = given.lexicon_file ?? described.lexicon;
  const descriptions = lexicon === undefined
    ? new Map<string, string>()
    : lexiconDescriptions(await textAt(context, lexicon), lexicon);
  const lake = {
    ...described,
    location: given.location?.replace(/(.)\/+$/, "$1") ?? described.location,
    columns: withComments(described.columns, descriptions),
  };
  if (engine === undefined) {
    const source = dbtSource(lake, table);
    return await show(context, source, { source });
  }
  const found = tableStatements(lake, { table, dialect: DIALECTS[engine] });
  const { remarks, statements } = found;
  await show(context, scriptOf(found), { engine, table: given.table, remarks, statements });
}

/** The text as it is, unless another form is asked for. */
async function show(context: Context, text: string, data: unknown): Promise<void> {
  const { format, jq } = context.globals;
  const isText = format === undefined && jq === undefined;
  await context.print(isText ? { text, data, isText } : jsonResult(data));
}

async function textAt(context: Context, path: string): Promise<string> {
  if (!isRemoteAddress(path)) return await readNamedFile(path);
  const { storage, path: name } = splitAddress(path);
  const text = await (await storageAt(context, storage)).readText(name);
  if (text !== undefined) return text;
  throw inputError(`Cannot read ${JSON.stringify(path)}: no such object`, undefined, "missing_file");
}
