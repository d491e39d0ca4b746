import { z } from "zod";
import { schemaEntry, uploadSchemas } from "../../api/lexicon.ts";
import { text } from "../../api/params.ts";
import { checkAgainst } from "../../api/request.ts";
import { command } from "../../cli/command.ts";
import { jsonResult } from "../../output/print.ts";
import { asksForResult } from "../../cli/format_choice.ts";
import { confirmInProject } from "../../cli/confirm_in_project.ts";
import type { Context } from "../../cli/context.ts";
import { inputError } from "../../errors.ts";
import { uploadLexicon } from "../../jobs/upload_lexicon.ts";
import { formatCount } from "../../output/format.ts";
import { readTextFile } from "../../runtime/files/files.ts";
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
      run:
        `echo '[{"entityType": "event", "name": "Refund", "schemaJson": {"description": "Money back"}}]' | mp lexicon upload -`,
    },
  ],
  operations: [uploadSchemas],
  input: z.object({
    file: text("File of entries, or - for standard input", { placeholder: "FILE" }),
    truncate: z.boolean().default(false).meta({ description: "Delete the whole dictionary first" }),
  }),
  async run(context, { file, truncate }) {
    const entries = checkEntries(readEntries(await readContent(context, file), file), file);
    if (truncate) {
      await confirmInProject(context, `Replace the whole data dictionary by ${countOf(entries.length)} of ${file}?`);
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

async function readContent(context: Context, file: string): Promise<string> {
  if (file === "-") return await new Response(context.stdin.stream()).text();
  const content = await readTextFile(file);
  if (content !== undefined) return content;
  throw inputError(`Cannot read ${file}: no such file`, undefined, "missing_file");
}

/** The entries of a list, of `{entries}`, of an answer's `{results}`, or one a line. */
function readEntries(content: string, file: string): unknown[] {
  try {
    const value = parseJson(content);
    if (Array.isArray(value)) return value;
    const { entries, results } = (value ?? {}) as { entries?: unknown; results?: unknown };
    const list = entries ?? results ?? [value];
    if (Array.isArray(list)) return list;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const lines = content.split("\n").map((line) => line.trim()).filter((line) => line !== "");
    return lines.map((line, index) => parseLine(line, file, index + 1));
  }
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
