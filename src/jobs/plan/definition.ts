/** The things that a project defines, in a form that belongs to no project: names stand where servers have ids. */

/** One thing of a project: a file of a plan. */
export interface PlanDefinition {
  /** The folder of its kind: `cohorts`. */
  kind: string;
  name: string;
  /** Tells things of one kind and name apart, in the order in which they were made. Default: 1. */
  number?: number;
  /** What can be written of it, besides its name. What is not set is missing here, never null or undefined. */
  fields: DefinitionFields;
}

export type DefinitionFields = Readonly<Record<string, unknown>>;

/**
 * Stands in a definition where a server has the id of another thing: `{"$ref": "cohorts/Payers"}`. With `as: "event"` it is
 * the custom event as the name of an event, `$custom_event:7`.
 */
export interface PlanReference {
  $ref: string;
  as?: "event";
}

/** How a thing is named among those of its kind. */
export function keyOf({ name, number = 1 }: Pick<PlanDefinition, "name" | "number">): string {
  return number === 1 ? name : `${name} #${number}`;
}

/** How a thing is named in the whole plan: `cohorts/Payers`. */
export function planPath(definition: Pick<PlanDefinition, "kind" | "name" | "number">): string {
  return `${definition.kind}/${keyOf(definition)}`;
}

/**
 * Gives things of one kind that share a name their numbers, in the order in which they come. Where another one is called
 * `Payers #2`, the second of the name `Payers` has the number 3.
 */
export function numbered<T extends Pick<PlanDefinition, "kind" | "name">>(
  things: readonly T[],
): (T & { number?: number })[] {
  const named = new Set(things.map(({ kind, name }) => planPath({ kind, name })));
  const seen = new Map<string, number>();
  return things.map((thing) => {
    const { kind, name } = thing;
    const path = planPath({ kind, name });
    let number = (seen.get(path) ?? 0) + 1;
    while (number > 1 && named.has(planPath({ kind, name, number }))) number++;
    seen.set(path, number);
    return number === 1 ? thing : { ...thing, number };
  });
}
