/** How definitions are shown: the columns that people look for, whatever else the server says. */
import type { EventDefinition, PropertyDefinition } from "../../../api/data_definitions.ts";
import type { Presentation } from "../../../cli/operation_command.ts";

export function presentEvents(definitions: EventDefinition | readonly EventDefinition[]): Presentation {
  return {
    rows: [definitions].flat().map((one) => ({
      name: one.name,
      display_name: one.displayName,
      description: one.description,
      tags: namesOf(one.tags),
      verified: one.verified,
      hidden: one.hidden,
      dropped: one.dropped,
      status: one.status,
    })),
    columns: [{ key: "name", identifier: true }, ...EVENT_COLUMNS],
  };
}

const EVENT_COLUMNS = ["display_name", "description", "tags", "verified", "hidden", "dropped", "status"];

export function presentProperties(definitions: PropertyDefinition | readonly PropertyDefinition[]): Presentation {
  return {
    rows: [definitions].flat().map((one) => ({
      name: one.name,
      of: one.resourceType?.toLowerCase(),
      display_name: one.displayName,
      description: one.description,
      hidden: one.hidden,
      dropped: one.dropped,
      sensitive: one.sensitive,
    })),
    columns: [
      { key: "name", identifier: true },
      ...["of", "display_name", "description", "hidden", "dropped", "sensitive"],
    ],
  };
}

/** Tags come as names, and from some servers as objects with a name. */
function namesOf(tags: readonly unknown[] | null | undefined): string {
  return (tags ?? []).map((tag) => typeof tag === "string" ? tag : (tag as { name?: string } | null)?.name ?? "")
    .join(", ");
}
