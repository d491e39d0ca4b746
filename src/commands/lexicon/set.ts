import { z } from "zod";
import { call } from "../../api/call.ts";
import { type EntitySchema, entitySchema, getSchema, setSchema } from "../../api/lexicon.ts";
import { text } from "../../api/params.ts";
import { checkAgainst } from "../../api/request.ts";
import { command } from "../../cli/command.ts";
import { asksForResult } from "../../cli/format_choice.ts";
import type { Client } from "../../client/types.ts";
import { inputError, MpError } from "../../errors.ts";
import { definedFields } from "../../streams/json/defined_fields.ts";
import { mergeSchema, writableSchema } from "./shared/merge.ts";

const list = (what: string) => z.array(z.string()).optional().meta({ description: `${what}; all are replaced` });
const { entity_type, name } = setSchema.params.shape;

const input = z.object({
  entity_type,
  name,
  description: text("What it means").optional(),
  display_name: text("Name in the interface").optional(),
  tag: list("A tag"),
  contact: list("Email address of a contact"),
  team_contact: list("Name of a team to contact"),
  hidden: z.boolean().optional().meta({ description: "Hide it in the interface" }),
  dropped: z.boolean().optional().meta({ description: "Drop it when it comes in (events only)" }),
  data: z.unknown().optional().meta({
    input: "json",
    description: "A schema as JSON, @FILE or -; flags override it",
  }),
  replace: z.boolean().default(false).meta({ description: "Do not keep what is there already" }),
});

export default command({
  description:
    "What is not named stays as it is: the schema is read, changed and written back. In --data, null takes a " +
    "field of the metadata away.",
  args: ["entity_type", "name"],
  examples: [
    {
      text: "Describe an event",
      run: "mp lexicon set event 'Sign Up' --description 'An account was made' --tag core",
    },
    {
      text: "Describe a property",
      run: `mp lexicon set event Purchase --data '{"properties": {"coupon": {"type": "string"}}}'`,
    },
    {
      text: "Write a schema as it is",
      run: `mp lexicon set event Gone --replace --data '{"description": "Not sent"}'`,
    },
  ],
  operations: [setSchema, getSchema],
  input,
  async run(context, { entity_type, name, data, replace, ...flags }) {
    const changes = schemaOf(data, flags);
    if (Object.keys(changes).length === 0) {
      throw inputError(`Cannot set ${entity_type} ${JSON.stringify(name)}: nothing to write is given`, "add --data");
    }
    const client = await context.client();
    if (!replace && context.globals.dryRun) await context.note("What is there is read first, and then written changed");
    const before = replace ? {} : await read(client, entity_type, name);
    const answer = await call(client, setSchema, { entity_type, name, schema: mergeSchema(before, changes) });
    await context.note(`Wrote the schema of ${entity_type} ${JSON.stringify(name)}`);
    if (asksForResult(context)) await context.print(answer);
  },
});

/** The schema that `--data` and the flags describe, checked. */
function schemaOf(data: unknown, flags: Partial<z.output<typeof input>>): EntitySchema {
  const given = data === undefined ? {} : checkAgainst(z.object({ data: entitySchema }), { data }, "use --data").data;
  const metadata = {
    displayName: flags.display_name,
    tags: flags.tag,
    contacts: flags.contact,
    teamContacts: flags.team_contact,
    hidden: flags.hidden,
    dropped: flags.dropped,
  };
  const own = definedFields(metadata);
  const changes: EntitySchema = {};
  if (flags.description !== undefined) changes.description = flags.description;
  if (Object.keys(own).length > 0) changes.metadata = { "com.mixpanel": own };
  return mergeSchema(given, changes);
}

/** What is there; nothing when there is no such entry. */
async function read(client: Client, entity_type: "event" | "profile", name: string): Promise<Record<string, unknown>> {
  try {
    return writableSchema((await call(client, getSchema, { entity_type, name })).result());
  } catch (error) {
    if (error instanceof MpError && error.category === "not_found") return {};
    throw error;
  }
}
