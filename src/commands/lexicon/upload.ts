import { z } from "zod";
import { schemaEntry, uploadSchemas } from "../../api/lexicon.ts";
import { text } from "../../api/params.ts";
import { checkAgainst } from "../../api/request.ts";
import { command } from "../../cli/command.ts";
import { jsonResult } from "../../output/print.ts";
import { asksForResult } from "../../cli/format_choice.ts";
import { confirmInProject } from "../../cli/confirm_in_project.ts";
import { checkEither } from "../../cli/whole_body.ts";
import { isObject } from "../../streams/json/is_object.ts";
import { inputError } from "../../errors.ts";
import { uploadLexicon } from "../../jobs/upload_lexicon.ts";
import { formatCount } from "../../output/format.ts";
import { readNamedText } from "../../cli/named_file.ts";
import { parseJson } from "../../streams/json/json.ts";

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
    const read = file === undefined
      ? entriesOf(data, name)
      : readEntries(await readNamedText(file, context.stdin), file);
    const entries = checkEntries(read, name);
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

/** The entries of a JSON text, or one a line. */
function readEntries(content: string, file: string): unknown[] {
  let value: unknown;
  try {
    value = parseJson(content);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const lines = content.split("\n").map((line) => line.trim()).filter((line) => line !== "");
    return lines.map((line, index) => parseLine(line, file, index + 1));
  }
  return entriesOf(value, file);
}

/** The entries of a list, of `{entries}` or of an answer's `{results}`. */
function entriesOf(value: unknown, file: string): unknown[] {
  if (Array.isArray(value)) return value;
  const { entries, results } = (value ?? {}) as { entries?: unknown; results?: unknown };
  const list = entries ?? results ?? [value];
  if (Array.isArray(list)) return list;
  throw inputError(`Cannot read ${file}: it has no list of entries`, "see 'mp lexicon upload --help'", "bad_json");
}

function parseLine(line: string, file: string, number: number): unknown {
  try {
    return parseJson(line);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw inputError(`Cannot read ${file}: line ${number} is not JSON`, undefined, "bad_json");
  }
}

function checkEntries(entries: unknown[], file: string) {
  if (entries.length === 0) throw inputError(`Cannot upload ${file}: it has no entries`);
  return checkAgainst(z.object({ entries: z.array(schemaEntry) }), { entries }, `upload ${file}`).entries;
}
