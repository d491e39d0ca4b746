import { z } from "zod";
import { call } from "../../api/call.ts";
import { listSchemas, listSchemasOfType } from "../../api/lexicon.ts";
import { command } from "../../cli/command.ts";
import { ifUnderstood } from "../../cli/operation_command.ts";
import { tellGap } from "../../cli/list_gap.ts";
import type { Row } from "../../output/row.ts";

const { entity_type, entity_name } = listSchemasOfType.params.shape;

export default command({
  summary: "list the data dictionary, or its events or profiles",
  description: "Only events and profiles that have a schema are in it; what was merely sent is under 'mp events list'.",
  examples: [
    { text: "Everything", run: "mp lexicon list" },
    { text: "To a file that 'mp lexicon upload' takes", run: "mp lexicon list -f json -o dictionary.json" },
    { text: "Events that are hidden", run: `mp lexicon list --entity-type event -f table` },
  ],
  operations: [listSchemas, listSchemasOfType],
  input: z.object({
    type: entity_type.optional().meta({ flag: "entity-type", aliases: ["type"], description: "Only these" }),
    name: entity_name.unwrap().meta({
      flag: "entity-name",
      aliases: ["name"],
      description: "Only the one of this name; $user for user profiles",
    }).optional(),
  }),
  async run(context, { type, name }) {
    const client = await context.client();
    const answer = type === undefined && name === undefined
      ? await call(client, listSchemas, {}, { partial: true })
      : await call(
        client,
        listSchemasOfType,
        { entity_type: type ?? "event", entity_name: name },
        { partial: true },
      );
    await context.print({ ...answer, rows: await ifUnderstood(context, () => rowsOf(answer.result())) });
    return await tellGap(context, answer);
  },
});

type Schemas = z.output<typeof listSchemas.result>;

function rowsOf(schemas: Schemas): Row[] {
  if (!Array.isArray(schemas)) {
    return [
      ...schemas.event_schemas.map((one): Row => ({ type: "event", ...one })),
      ...schemas.property_schemas.map((one): Row => ({ type: "property", ...one })),
    ];
  }
  return schemas.map(({ entityType, name, schemaJson }) => {
    const info = schemaJson.metadata?.["com.mixpanel"] ?? {};
    return {
      type: entityType,
      name,
      display_name: info.displayName,
      description: schemaJson.description,
      properties: Object.keys(schemaJson.properties ?? {}).length,
      tags: Array.isArray(info.tags) ? info.tags.join(", ") : undefined,
      hidden: info.hidden,
      dropped: info.dropped,
    };
  });
}
