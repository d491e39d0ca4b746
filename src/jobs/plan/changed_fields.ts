/** What a change of a definition has to say. */
import type { DefinitionFields } from "./definition.ts";
import type { ChangedThing } from "./plan_kind.ts";

/**
 * The fields that a change sends: those that differ, whole.
 *
 * @param empty what is sent for a field that is not set any more
 */
export function changedFields({ fields, changed }: ChangedThing, empty: DefinitionFields): DefinitionFields {
  const keys = new Set(changed.map(({ path }) => /^[\w$-]+/.exec(path)![0]));
  return Object.fromEntries([...keys].map((key) => [key, fields[key] ?? empty[key] ?? null]));
}
