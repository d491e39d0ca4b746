/** An external table of Trino's Hive connector. */
import type { ColumnType } from "../../streams/table/record_encoder.ts";
import {
  cannotBeTable,
  DAY_COMMENT,
  listed,
  schemeOf,
  type StatementWriter,
  TABLE_COMMENT,
  tableName,
} from "./lake_table.ts";

const TYPES: Readonly<Record<ColumnType, string>> = {
  boolean: "boolean",
  integer: "bigint",
  number: "double",
  string: "varchar",
  json: "varchar",
  timestamp: "timestamp(3)",
  decimal: "decimal(38, 0)",
};

export const trinoTable: StatementWriter = (lake, { table, dialect }) => {
  if (lake.isFile) {
    throw cannotBeTable(dialect.title, "a table has a folder of its own", "export to a folder: -o lake/ -f parquet");
  }
  const whole = [...["hive", "default"].slice(0, Math.max(0, 3 - table.length)), ...table];
  const [catalog, schema, name] = whole as [string, string, string];
  const { partition, columns } = lake;
  const declared = columns.map(({ name, type, comment }) =>
    `${dialect.identifier(name)} ${TYPES[type]}${comment === undefined ? "" : ` COMMENT ${dialect.text(comment)}`}`
  );
  const location = schemeOf(lake.location) === undefined ? `file://${lake.location}` : lake.location;
  const properties = [
    `external_location = ${dialect.text(`${location}/`)}`,
    "format = 'PARQUET'",
    ...partition === undefined ? [] : [`partitioned_by = ARRAY[${dialect.text(partition.name)}]`],
  ];
  if (partition !== undefined) {
    const comment = partition.name === lake.days?.name ? ` COMMENT ${dialect.text(DAY_COMMENT)}` : "";
    declared.push(`${dialect.identifier(partition.name)} ${partition.isDay ? "date" : "varchar"}${comment}`);
  }
  const parts = [schema, name].map((part) => dialect.text(part)).join(", ");
  return {
    remarks: [
      "Times are those of UTC where the catalog has hive.parquet.time-zone=UTC.",
      ...partition === undefined ? [] : ["After each export, sync_partition_metadata finds the new days."],
    ],
    statements: [
      `CREATE TABLE ${tableName({ table: whole, dialect })} ${listed(declared)}\nCOMMENT ${
        dialect.text(TABLE_COMMENT)
      }\nWITH ${listed(properties)}`,
      ...partition === undefined
        ? []
        : [`CALL ${dialect.identifier(catalog)}.system.sync_partition_metadata(${parts}, 'FULL')`],
    ],
  };
};
