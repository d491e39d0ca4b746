/** Functions of the segmentation language as SQL. */
import { printExpression } from "../../expressions/print.ts";
import type { FunctionCall } from "../../expressions/syntax.ts";
import { notInSql, type SqlOptions } from "../asking.ts";
import { constantSql, NULL_SQL, type TypedSql } from "../typed_sql.ts";
import { refuseJson } from "../property_columns.ts";

/** @throws MpError (input) for what SQL cannot say */
export function castSql(call: FunctionCall, value: TypedSql, options: SqlOptions): TypedSql {
  const { dialect } = options;
  const { sql, type, isSure } = value;
  if (call.name === "defined") {
    if (type === "nothing") return constantSql(false, dialect);
    return isSure ? constantSql(true, dialect) : { sql: `(${sql} IS NOT NULL)`, type: "boolean", isSure: true };
  }
  refuseJson(value, printExpression(call));
  switch (call.name) {
    case "floor":
    case "ceil":
    case "round":
      return rounded(call.name, value, options);
    case "boolean":
      return booleanSql(call, value, options);
    case "number":
      return numberSql(value, options);
    case "string":
      return textSql(value, options);
    case "datetime":
      if (type === "moment") return value;
      if (type === "text") throw notInSql(`${printExpression(call)}: a date is read from text by mp alone`);
      return type === "boolean" || type === "nothing" ? NULL_SQL : momentOfNumberSql(value, options);
    default:
      throw notInSql(printExpression(call), "lists are made by mp alone: ask with --source FILES");
  }
}

function rounded(name: "floor" | "ceil" | "round", { sql, type, isSure }: TypedSql, { dialect }: SqlOptions): TypedSql {
  if (type === "integer") return { sql, type, isSure };
  if (type !== "number" && type !== "unknown") return NULL_SQL;
  const number = type === "unknown" ? dialect.toNumber(sql) : sql;
  if (name !== "round") return { sql: dialect[name](number), type: "number", isSure };
  // Engines differ on halves.
  const size = dialect.floor(`abs(${number})`);
  const up = `CASE WHEN abs(${number}) - ${size} >= 0.5 THEN 1 ELSE 0 END`;
  return { sql: `(CASE WHEN ${number} < 0 THEN -1 ELSE 1 END * (${size} + ${up}))`, type: "number", isSure };
}

function booleanSql(call: FunctionCall, { sql, type, isSure }: TypedSql, { dialect }: SqlOptions): TypedSql {
  const sure = (sql: string): TypedSql => ({ sql, type: "boolean", isSure: true });
  switch (type) {
    case "nothing":
      return constantSql(false, dialect);
    case "boolean":
      return isSure ? { sql, type, isSure } : sure(`coalesce(${sql}, false)`);
    case "text":
      // ClickHouse can be set so that null is in no list.
      return sure(`(coalesce(${sql}, '') NOT IN ('', 'false'))`);
    case "integer":
    case "number":
      return sure(`coalesce(${sql} <> 0, false)`);
    case "moment":
      return sure(`(${sql} IS NOT NULL)`);
    default:
      throw notInSql(
        `${printExpression(call)} without the type of the column`,
        "--lake PATH says which types columns have",
      );
  }
}

function numberSql({ sql, type, isSure }: TypedSql, { dialect }: SqlOptions): TypedSql {
  switch (type) {
    case "boolean":
      return { sql: `CASE WHEN ${sql} THEN 1 WHEN NOT ${sql} THEN 0 END`, type: "integer", isSure };
    case "text":
      return { sql: dialect.parsedNumber(sql), type: "number" };
    case "unknown":
      return { sql: dialect.parsedNumber(dialect.toText(sql)), type: "number" };
    case "moment":
      return { sql, type: "number", isSure };
    default:
      return { sql, type, isSure };
  }
}

function textSql({ sql, type, isSure }: TypedSql, options: SqlOptions): TypedSql {
  const { dialect } = options;
  switch (type) {
    case "integer":
      return { sql: dialect.toText(sql), type: "text", isSure };
    case "number": {
      const isWhole = `${sql} = ${dialect.floor(sql)} AND abs(${sql}) < 1e15`;
      return {
        sql: `CASE WHEN ${isWhole} THEN ${dialect.wholeText(sql)} ELSE ${dialect.toText(sql)} END`,
        type: "text",
        isSure,
      };
    }
    case "boolean":
      return { sql: `CASE WHEN ${sql} THEN 'true' WHEN NOT ${sql} THEN 'false' END`, type: "text", isSure };
    case "moment":
      return { sql: momentText(sql, options), type: "text", isSure };
    case "unknown":
      return { sql: dialect.toText(sql), type: "text", isSure };
    default:
      return { sql, type, isSure };
  }
}

/** `2026-08-01T13:00:00` of seconds since 1970, by the clock of the project. */
export function momentText(seconds: string, { dialect, timeZone }: SqlOptions): string {
  return `replace(${dialect.timeText(dialect.localTime({ sql: seconds, kind: "seconds" }, timeZone))}, ' ', 'T')`;
}

/** No clock shows later moments, in milliseconds. */
const END_MS = "8639999913601000";

/** Up to 4294967295 a number counts seconds, above that milliseconds; zero and less are no moment. */
export function momentOfNumberSql({ sql, type, moment }: TypedSql, { dialect }: SqlOptions): TypedSql {
  if (moment !== undefined) return { sql: moment, type: "moment", isSure: true };
  const number = type === "number" ? sql : dialect.toNumber(sql);
  const seconds = dialect.floor(`CASE WHEN ${number} <= 4294967295 THEN ${number} ELSE ${number} / 1000 END`);
  return { sql: `CASE WHEN ${number} > 0 AND ${number} < ${END_MS} THEN ${seconds} END`, type: "moment" };
}
