/** How custom properties are shown. */
import type { CustomProperty } from "../../../api/custom_properties.ts";
import type { Presentation } from "../../../cli/operation_command.ts";

export function presentCustomProperties(properties: readonly CustomProperty[]): Presentation {
  return {
    rows: properties.map((one) => ({
      id: one.customPropertyId ?? one.id,
      name: one.name,
      of: one.resourceType,
      type: one.propertyType,
      formula: one.displayFormula,
      properties: Object.entries(one.composedProperties ?? {})
        .map(([letter, { value, resourceType }]) => `${letter}=${resourceType === "user" ? "user." : ""}${value}`).join(
          ", ",
        ),
      description: one.description,
    })),
    columns: [{ key: "id", identifier: true }, "name", "of", "type", "formula", "properties", "description"],
  };
}
