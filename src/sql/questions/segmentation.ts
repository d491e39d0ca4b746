/** `/segmentation`: one event over time. */
import type { SqlAsking, SqlQuestion } from "../asking.ts";
import { countedSeries, seriesBody } from "../counted_rows.ts";
import { countStatement } from "../count_statement.ts";
import { segmentsOf } from "../segments.ts";
import { countWords, quoted } from "../words.ts";
import { readSegmentation } from "./read_segmentation.ts";

const DEFAULT_SEGMENTS = 60, MOST_SEGMENTS = 10_000;

export function segmentationQuestion(asking: SqlAsking): SqlQuestion {
  const { event, on, type, buckets, commentOf, ...counting } = readSegmentation(asking);
  const limit = Math.min(asking.fields.count("limit", 1) ?? DEFAULT_SEGMENTS, MOST_SEGMENTS);
  const segments = on && segmentsOf(on, asking.dialect);
  segments?.refuseOverlaps(type);
  const { statement, columns, read } = countStatement(asking, {
    ...counting,
    comment: commentOf(countWords(type, quoted(event))),
    type,
    buckets,
    segment: segments?.sql,
    limit: segments?.hasSizes === true ? limit : undefined,
  });
  return {
    statement,
    columns,
    answer: (rows) =>
      seriesBody(
        segments === undefined
          ? countedSeries(read(rows, () => [event]), { type, buckets, asked: [event] })
          : countedSeries(read(rows, segments.keysOf), { type, buckets, limit }),
      ),
  };
}
