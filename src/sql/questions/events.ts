/** `/events` and what is below it. */
import type { CountType } from "../../analytics/count_type.ts";
import { largest } from "../../analytics/ranking.ts";
import { type Buckets, recentBuckets, spanOfTime, timeBuckets } from "../../analytics/time_buckets.ts";
import { rankedEvents, topDays } from "../../analytics/top_events.ts";
import { optionalDays } from "../../sandbox/query/days.ts";
import { Refusal } from "../../sandbox/refusal.ts";
import { UNITS } from "../../sandbox/query/report.ts";
import { notInSql, type SqlAsking, type SqlQuestion, type SqlValue } from "../asking.ts";
import { chosenEvents, chosenName, sqlEvents } from "../chosen_events.ts";
import { countColumns, countedSeries, countNames, countsOf, seriesBody } from "../counted_rows.ts";
import { countStatement } from "../count_statement.ts";
import { SqlExpressions } from "../expression_sql.ts";
import { segmentsOf } from "../segments.ts";
import { selectOf, statementOf } from "../statement.ts";
import { asked, countWords, daysAsked, quoted } from "../words.ts";

const DEFAULT_NAMES = 255, MOST_NAMES = 5000, DEFAULT_VALUES = 255, DEFAULT_PROPERTIES = 10;

const countTypeOf = ({ fields }: SqlAsking): CountType =>
  fields.choice("type", ["general", "unique", "average"]) ?? "general";

/** Days of the request, or the last `interval` units. */
function rangeOf(asking: SqlAsking) {
  const { fields, timeZone, nowMs } = asking;
  const unit = fields.choice("unit", UNITS) ?? "day";
  const days = optionalDays(fields);
  if (days !== undefined) {
    return { unit, buckets: timeBuckets({ ...days, unit, timeZone }), words: daysAsked(asking, { ...days, unit }) };
  }
  const interval = fields.count("interval", 1);
  if (interval === undefined) throw new Refusal(400, "Missing required parameter: from_date");
  const buckets = recentBuckets({ interval, unit, nowMs, timeZone });
  return { unit, buckets, words: `The last ${interval} ${unit}s, by the clock of ${timeZone}` };
}

/** All time, up to the end of today. */
function recently({ timeZone, nowMs }: SqlAsking): Buckets {
  const { endMs } = recentBuckets({ interval: 1, unit: "day", nowMs, timeZone });
  return spanOfTime(-Infinity, endMs);
}

export function eventsQuestion(asking: SqlAsking): SqlQuestion {
  const { fields, dialect } = asking;
  const type = countTypeOf(asking);
  if (type === "unique" && fields.text("unit") === "hour") {
    throw new Refusal(400, "unique events cannot be counted by the hour");
  }
  const names = fields.texts("event");
  if (names === undefined) throw new Refusal(400, "Missing required parameter: event");
  const { unit, buckets, words } = rangeOf(asking);
  const expressions = new SqlExpressions(asking);
  const { where } = asked(asking, expressions);
  const chosen = chosenEvents(asking, {
    names,
    fromMs: buckets.startMs,
    toMs: buckets.endMs,
    columns: expressions.properties.names,
    countsPeople: type === "unique",
  });
  const event = expressions.value('event["name"]');
  const segments = segmentsOf(event, dialect);
  const { statement, columns, read } = countStatement(asking, {
    comment: [
      `${countWords(type, names.map(quoted).join(", "))}${where.words}`,
      words,
      ...chosen.remarks,
      ...expressions.properties.remarks,
    ],
    ...{ chosen, where: where.sql, type, buckets, unit, segment: segments.sql },
  });
  return {
    statement,
    columns,
    answer: (rows) =>
      seriesBody(countedSeries(read(rows, segments.keysOf), { type, buckets, asked: [...new Set(names)] })),
  };
}

