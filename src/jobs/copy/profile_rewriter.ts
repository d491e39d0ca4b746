/** From a profile as it is exported to the update that makes it elsewhere; values keep their bytes. */
import { JsonKind, JsonScope, JsonSpans } from "../../streams/json/json_spans.ts";
import type { RewriteLine } from "./copied_blocks.ts";

const encoder = new TextEncoder();

export interface ProfileRewriter {
  rewrite: RewriteLine;
  /** Bytes that an update may have more than its profile. */
  growth: number;
}

/**
 * Updates of users leave `$last_seen` and the place as they are copied; those of groups name the key of their type. A
 * profile that cannot be read is passed on as it is, and refused with its reason where it is checked.
 */
export function profileRewriter(groupKey?: string): ProfileRewriter {
  const spans = new JsonSpans("profile");
  const idKey = spans.watch(JsonScope.record, "$distinct_id");
  const prefix = encoder.encode(
    groupKey === undefined ? '{"$distinct_id":' : `{"$group_key":${JSON.stringify(groupKey)},"$group_id":`,
  );
  const middle = encoder.encode(groupKey === undefined ? ',"$ignore_time":true,"$set":' : ',"$set":');
  const empty = encoder.encode("{}");
  return {
    growth: prefix.length + middle.length + empty.length,
    rewrite(from, start, end, to, at) {
      const id = spans.scan(from, start, end) ? idOf(from) : undefined;
      let next = at;
      const put = (bytes: Uint8Array) => {
        to.set(bytes, next);
        next += bytes.length;
      };
      if (id === undefined) {
        put(from.subarray(start, end));
        return next;
      }
      const { propertiesStart, propertiesEnd } = spans;
      put(prefix);
      put(id);
      put(middle);
      put(propertiesStart < 0 ? empty : from.subarray(propertiesStart, propertiesEnd));
      to[next++] = 0x7d;
      return next;
    },
  };

  /** As it is written, with its quotes. */
  function idOf(from: Uint8Array): Uint8Array | undefined {
    const index = spans.last[idKey] as number;
    if (index < 0) return undefined;
    const quotes = spans.kind[index] === JsonKind.string ? 1 : 0;
    return from.subarray((spans.valueStart[index] as number) - quotes, (spans.valueEnd[index] as number) + quotes);
  }
}
