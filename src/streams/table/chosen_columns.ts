/** Columns that were asked for by their names. */
import { columnKey, ColumnNames, type NameOptions } from "./column_names.ts";
import type { Column } from "./record_encoder.ts";
import type { RecordLayout } from "./record_layout.ts";

/**
 * The columns of these names, with the types that were found; what no record has is a `string`. With safe names they are
 * called otherwise, and hold the same.
 */
export function chosenColumns(
  layout: RecordLayout,
  names: readonly string[],
  found: readonly Column[] = [],
  { names: form }: NameOptions = {},
): Column[] {
  const safe = form === undefined ? undefined : new ColumnNames(layout, { names: form });
  return names.map((wanted): Column => {
    const source = columnKey(layout, wanted);
    const match = found.find((one) => {
      const { scope, key } = one.source ?? columnKey(layout, one.name);
      return scope === source.scope && key === source.key;
    });
    const { type = "string", hasLongIntegers } = match ?? {};
    const name = safe?.nameOf(source) ?? wanted;
    return { name, type, ...(hasLongIntegers && { hasLongIntegers }), ...(name !== wanted && { source }) };
  });
}
