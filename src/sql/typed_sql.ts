/** Expressions of SQL with what is known of their values. */
import { inputError } from "../errors.ts";
import type { Moment } from "../expressions/moment.ts";
import type { Value } from "../expressions/values.ts";
import type { ColumnType } from "../streams/table/record_encoder.ts";
import type { Dialect } from "./dialect.ts";

/**
 * `integer` and `number` are without and with a fraction, `moment` counts seconds since 1970, `json` is text with a JSON value of
 * any kind. `unknown` may be of any type but json, and `nothing` is NULL whatever the event.
 */
export type SqlType = "text" | "integer" | "number" | "boolean" | "moment" | "json" | "unknown" | "nothing";

export interface TypedSql {
  /** Binds as tightly as a function call. */
  sql: string;
  type: SqlType;
  /** Whether it has a value for every event. */
  isSure?: boolean;
  /** Its value, when that is the same for every event. */
  constant?: NonNullable<Value>;
  /** The same as a moment, when it surely is one. */
  moment?: string;
}

/** What is NULL whatever the event. */
export const NULL_SQL: TypedSql = { sql: "NULL", type: "nothing" };

export const isNumeric = (type: SqlType): boolean => type === "integer" || type === "number";

/** Whether values of two types are compared as they are. */
export const isOneType = (one: SqlType, other: SqlType): boolean =>
  one === other || (isNumeric(one) && isNumeric(other));

/** The type of what a column of a lake holds. */
export function typeOfColumn(type: ColumnType): SqlType {
  switch (type) {
    case "string":
      return "text";
    case "decimal":
      return "integer";
    case "timestamp":
      throw inputError("Cannot ask in SQL about a property that holds timestamps", undefined, "not_in_sql");
    default:
      return type;
  }
}

/** A value that is no list, object or moment, as a constant. */
export function constantSql(value: Exclude<Value, Moment>, dialect: Dialect): TypedSql {
  switch (typeof value) {
    case "string":
      return { sql: dialect.text(value), type: "text", isSure: true, constant: value };
    case "boolean":
      return { sql: dialect.boolean(value), type: "boolean", isSure: true, constant: value };
    case "bigint":
      return { sql: inParentheses(value), type: "integer", isSure: true, constant: value };
    case "number":
      return Number.isSafeInteger(value)
        ? { sql: inParentheses(value), type: "integer", isSure: true, constant: value }
        : { sql: dialect.number(value), type: "number", isSure: true, constant: value };
    default:
      return NULL_SQL;
  }
}

/** Two minus signs would begin a comment. */
const inParentheses = (value: number | bigint): string => value < 0 ? `(${value})` : String(value);
