import { z } from "zod";
import { call } from "../../api/call.ts";
import { deleteAllSchemas, deleteSchema, deleteSchemasOfType } from "../../api/lexicon.ts";
import { command } from "../../cli/command.ts";
import { confirmInProject } from "../../cli/confirm_in_project.ts";
import { asksForResult } from "../../cli/format_choice.ts";
import { inputError } from "../../errors.ts";

const { entity_type, name } = deleteSchema.params.shape;

export default command({
  summary: "delete entries of the data dictionary",
  description:
    "Events and profiles themselves stay. Without a name: all entries of the type; with --all: all there are.",
  args: ["entity_type", "name"],
  examples: [{ text: "One entry, without being asked", run: "mp lexicon delete event 'Old Checkout' --yes" }],
  operations: [deleteSchema, deleteSchemasOfType, deleteAllSchemas],
  input: z.object({
    entity_type: entity_type.optional(),
    name: name.optional(),
    all: z.boolean().default(false).meta({ description: "Delete the whole dictionary" }),
  }),
  async run(context, { entity_type, name, all }) {
    if (all === (entity_type !== undefined)) {
      throw inputError(
        all ? "Cannot use --all together with a type" : "Cannot delete: neither a type nor --all is given",
        "mp lexicon delete event NAME, mp lexicon delete event, or mp lexicon delete --all",
        "missing_argument",
      );
    }
    const what = all
      ? "the whole data dictionary"
      : name === undefined
      ? `all ${entity_type} schemas`
      : `the schema of ${entity_type} ${JSON.stringify(name)}`;
    await confirmInProject(context, `Delete ${what}?`);
    const client = await context.client();
    const answer = entity_type === undefined
      ? await call(client, deleteAllSchemas, {})
      : name === undefined
      ? await call(client, deleteSchemasOfType, { entity_type })
      : await call(client, deleteSchema, { entity_type, name });
    const { delete_count, deleteCount = delete_count } = answer.result();
    await context.note(`Deleted ${what}${deleteCount === undefined ? "" : ` (${deleteCount})`}`);
    if (asksForResult(context)) await context.print(answer);
  },
});
