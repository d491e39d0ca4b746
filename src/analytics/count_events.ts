import type { ReportLines } from "./cells_of_rows.ts";
import type { CountType } from "./count_type.ts";
import type { EventView } from "./rows/event_view.ts";
import type { RowFilter } from "./rows/row_value.ts";
import { type Series, SeriesCounter } from "./series.ts";
import type { Buckets } from "./time_buckets.ts";

/** Counts the named events over time; a name that never occurs has zeros. (Mixpanel: `/events`) */
export function countEvents(
  view: EventView,
  { names, type, buckets, where }: { names: readonly string[]; type: CountType; buckets: Buckets; where?: RowFilter },
): Series {
  const keys = [...new Set(names)];
  const segments = new Int32Array(view.table.names.count);
  for (const [line, name] of keys.entries()) {
    const code = view.table.names.find(name);
    if (code >= 0) segments[code] = line;
  }
  const lines: ReportLines = {
    keys,
    bind: ({ names: codes }) => (row) => segments[codes[row]!]!,
    coded: ({ names: codes }) => ({ codes, segments, resolve: (code) => segments[code]! }),
    several: () => [],
  };
  return new SeriesCounter(view, type, { names: keys, buckets, where }, lines).inOrder();
}
