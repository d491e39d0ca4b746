/** `==`, `!=`, `<` … of the segmentation language as SQL. */
import { toMoment } from "../../expressions/casts.ts";
import { ZoneClock } from "../../expressions/moment.ts";
import { notInSql, type SqlOptions } from "../asking.ts";
import { constantSql, isOneType, NULL_SQL, type TypedSql } from "../typed_sql.ts";
import { refuseJson } from "../property_columns.ts";
import { momentOfNumberSql } from "./casts.ts";

/**
 * Whether two values are of one type and equal, or both missing. It is never NULL, unless that may stand for false.
 *
 * @throws MpError (input) for values that may be lists or objects
 */
export function same(
  left: TypedSql,
  right: TypedSql,
  options: SqlOptions,
  { isNegated = false, nullIsFalse = false }: { isNegated?: boolean; nullIsFalse?: boolean } = {},
): TypedSql {
  const { dialect } = options;
  const known = (value: boolean): TypedSql => constantSql(value !== isNegated, dialect);
  const sure = (sql: string): TypedSql => ({ sql, type: "boolean", isSure: true });
  for (const one of [left, right]) refuseJson(one, "a comparison");
  if (left.type === "nothing" && right.type === "nothing") return known(true);
  for (const [one, other] of [[left, right], [right, left]] as const) {
    if (one.type !== "nothing") continue;
    return other.isSure ? known(false) : sure(`(${other.sql} IS ${isNegated ? "NOT " : ""}NULL)`);
  }
  const pair = alike(left, right, options);
  const bothMissing = `(${left.sql} IS NULL AND ${right.sql} IS NULL)`;
  if (pair === undefined) {
    if (left.isSure || right.isSure) return known(false);
    return sure(isNegated ? `(NOT ${bothMissing})` : bothMissing);
  }
  const [a, b] = pair;
  if (a.isSure && b.isSure) return sure(`(${a.sql} ${isNegated ? "<>" : "="} ${b.sql})`);
  if (a.isSure || b.isSure) {
    const missing = a.isSure ? b.sql : a.sql;
    if (isNegated) return sure(`(${a.sql} <> ${b.sql} OR ${missing} IS NULL)`);
    if (nullIsFalse) return { sql: `(${a.sql} = ${b.sql})`, type: "boolean" };
    return sure(`coalesce(${a.sql} = ${b.sql}, false)`);
  }
  // What is there and means no moment is not missing.
  const equal = `coalesce(${a.sql} = ${b.sql}, ${left.sql} IS NULL AND ${right.sql} IS NULL)`;
  return sure(isNegated ? `(NOT ${equal})` : equal);
}

/** NULL where a value is missing, and where the types have no order. */
export function compared(
  operator: "<" | "<=" | ">" | ">=",
  left: TypedSql,
  right: TypedSql,
  options: SqlOptions,
): TypedSql {
  for (const one of [left, right]) refuseJson(one, "a comparison");
  const pair = alike(left, right, options);
  if (pair === undefined || pair.some(({ type }) => type === "boolean")) return NULL_SQL;
  const isText = pair.some(({ type }) => type === "text");
  const [a, b] = pair.map(({ sql }) => isText ? options.dialect.ordered(sql) : sql);
  return { sql: `(${a} ${operator} ${b})`, type: "boolean", isSure: pair[0].isSure && pair[1].isSure };
}

/** The two as one type, if they have one that their values can be equal in. */
function alike(left: TypedSql, right: TypedSql, options: SqlOptions): [TypedSql, TypedSql] | undefined {
  if (left.type === "nothing" || right.type === "nothing") return undefined;
  if (left.type === "moment" || right.type === "moment") {
    const pair = [asMoment(left, options), asMoment(right, options)] as const;
    return pair.some(({ type }) => type === "nothing") ? undefined : [...pair];
  }
  const mayBeEqual = isOneType(left.type, right.type) || left.type === "unknown" || right.type === "unknown";
  return mayBeEqual ? [left, right] : undefined;
}

/** Numbers and text are read as moments where they meet one. */
function asMoment(value: TypedSql, options: SqlOptions): TypedSql {
  if (value.type === "moment") return value;
  if (value.constant !== undefined) {
    const moment = toMoment(value.constant, new ZoneClock(options.timeZone));
    return moment === undefined ? NULL_SQL : { sql: String(moment.seconds), type: "moment", isSure: true };
  }
  if (value.type === "boolean") return NULL_SQL;
  if (value.type === "text") throw notInSql("a comparison of a time with text that differs by event");
  return momentOfNumberSql(value, options);
}
