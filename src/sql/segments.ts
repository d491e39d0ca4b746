/** The segments that the values of an `on` make. */
import type { CountType } from "../analytics/count_type.ts";
import { segmentKeys } from "../analytics/segment_key.ts";
import { parseJson } from "../streams/json/json.ts";
import { notInSql, type SqlValue } from "./asking.ts";
import type { Dialect } from "./dialect.ts";
import type { TypedSql } from "./typed_sql.ts";

export interface SqlSegments {
  /** The value, to group by; undefined where it is the same for all events. */
  sql?: string;
  /** Whether the statement can tell how large a segment is: no two values have one in common. */
  hasSizes: boolean;
  /** @throws MpError (input) when people would count twice who have several values */
  refuseOverlaps(type: CountType): void;
  /** The keys of a value that a row has: as the emulator makes them. */
  keysOf(value: SqlValue): readonly string[];
  /** The same without what is missing. */
  presentKeysOf(value: SqlValue): readonly string[];
}

export function segmentsOf({ sql, type, isSure, constant }: TypedSql, dialect: Dialect): SqlSegments {
  if (type === "nothing" || constant !== undefined) return sameSegments(constant);
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
    hasSizes: type !== "json" && (dialect.partitionsByFractions || (type !== "number" && type !== "unknown")),
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

function sameSegments(value: unknown): SqlSegments {
  const keys = segmentKeys(value);
  return {
    hasSizes: false,
    refuseOverlaps: () => {},
    keysOf: () => keys,
    presentKeysOf: () => value === undefined ? [] : keys,
  };
}
