/** A lake's table as a source of dbt: `sources.yml`. */
import { DAY_COMMENT, type LakeTable, TABLE_COMMENT } from "./lake_table.ts";

/** Texts in JSON's quotes are texts of YAML too. */
const text = (value: string): string => JSON.stringify(value);

const isPlainName = (name: string): boolean => /^[a-z_][a-z0-9_]*$/.test(name);

/** @param table the parts of the table's name, the table last */
export function dbtSource({ columns, partition }: LakeTable, table: readonly string[]): string {
  const [name, schema, database] = table.toReversed();
  const described = [
    ...columns.map(({ name, comment }) => ({ name, comment })),
    ...partition === undefined ? [] : [{ name: partition.name, comment: DAY_COMMENT }],
  ];
  const lines = [
    "version: 2",
    "",
    "sources:",
    "  - name: mixpanel",
    ...database === undefined ? [] : [`    database: ${text(database)}`],
    ...schema === undefined ? [] : [`    schema: ${text(schema)}`],
    "    tables:",
    `      - name: ${text(name as string)}`,
    `        description: ${text(TABLE_COMMENT)}`,
    ...columns.some(({ name, type }) => name === "time" && type === "timestamp")
      ? ["        loaded_at_field: time"]
      : [],
    "        columns:",
    ...described.flatMap(({ name, comment }) => [
      `          - name: ${text(name)}`,
      ...comment === undefined ? [] : [`            description: ${text(comment)}`],
      ...isPlainName(name) ? [] : ["            quote: true"],
    ]),
  ];
  return lines.join("\n") + "\n";
}