/** Totals of all events of a time, by their names. */
function totalsStatement(asking: SqlAsking, buckets: Buckets, type: CountType, comment: readonly string[]) {
  const { dialect } = asking;
  const { event, person } = sqlEvents(asking);
  const chosen = chosenEvents(asking, {
    fromMs: buckets.startMs,
    toMs: buckets.endMs,
    countsPeople: type === "unique",
  });
  return {
    statement: statementOf({
      comment: [...comment, ...chosen.remarks],
      parts: chosen.parts,
      select: selectOf({
        columns: [`${event} AS segment`, ...countColumns(type, person, dialect)],
        from: chosen.from,
        groupBy: [event],
      }),
    }),
    columns: ["segment", ...countNames(type)],
  };
}

/** What a row of counts comes to. */
function totalOf(type: CountType, row: readonly SqlValue[]): number {
  const { events, users } = countsOf(type, row);
  return type === "general"
    ? Number(events)
    : type === "unique"
    ? Number(users)
    : Number(users) === 0
    ? 0
    : Number(events) / Number(users);
}

export function namesQuestion(asking: SqlAsking): SqlQuestion {
  const { fields, timeZone } = asking;
  const days = optionalDays(fields);
  const type = countTypeOf(asking);
  const buckets = days === undefined ? recently(asking) : timeBuckets({ ...days, unit: "day", timeZone });
  const limit = Math.min(fields.count("limit", 1) ?? DEFAULT_NAMES, MOST_NAMES);
  const words = days === undefined ? "All days up to today" : daysAsked(asking, { ...days, unit: "day" });
  return {
    ...totalsStatement(asking, buckets, type, ["The names of events, by how common they are", words]),
    answer: (rows) => {
      const totals = rows.map((row): [string, number] => [String(row[0]), totalOf(type, row)]);
      return largest(totals.filter(([, total]) => total > 0), limit).map(([name]) => name);
    },
  };
}

export function topQuestion(asking: SqlAsking): SqlQuestion {
  const { fields, timeZone, nowMs } = asking;
  const type = countTypeOf(asking);
  const query = { nowMs, timeZone, type, limit: fields.count("limit", 1) };
  const { today, yesterday } = topDays(query);
  const { startMs, endMs } = { startMs: yesterday.startMs, endMs: today.endMs };
  const chosen = chosenEvents(asking, { fromMs: startMs, toMs: endMs, countsPeople: type === "unique" });
  const { event } = sqlEvents(asking);
  const keys = [...yesterday.keys, ...today.keys];
  const buckets = timeBuckets({ fromDay: keys[0]!, toDay: keys[1]!, unit: "day", timeZone });
  const { statement, columns, read } = countStatement(asking, {
    comment: [
      `Today's events, and yesterday's`,
      `${keys.join(" to ")}, by the clock of ${timeZone}`,
      ...chosen.remarks,
    ],
    ...{ chosen, where: [], type, buckets, unit: "day", segment: event },
  });
  return {
    statement,
    columns,
    answer(rows) {
      const totals: [Map<string, number>, Map<string, number>] = [new Map(), new Map()];
      for (const [index, { keys: [name], position }] of read(rows, (value) => [String(value)]).entries()) {
        const total = totalOf(type, rows[index]!);
        if (position >= 0 && total > 0) totals[position]!.set(name!, total);
      }
      return { events: rankedEvents(totals[1], totals[0], query), type };
    },
  };
}

/** One property of the events, as segments. */
function propertyOf(asking: SqlAsking, property: string) {
  const expressions = new SqlExpressions(asking);
  const value = expressions.value({ kind: "reference", source: "properties", name: property, start: 0, end: 0 });
  return { value, segments: segmentsOf(value, asking.dialect), properties: expressions.properties };
}

