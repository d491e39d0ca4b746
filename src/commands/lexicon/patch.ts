import { z } from "zod";
import { call } from "../../api/call.ts";
import { entitySchema, patchSchema, patchSchemas } from "../../api/lexicon.ts";
import { text } from "../../api/params.ts";
import { checkAgainst } from "../../api/request.ts";
import { command } from "../../cli/command.ts";
import { ifUnderstood } from "../../cli/operation_command.ts";
import { inputError } from "../../errors.ts";
import { batchesOf } from "../../jobs/upload_lexicon.ts";
import { formatCount } from "../../output/format.ts";
import { checkEntries, readEntries } from "./shared/schema_entries.ts";

const DONE_IN_PART = 8;
const { entity_type, name } = patchSchema.params.shape;

export default command({
  summary: "merge changes into entries of the data dictionary, in one request",
  description:
    `Mixpanel merges: what is not named stays as it is. 'mp lexicon set' does the same by reading and writing, with
endpoints that are published. With --file, entries as for 'mp lexicon upload' are merged, each answered for.`,
  args: ["entity_type", "name"],
  examples: [
    {
      text: "Another property",
      run: `mp lexicon patch event Purchase --data '{"properties": {"coupon": {"type": "string"}}}'`,
    },
    {
      text: "Entries of a file",
      run: `echo '[{"entityType": "event", "name": "Refund",
  "schemaJson": {"description": "Money back"}}]' | mp lexicon patch --file -`,
    },
  ],
  operations: [patchSchema, patchSchemas],
  input: z.object({
    entity_type: entity_type.optional(),
    name: name.optional(),
    data: z.unknown().optional().meta({ input: "json", description: "What to merge: a schema as JSON, @FILE or -" }),
    file: text("Entries from a file, as for 'mp lexicon upload'; - is standard input", { placeholder: "FILE" })
      .optional(),
  }),
  async run(context, { entity_type, name, data, file }) {
    if (file === undefined) {
      if (entity_type === undefined || name === undefined || data === undefined) {
        throw inputError(
          "Cannot patch: a type, a name and --data are needed, or --file",
          "mp lexicon patch event NAME --data JSON",
          "missing_argument",
        );
      }
      const { data: schema } = checkAgainst(z.object({ data: entitySchema }), { data }, "use --data");
      await context.print(await call(await context.client(), patchSchema, { entity_type, name, schema }));
      return;
    }
    if (entity_type !== undefined || data !== undefined) {
      throw inputError("Cannot use --file together with a type or --data", "give one or the other", "bad_data");
    }
    const entries = checkEntries(await readEntries(context, file, undefined), `patch ${file}`);
    if (batchesOf(entries).length > 1) {
      throw inputError(
        `Cannot patch ${file}: Mixpanel lets 4000 events and properties be written in a minute`,
        "split the file, or use 'mp lexicon upload', which waits",
        "too_large",
      );
    }
    const answer = await call(await context.client(), patchSchemas, { entries });
    const rows = await ifUnderstood(context, () => answer.result());
    await context.print({ ...answer, rows });
    if (rows === undefined) return;
    const failed = rows.filter(({ status }) => status !== "ok").length;
    await context.note(
      `Merged ${formatCount(rows.length - failed, "entry", "entries")}${failed > 0 ? `; ${failed} failed` : ""}`,
    );
    return failed > 0 ? DONE_IN_PART : undefined;
  },
});
