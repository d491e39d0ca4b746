/** The pictures of a report of retention: a heat map of cohorts and intervals, and the curve of their averages. */
import {
  averageAt,
  bySegment,
  type CohortTable,
  pointOf,
  reachedIntervals,
  type RetentionPoint,
} from "./cohort_table.ts";
import type { Chart } from "./chart.ts";
import type { HeatCell, HeatRow } from "./heat_map.ts";

const OPEN_NOTE = "not over yet: people can still come back";

/** A row for each cohort below their average; where there are segments, a row for each of them. */
export function cohortHeatMap(table: CohortTable): Chart {
  const intervals = Array.from({ length: reachedIntervals(table) }, (_, index) => index);
  const groups = bySegment(table.rows);
  const hasSegments = groups.some(([segment]) => segment !== undefined);
  const rows: HeatRow[] = groups.flatMap(([segment, own]): HeatRow[] => {
    const average = {
      label: segment ?? "average",
      size: own.some(({ people }) => people !== null) ? own.reduce((sum, { people }) => sum + (people ?? 0), 0) : null,
      cells: intervals.map((index) => heatCell(averageAt(table, own, index))),
    };
    if (hasSegments) return [average];
    const cohorts = own.map((row) => ({
      label: row.date,
      size: row.people,
      cells: intervals.map((index) => heatCell(pointOf(table, row, index))),
    }));
    return cohorts.length > 1 ? [{ ...average, isSummary: true }, ...cohorts] : cohorts;
  });
  return {
    kind: "heat_map",
    map: {
      labelTitle: hasSegments ? "segment" : table.interval === 1 ? table.unit : `${table.interval} ${table.unit}s`,
      sizeTitle: "people",
      columns: intervals.map((index) => `${index === 0 ? `${table.unit} ` : ""}${index}`),
      rows,
      openNote: OPEN_NOTE,
    },
  };
}

/** The averages over the intervals, in percent; a line for each segment. */
export function retentionCurve(table: CohortTable): Chart {
  const intervals = Array.from({ length: reachedIntervals(table) }, (_, index) => index);
  return {
    kind: "line",
    totals: false,
    openNote: OPEN_NOTE,
    series: bySegment(table.rows).map(([segment, own]) => ({
      name: segment ?? "came back %",
      points: intervals.map((index) => {
        const { share, state } = averageAt(table, own, index);
        return {
          label: String(index),
          value: share === null ? null : Math.round(share * 1000) / 10,
          isOpen: state !== "complete",
        };
      }),
    })),
  };
}

const heatCell = ({ share, state }: RetentionPoint): HeatCell => ({ share, isOpen: state === "open" });
