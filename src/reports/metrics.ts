/** What a report of insights counts: the clauses of `sections.show`. */
import { readConditions, writeConditions } from "./clauses.ts";
import { asObject, asObjects, covers, isId, present } from "./objects.ts";
import { readProperty, writeProperty } from "./properties.ts";
import type { Conditions, Counted, CountedEvent, EventMetric, Json, Measure, Metric } from "./report.ts";

/** Keys of filters: read by `readConditions`, which loses nothing. */
export const SETTLED = ["filters", "filtersDeterminer"];

export function writeMetric(metric: Metric): Json {
  switch (metric.kind) {
    case "raw":
      return metric.clause;
    case "saved": {
      const { id, name, hidden: isHidden } = metric;
      const overrides = present({ name, isHidden });
      return { type: "metric", id, ...(Object.keys(overrides).length > 0 && { overrides }) };
    }
    case "formula": {
      const { name, definition, hidden = false } = metric;
      return {
        type: "formula",
        ...present({ name }),
        definition,
        isHidden: hidden,
        measurement: {},
        referencedMetrics: [],
      };
    }
    case "event": {
      const { name, hidden = false, measure } = metric;
      return {
        type: "metric",
        ...present({ name }),
        isHidden: hidden,
        behavior: writeCounted(metric),
        measurement: writeMeasure(measure),
      };
    }
  }
}

/** A metric; one of another form is kept as it came. */
export function readMetric(clause: Json): Metric {
  const read = readFormula(clause) ?? readSaved(clause) ?? readEventMetric(clause);
  return read !== undefined && covers(writeMetric(read), clause, SETTLED) ? read : { kind: "raw", clause };
}

/** `filters` and how they are joined, as events have them. */
export function writeFilters(filter: Conditions | undefined): Json {
  const { clauses, determiner } = writeConditions(filter);
  return { filtersDeterminer: determiner, filters: clauses };
}

export function readFilters({ filters, filtersDeterminer }: Json): { filter?: Conditions } {
  const filter = readConditions(asObjects(filters), filtersDeterminer);
  return filter === undefined ? {} : { filter };
}

function writeCounted({ of, filter }: EventMetric): Json {
  switch (of.type) {
    case "event":
      return { type: "event", name: of.event, resourceType: "events", ...writeFilters(filter) };
    case "custom_event":
      return {
        ...{ type: "custom-event", id: of.id, name: `$custom_event:${of.id}`, resourceType: "events" },
        ...writeFilters(filter),
      };
    case "cohort":
      return {
        ...{
          type: "cohort",
          id: of.id,
          name: of.name,
          resourceType: "cohorts",
          dataset: "$mixpanel",
          dataGroupId: null,
        },
        ...writeFilters(filter),
      };
    case "events":
      // Filters of the outer block are ignored by the server: they stand on each event.
      return {
        ...{ type: "simple", name: of.name, resourceType: "events", filtersDeterminer: "all", filters: [] },
        behaviors: of.events.map(({ event, filter: own }) => ({
          type: "event",
          id: null,
          name: event,
          ...writeFilters(own),
        })),
      };
  }
}

function writeMeasure({ math, property, perUser, percentile, cumulative, rolling }: Measure): Json {
  return {
    math,
    property: property === undefined ? null : writeProperty(property),
    perUserAggregation: perUser ?? null,
    ...present({ percentile, cumulative }),
    ...(rolling !== undefined && { rolling: { rollingWindowSize: rolling } }),
  };
}

function readFormula({ type, definition, name, isHidden }: Json): Metric | undefined {
  if (type !== "formula" || typeof definition !== "string") return undefined;
  return { kind: "formula", definition, ...named(name), ...hiddenIf(isHidden) };
}

function readSaved({ type, id, behavior, overrides }: Json): Metric | undefined {
  if (type !== "metric" || !isId(id) || behavior !== undefined) return undefined;
  const { name, isHidden } = asObject(overrides);
  return { kind: "saved", id, ...named(name), ...hiddenIf(isHidden) };
}

function readEventMetric({ type, name, isHidden, behavior, measurement }: Json): Metric | undefined {
  const of = readCounted(asObject(behavior));
  const measure = readMeasure(asObject(measurement));
  if ((type !== undefined && type !== "metric") || of === undefined || measure === undefined) return undefined;
  const filter = of.type === "events" ? {} : readFilters(asObject(behavior));
  return { kind: "event", of, measure, ...filter, ...named(name), ...hiddenIf(isHidden) };
}

const named = (name: unknown): { name?: string } => typeof name === "string" && name !== "" ? { name } : {};
const hiddenIf = (isHidden: unknown): { hidden?: true } => isHidden === true ? { hidden: true } : {};

function readCounted({ type, id, name, behaviors, filters }: Json): Counted | undefined {
  if (typeof name !== "string") return undefined;
  if (type === "event") return { type, event: name };
  if (type === "custom-event" && isId(id)) return { type: "custom_event", id };
  if (type === "cohort" && isId(id)) return { type, id, name };
  if (type !== "simple") return undefined;
  // The server ignores filters of the outer block, unless there is nothing within it.
  if (asObjects(filters).length > 0 || asObjects(behaviors).length === 0) return undefined;
  const events = asObjects(behaviors).map((one): CountedEvent => ({ event: String(one.name), ...readFilters(one) }));
  return { type: "events", name, events };
}

function readMeasure(measurement: Json): Measure | undefined {
  const { math, property, perUserAggregation, percentile, cumulative, rolling } = measurement;
  const { rollingWindowSize } = asObject(rolling);
  if (typeof math !== "string") return undefined;
  return {
    math,
    ...present({ property: readProperty(property) }),
    ...(typeof perUserAggregation === "string" && { perUser: perUserAggregation }),
    ...(typeof percentile === "number" && { percentile }),
    ...(cumulative === true && { cumulative }),
    ...(typeof rollingWindowSize === "number" && { rolling: rollingWindowSize }),
  };
}