export function propertiesQuestion(asking: SqlAsking): SqlQuestion {
  const { fields } = asking;
  const event = fields.requiredText("event"), property = fields.requiredText("name");
  const type = countTypeOf(asking);
  const { unit, buckets, words } = rangeOf(asking);
  const values = fields.texts("values");
  const limit = fields.count("limit", 1) ?? DEFAULT_VALUES;
  const { value, segments, properties } = propertyOf(asking, property);
  segments.refuseOverlaps(type);
  const { startMs, endMs } = buckets;
  const chosen = chosenEvents(asking, { names: [event], fromMs: startMs, toMs: endMs, columns: properties.names });
  const isSplit = segments.sql !== undefined;
  const { statement, columns, read } = countStatement(asking, {
    comment: [
      `${countWords(type, quoted(event))}, by its property ${quoted(property)}`,
      words,
      ...chosen.remarks,
      ...properties.remarks,
    ],
    ...{ chosen, type, buckets, unit, where: [`${value.sql} IS NOT NULL`] },
    segment: isSplit ? value.sql : undefined,
    limit: segments.hasSizes && values === undefined ? limit : undefined,
  });
  return {
    statement,
    columns,
    answer(rows) {
      const wanted = values && new Set(values);
      const keysOf = (value: SqlValue) => {
        const keys = segments.presentKeysOf(value);
        return wanted === undefined ? keys : keys.filter((key) => wanted.has(key));
      };
      const counted = isSplit ? read(rows, keysOf) : [];
      return seriesBody(countedSeries(counted, { type, buckets, asked: values && [...wanted!], limit }));
    },
  };
}

export function propertiesTopQuestion(asking: SqlAsking): SqlQuestion {
  const { fields, dialect, table } = asking;
  if (table.columns === undefined) {
    throw notInSql("the names of properties", "--lake PATH says which columns the table has");
  }
  const event = fields.text("event");
  const limit = fields.count("limit", 1) ?? DEFAULT_PROPERTIES;
  const { startMs, endMs } = recently(asking);
  const properties = [...table.columns];
  const chosen = chosenEvents(asking, {
    names: event === undefined ? undefined : [event],
    fromMs: startMs,
    toMs: endMs,
    columns: properties.map(([, { name }]) => name),
  });
  const columns = properties.map((_, index) => `property_${index + 1}`);
  return {
    statement: statementOf({
      comment: [
        `How many events ${event === undefined ? "" : `${quoted(event)} `}have each property`,
        ...chosen.remarks,
        ...(table.rest === undefined ? [] : [`Properties in ${table.rest} are not looked at.`]),
      ],
      parts: chosen.parts,
      select: selectOf({
        columns: properties.map(([, { name }], index) =>
          `count(${dialect.identifier(chosenName(name))}) AS ${columns[index]}`
        ),
        from: chosen.from,
      }),
    }),
    columns,
    answer(rows) {
      const counts = properties.map(([name], index): [string, number] => [name, Number(rows[0]?.[index] ?? 0)]);
      const found = largest(counts.filter(([, count]) => count > 0), limit);
      return Object.fromEntries(found.map(([name, count]) => [name, { count }]));
    },
  };
}

export function valuesQuestion(asking: SqlAsking): SqlQuestion {
  const { fields } = asking;
  const event = fields.text("event"), property = fields.requiredText("name");
  const limit = fields.count("limit", 1) ?? DEFAULT_VALUES;
  const { value, segments, properties } = propertyOf(asking, property);
  const { startMs, endMs } = recently(asking);
  const chosen = chosenEvents(asking, {
    names: event === undefined ? undefined : [event],
    fromMs: startMs,
    toMs: endMs,
    columns: properties.names,
  });
  return {
    statement: statementOf({
      comment: [
        `The values of ${quoted(property)} of ${
          event === undefined ? "all events" : quoted(event)
        }, by how common they are`,
        ...chosen.remarks,
        ...properties.remarks,
      ],
      parts: chosen.parts,
      select: selectOf({
        columns: [`${value.sql} AS segment`, "count(*) AS events"],
        from: chosen.from,
        where: [`${value.sql} IS NOT NULL`],
        groupBy: segments.sql === undefined ? undefined : [value.sql],
      }),
    }),
    columns: ["segment", "events"],
    answer(rows) {
      const counts = new Map<string, number>();
      for (const [value, events] of rows) {
        for (const key of emptyList(value!) ? [] : segments.presentKeysOf(value!)) {
          counts.set(key, (counts.get(key) ?? 0) + Number(events));
        }
      }
      return largest([...counts].filter(([, count]) => count > 0), limit).map(([key]) => key);
    },
  };
}

/** JSON of a list without elements, which has no values. */
const emptyList = (value: SqlValue): boolean => typeof value === "string" && /^\s*\[\s*\]\s*$/.test(value);
