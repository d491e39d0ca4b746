import { z } from "zod";
import { uploadSchemas } from "../../api/lexicon.ts";
import { text } from "../../api/params.ts";
import { command } from "../../cli/command.ts";
import { jsonResult } from "../../output/print.ts";
import { asksForResult } from "../../cli/format_choice.ts";
import { confirmInProject } from "../../cli/confirm_in_project.ts";
import { checkEither } from "../../cli/whole_body.ts";
import { isObject } from "../../streams/json/is_object.ts";
import { uploadLexicon } from "../../jobs/upload_lexicon.ts";
import { formatCount } from "../../output/format.ts";
import { checkEntries, readEntries } from "./shared/schema_entries.ts";

export default command({
  description:
    `Takes a list of {"entityType", "name", "schemaJson"} as JSON or JSON Lines, or what 'mp lexicon list' printed.
Each entry replaces the one of its name, but for metadata that it does not have. Mixpanel lets an organization write
4000 events and properties a minute: larger dictionaries are sent minute by minute.`,
  args: ["file"],
  examples: [
    {
      text: "From a pipe",
      run: `echo '[{"entityType": "event", "name": "Refund",
  "schemaJson": {"description": "Money back"}}]' | mp lexicon upload -`,
    },
  ],
  operations: [uploadSchemas],
  input: z.object({
    file: text("File of entries, or - for standard input", { placeholder: "FILE" }).optional(),
    data: z.unknown().optional().meta({
      input: "json",
      description: "The entries as a JSON list, or a body with entries and truncate, in place of a file",
    }),
    truncate: z.boolean().default(false).meta({ description: "Delete the whole dictionary first" }),
  }),
  async run(context, { file, data, ...flags }) {
    checkEither("upload a dictionary", data, { "<file>": file });
    const name = file ?? "--data";
    const entries = checkEntries(await readEntries(context, file, data), `upload ${name}`);
    const truncate = flags.truncate || (isObject(data) && data.truncate === true);
    if (truncate) {
      await confirmInProject(context, `Replace the whole data dictionary by ${countOf(entries.length)} of ${name}?`);
    }
    const summary = await uploadLexicon(await context.client(), entries, {
      truncate,
      clock: context.clock,
      signal: context.signal,
      onPause: (written, total) => context.note(`Wrote ${written} of ${total} entries; waiting for the next minute`),
    });
    const deleted = truncate ? `, deleted ${summary.deleted}` : "";
    await context.note(`Wrote ${countOf(summary.added)}${deleted}`);
    if (asksForResult(context)) await context.print(jsonResult(summary));
  },
});

const countOf = (entries: number): string => formatCount(entries, "entry", "entries");
