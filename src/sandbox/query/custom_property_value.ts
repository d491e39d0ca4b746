/** Custom properties on the rows of a report. */
import type { EventView } from "../../analytics/rows/event_view.ts";
import type { RowValue } from "../../analytics/rows/row_value.ts";
import { quote } from "../../expressions/print.ts";
import type { Value } from "../../expressions/values.ts";
import type { ComputedProperty } from "../app/custom_properties.ts";
import type { SandboxCall } from "../call.ts";
import { rowValue } from "./expressions.ts";

/** The value that a custom property has on each event: saved, or defined in a query. */
export function customPropertyValue(call: SandboxCall, view: EventView, property: ComputedProperty): RowValue {
  const values = [...property.properties].map(([letter, { name, resource }]): [string, RowValue] => [
    letter,
    rowValue(call, view, `${resource === "user" ? "user" : "properties"}[${quote(name)}]`),
  ]);
  return {
    bind(chunk) {
      const readers = new Map(values.map(([letter, value]) => [letter, value.bind(chunk)]));
      return (row) => property.compute((letter) => readers.get(letter)?.(row) as Value);
    },
  };
}

/** The value that a custom property has of a profile. */
export function customPropertyOfProfile(
  property: ComputedProperty,
  profile: Readonly<Record<string, unknown>> | undefined,
): unknown {
  return property.compute((letter) => {
    const name = property.properties.get(letter)?.name;
    return name !== undefined && profile !== undefined && Object.hasOwn(profile, name)
      ? profile[name] as Value
      : undefined;
  });
}
