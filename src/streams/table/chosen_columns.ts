/** Columns that were asked for by their names. */
import { columnKey, ColumnNames, type ColumnSource, type NameOptions } from "./column_names.ts";
import type { Column } from "./record_encoder.ts";
import type { RecordLayout } from "./record_layout.ts";

/**
 * The columns of these names, with the types that were found; what no record has is a `string`. With safe names, and where two
 * names would be taken for one, they are called otherwise, and hold the same.
 */
export function chosenColumns(
  layout: RecordLayout,
  names: readonly string[],
  found: readonly Column[] = [],
  options: NameOptions = {},
): Column[] {
  const given = new ColumnNames(layout, options);
  return names.map((wanted): Column => {
    const source = columnKey(layout, wanted);
    const match = found.find((one) => {
      const { scope, key } = one.source ?? columnKey(layout, one.name);
      return scope === source.scope && key === source.key;
    });
    const { type = "string" } = match ?? {};
    const name = given.nameOf(source, wanted);
    return {
      name,
      type,
      ...(isOtherName(layout, name, source) && { source }),
    };
  });
}

function isOtherName(layout: RecordLayout, name: string, { scope, key }: ColumnSource): boolean {
  const said = columnKey(layout, name);
  return said.scope !== scope || said.key !== key;
}
