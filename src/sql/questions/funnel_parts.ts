/** The parts of a funnel's statement, and its numbers. */
import type { SqlOptions } from "../asking.ts";
import { selectOf, type SqlPart } from "../statement.ts";
import type { SqlBuckets } from "../time_column.ts";
import { entryParts, serialNames, stepEvents } from "./funnel_events.ts";
import { type FunnelMode, modeOf, type SqlFunnel } from "./funnel_rules_sql.ts";
import { beginnings, chainParts, optimalParts } from "./funnel_turns.ts";
import { wayParts } from "./funnel_ways.ts";

export interface FunnelSql {
  parts: readonly SqlPart[];
  /** Whether a part refers to itself. */
  isRecursive: boolean;
  /**
   * A row for each period, segment and combination of `counts_0` …, with how many attempts get to each step (`step_1` …), and how
   * long they all take for it from the first step (`ms_1_to_3`) and from the one before (`ms_2_to_3`).
   */
  select: string;
  columns: readonly string[];
}

/** @param period by when people enter, over the column `moment`; undefined where all is one period */
export function funnelParts(options: SqlOptions, funnel: SqlFunnel, period?: SqlBuckets): FunnelSql {
  const mode = modeOf(funnel);
  const hasPeriod = period !== undefined;
  const ways = wayParts(funnel, mode, hasPeriod);
  const last = ways.at(-1)!.name;
  const counted = mode.isChain
    ? chainParts(options.dialect, funnel, mode, { from: last, hasPeriod })
    : funnel.reentersOptimally
    ? optimalParts(funnel, mode, last, hasPeriod)
    : [];
  const numbers = numbersOf(funnel, mode, counted.at(-1)?.name ?? last, period);
  return {
    parts: [
      ...stepEvents(options, funnel, mode),
      ...entryParts(funnel, mode, period?.sql),
      ...(mode.isChain ? [beginnings(funnel, mode, hasPeriod)] : []),
      ...ways,
      ...counted,
      ...numbers.parts,
    ],
    isRecursive: mode.isChain && options.dialect.chainOf === undefined,
    select: numbers.select,
    columns: numbers.columns,
  };
}

function numbersOf(
  { steps, segments }: SqlFunnel,
  { turnColumns }: FunnelMode,
  from: string,
  period: SqlBuckets | undefined,
): Pick<FunnelSql, "parts" | "select" | "columns"> {
  const groups = [
    ...(period === undefined ? [] : ["period"]),
    ...serialNames("segment", segments.length),
    ...turnColumns,
  ];
  const sum = (value: string, step: number) => `sum(CASE WHEN reached >= ${step} THEN ${value} ELSE 0 END)`;
  const numbers = new Map([["step_1", "count(*)"]]);
  for (let step = 2; step <= steps.length; step++) {
    numbers.set(`step_${step}`, sum("1", step));
    numbers.set(`ms_1_to_${step}`, sum(`ms_${step}`, step));
    if (step > 2) numbers.set(`ms_${step - 1}_to_${step}`, sum(`ms_${step} - ms_${step - 1}`, step));
  }
  const columns = [...groups, ...numbers.keys()];
  const counts = selectOf({
    columns: [...groups, ...[...numbers].map(([name, sql]) => `${sql} AS ${name}`)],
    from,
    groupBy: groups,
    ...(period === undefined && { orderBy: groups }),
  });
  if (period === undefined) return { parts: [], select: counts, columns };
  const shown = columns.map((name) => name === "period" ? `${period.shown("counts.period")} AS period` : name);
  return {
    parts: [{ name: "counts", select: counts }],
    select: selectOf({ columns: shown, from: "counts", orderBy: groups }),
    columns,
  };
}
