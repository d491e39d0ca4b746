/** The CSV of a table, as commands take it: a file, standard input, or the text itself. */
import { text } from "../../../api/params.ts";
import type { Context } from "../../../cli/context.ts";
import { checkEither } from "../../../cli/whole_body.ts";
import { inputError } from "../../../errors.ts";
import { openSource } from "../../../records/read/open_sources.ts";
import type { RecordSource } from "../../../records/read/record_source.ts";

export const TABLE_SOURCE = {
  file: text("The table as CSV, plain or gzip; - is standard input", { placeholder: "FILE" }).optional(),
  data: text("The table's CSV itself, @FILE or - for standard input, in place of FILE", { placeholder: "CSV" })
    .optional(),
};

/**
 * Opens what was typed.
 *
 * @throws MpError (input) for both, for neither, and for a line alone: it is hardly a table's header, and rather the name
 * of a file.
 */
export async function openTable(
  action: string,
  { file, data }: { file?: string; data?: string },
  { stdin }: Context,
): Promise<RecordSource> {
  checkEither(action, data, { "<file>": file });
  if (data === undefined) return await openSource(file!, stdin);
  if (data === "-" || data.startsWith("@")) return await openSource(data.replace(/^@/, ""), stdin);
  if (/[\r\n]/.test(data)) return { name: "--data", open: () => new Blob([data]).stream() };
  throw inputError(
    `Cannot use --data ${JSON.stringify(data)}: a table has a header and rows`,
    "name a file as it is, or as --data @FILE",
    "bad_data",
  );
}
