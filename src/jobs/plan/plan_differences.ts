/** What has to change in a project so that it is as a plan says. */
import { isObject } from "../../streams/json/is_object.ts";
import { type DefinitionFields, type PlanDefinition, planPath } from "./definition.ts";
import { setFields } from "./definition_fields.ts";
import type { FileForm } from "./definition_file.ts";

/** A value that differs. A side that has nothing there lacks its key. */
export interface FieldDifference {
  /** `params.sections.show[0].measurement.math`. */
  path: string;
  from?: unknown;
  to?: unknown;
}

/** `delete` is what the project has and the plan has not. */
export type PlanChange =
  | { action: "create"; wanted: PlanDefinition }
  | { action: "update"; wanted: PlanDefinition; fields: FieldDifference[] }
  | { action: "delete"; there: PlanDefinition };

/**
 * Changes in the order of the plan, then what the plan does not have.
 *
 * @param forms how the kinds say things; without one, any field counts that says something
 */
export function differencesOf(
  wanted: readonly PlanDefinition[],
  there: readonly PlanDefinition[],
  forms: readonly FileForm[] = [],
): PlanChange[] {
  const before = new Map(there.map((one) => [planPath(one), one]));
  const changes: PlanChange[] = [];
  for (const one of wanted) {
    const path = planPath(one);
    const old = before.get(path);
    before.delete(path);
    if (old === undefined) {
      changes.push({ action: "create", wanted: one });
      continue;
    }
    const fields = changesOfFields(old.fields, one.fields, forms.find(({ kind }) => kind === one.kind));
    if (fields.length > 0) changes.push({ action: "update", wanted: one, fields });
  }
  return [...changes, ...[...before.values()].map((one) => ({ action: "delete", there: one }) as const)];
}

function changesOfFields(
  there: DefinitionFields,
  wanted: DefinitionFields,
  { usual, filledIn = [], normal = (fields) => setFields(fields, Object.keys(fields), usual) }: Partial<FileForm> = {},
): FieldDifference[] {
  const from = Object.entries(normal(there)).filter(([key]) => key in wanted || !filledIn.includes(key));
  return fieldDifferences(Object.fromEntries(from), normal(wanted));
}

/** The innermost values in which two differ; the order of keys does not count. */
function fieldDifferences(from: unknown, to: unknown, path = ""): FieldDifference[] {
  if (isObject(from) && isObject(to)) {
    const keys = [...new Set([...Object.keys(from), ...Object.keys(to)])];
    return keys.flatMap((key) => {
      const inner = path === "" ? key : /^[\w$-]+$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`;
      if (!(key in from)) return [{ path: inner, to: to[key] }];
      if (!(key in to)) return [{ path: inner, from: from[key] }];
      return fieldDifferences(from[key], to[key], inner);
    });
  }
  if (Array.isArray(from) && Array.isArray(to) && from.length === to.length) {
    return from.flatMap((one, index) => fieldDifferences(one, to[index], `${path}[${index}]`));
  }
  return isSame(from, to) ? [] : [{ path, from, to }];
}

/** Lists of other lengths are never the same; numbers are, whatever holds them. */
function isSame(one: unknown, other: unknown): boolean {
  if (typeof one === "bigint" || typeof other === "bigint") return String(one) === String(other);
  return Object.is(one, other);
}
