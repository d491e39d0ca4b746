/** The segments that the values of an `on` make. */
import type { CountType } from "../analytics/count_type.ts";
import { segmentKeys } from "../analytics/segment_key.ts";
import { parseJson } from "../streams/json/json.ts";
import { notInSql, type SqlValue } from "./asking.ts";
import type { Dialect } from "./dialect.ts";
import type { TypedSql } from "./typed_sql.ts";

export interface SqlSegments {
  /** The value, to group by. */
  sql: string;
  /** Whether no two values have a key in common, so that what was counted by value needs no counting together. */
  areApart: boolean;
  /** @throws MpError (input) when people would count twice who have several values */
  refuseOverlaps(type: CountType): void;
  /** The keys of a value that a row has: as the emulator makes them. */
  keysOf(value: SqlValue): readonly string[];
  /** The same without what is missing. */
  presentKeysOf(value: SqlValue): readonly string[];
}

export function segmentsOf({ sql, type, isSure }: TypedSql, dialect: Dialect): SqlSegments {
  const valueOf = (value: SqlValue): unknown => {
    if (value === null) return undefined;
    switch (type) {
      case "number":
        return Number(value);
      case "integer":
        return BigInt(value);
      case "boolean":
        return value === true || Number(value) === 1 || value === "true";
      case "json":
        return parseJson(String(value));
      default:
        return value;
    }
  };
  return {
    // The text "undefined" and a missing value are one segment.
    sql: type === "text" && !isSure ? `coalesce(${sql}, ${dialect.text("undefined")})` : sql,
    areApart: type !== "json",
    refuseOverlaps(count) {
      if (count === "general" || type !== "json") return;
      throw notInSql(
        "users split by a property whose values are of several kinds, or lists or objects",
        "--math general counts events; ask with --source FILES for users",
      );
    },
    keysOf: (value) => segmentKeys(valueOf(value)),
    presentKeysOf: (value) => value === null ? [] : segmentKeys(valueOf(value)),
  };
}
