/** The columns of the properties that a question looks at. */
import { inputError } from "../errors.ts";
import { notInSql, type SqlOptions } from "./asking.ts";
import { chosenName } from "./chosen_events.ts";
import { columnOfProperty } from "./sql_table.ts";
import { NULL_SQL, type TypedSql, typeOfColumn } from "./typed_sql.ts";

export interface PropertyColumns {
  /** The value of a property, of the events that were chosen. */
  of(property: string): TypedSql;
  /** The columns of the table that were asked for. */
  readonly names: ReadonlySet<string>;
  /** What is to be said of them. */
  readonly remarks: ReadonlySet<string>;
  remark(text: string): void;
}

export function propertyColumns({ table: { columns, rest }, dialect }: SqlOptions): PropertyColumns {
  const names = new Set<string>();
  const remarks = new Set<string>();
  return {
    names,
    remarks,
    remark: (text) => remarks.add(text),
    of(property) {
      const column = columns === undefined ? { name: columnOfProperty(property, dialect) } : columns.get(property);
      if (column === undefined) {
        remarks.add(
          `The table has no column for ${JSON.stringify(property)}${
            rest === undefined ? "" : `, and ${rest} is not looked at`
          }.`,
        );
        return NULL_SQL;
      }
      if (column.name === "") {
        throw inputError("Cannot write a property without a name as SQL", undefined, "not_in_sql");
      }
      names.add(column.name);
      if (rest !== undefined) remarks.add(`Values that did not fit their column are in ${rest}, and not looked at.`);
      const sql = dialect.identifier(chosenName(column.name));
      return { sql, type: "type" in column ? typeOfColumn(column.type) : "unknown" };
    },
  };
}

/** Refuses a value that may be anything. */
export function refuseJson({ type }: TypedSql, what: string): void {
  if (type !== "json") return;
  throw notInSql(
    `${what}: values of this property are of several kinds, or lists or objects`,
    "mp looks into them: ask with --source FILES",
  );
}
