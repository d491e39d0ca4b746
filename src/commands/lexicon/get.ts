import { getSchema } from "../../api/lexicon.ts";
import { operationCommand } from "../../cli/operation_command.ts";
import type { Row } from "../../output/row.ts";

export default operationCommand(getSchema, {
  args: ["entity_type", "name"],
  examples: [
    { text: "An event and its properties", run: "mp lexicon get event Purchase" },
    { text: "User profiles", run: "mp lexicon get profile '$user'" },
  ],
  present: ({ description, metadata, properties }, { name }) => ({
    rows: [
      rowOf(`(${name})`, { description, metadata }),
      ...Object.entries(properties ?? {}).map(([property, schema]) => rowOf(property, schema as Described)),
    ],
  }),
});

interface Described {
  type?: unknown;
  description?: unknown;
  metadata?: { "com.mixpanel"?: Record<string, unknown> | null } | null;
}

function rowOf(property: string, { type, description, metadata }: Described): Row {
  const info = metadata?.["com.mixpanel"] ?? {};
  return {
    property,
    type: Array.isArray(type) ? type.join("|") : type,
    display_name: info.displayName,
    description,
    hidden: info.hidden,
    dropped: info.dropped,
  };
}
