/** Funnels and retention: the behavior of their one clause in `sections.show`. */
import { readFilters, SETTLED, writeFilters } from "./metrics.ts";
import { asObject, asObjects, isId, present, unsaid } from "./objects.ts";
import { readProperty, writeProperty } from "./properties.ts";
import type { FunnelReport, Json, PropertyRef, ReportStep, RetentionReport, WindowUnit } from "./report.ts";

/** What a clause says besides: of itself, of its behavior and of its measurement. */
export interface RawClause {
  clause?: Json;
  behavior?: Json;
  measurement?: Json;
}

interface ReadClause<Parts> {
  parts: Parts;
  raw: RawClause;
}

type Exclusion = NonNullable<FunnelReport["exclusions"]>[number];

type Behavior<R> = Omit<R, "range" | "unit" | "chart" | "comparison" | "filter" | "breakdowns" | "name" | "raw">;
export type FunnelParts = Behavior<FunnelReport>;
export type RetentionParts = Behavior<RetentionReport>;

const CUSTOM_EVENT = /^\$custom_event:(\d+)$/;

export function writeFunnel({ steps, order, window, math, property, stepIndex, ...funnel }: FunnelParts): Json {
  const { reentry, holdingConstant = [], exclusions = [] } = funnel;
  return {
    behavior: {
      ...{ type: "funnel", resourceType: "events", funnelOrder: order },
      ...{ conversionWindowDuration: window.length, conversionWindowUnit: window.unit },
      behaviors: steps.map((step) => ({ ...writeStep(step), funnelOrder: order })),
      exclusions: exclusions.map(writeExclusion),
      aggregateBy: holdingConstant.map(writeHeld),
      ...present({ funnelReentryMode: reentry }),
      filter: [],
    },
    measurement: {
      math,
      property: property === undefined ? null : writeProperty(property),
      stepIndex: stepIndex ?? null,
    },
  };
}

export const writeExclusion = ({ event, from, to }: Exclusion): Json => ({ event, steps: { from, to } });

/** A property that is held constant. */
export function writeHeld({ name, source, customPropertyId }: PropertyRef): Json {
  return customPropertyId === undefined
    ? { value: name, resourceType: source }
    : { customPropertyId, value: null, resourceType: source };
}

/** Undefined for what is no funnel of named steps. */
export function readFunnel(clause: Json): ReadClause<FunnelParts> | undefined {
  const { behavior, measurement } = clause;
  const own = asObject(behavior);
  const steps = readSteps(own.behaviors);
  const { math, property, stepIndex } = asObject(measurement);
  if (own.type !== "funnel" || steps === undefined || typeof math !== "string") return undefined;
  const holding = asObjects(own.aggregateBy).flatMap(({ value, resourceType, customPropertyId }): PropertyRef[] => {
    const source = resourceType === "people" ? "people" : "events";
    if (isId(customPropertyId)) return [{ name: "", source, type: "string", customPropertyId }];
    return typeof value === "string" ? [{ name: value, source, type: "string" }] : [];
  });
  const exclusions = asObjects(own.exclusions).map(({ event, steps: between }) => {
    const { from, to } = asObject(between);
    return { event: String(event), from: Number(from), to: Number(to) };
  });
  const parts: FunnelParts = {
    kind: "funnel",
    steps,
    order: own.funnelOrder === "any" ? "any" : "loose",
    window: {
      length: typeof own.conversionWindowDuration === "number" ? own.conversionWindowDuration : 14,
      unit: typeof own.conversionWindowUnit === "string" ? own.conversionWindowUnit as WindowUnit : "day",
    },
    math,
    ...present({ property: readProperty(property) }),
    ...(typeof stepIndex === "number" && { stepIndex }),
    ...(typeof own.funnelReentryMode === "string" && { reentry: own.funnelReentryMode as FunnelReport["reentry"] }),
    ...(holding.length > 0 && { holdingConstant: holding }),
    ...(exclusions.length > 0 && { exclusions }),
  };
  return { parts, raw: rawOf(writeFunnel(parts), clause) };
}

export function writeRetention({ birth, returning, math, property, ...retention }: RetentionParts): Json {
  const { type, interval, alignment, unbounded, buckets = [], cumulative } = retention;
  return {
    behavior: {
      ...{ type: "retention", resourceType: "events", retentionType: type, retentionUnit: interval },
      ...{
        retentionAlignmentType: alignment,
        retentionCustomBucketSizes: [...buckets],
        retentionUnboundedMode: unbounded,
      },
      behaviors: [writeStep(birth), writeStep(returning)],
      filters: [],
    },
    measurement: {
      math,
      property: property === undefined ? null : writeProperty(property),
      ...(cumulative && { retentionCumulative: true }),
    },
  };
}

/** Undefined for what is no retention of two named events. */
export function readRetention(clause: Json): ReadClause<RetentionParts> | undefined {
  const { behavior, measurement } = clause;
  const own = asObject(behavior);
  const [birth, returning, ...more] = readSteps(own.behaviors) ?? [];
  const { math, property, retentionCumulative } = asObject(measurement);
  if (own.type !== "retention" || birth === undefined || returning === undefined || more.length > 0) return undefined;
  if (typeof math !== "string") return undefined;
  const buckets = Array.isArray(own.retentionCustomBucketSizes) ? own.retentionCustomBucketSizes.map(Number) : [];
  const parts: RetentionParts = {
    kind: "retention",
    birth,
    returning,
    math,
    ...present({ property: readProperty(property) }),
    type: (own.retentionType ?? "birth") as RetentionReport["type"],
    interval: (own.retentionUnit ?? "day") as RetentionReport["interval"],
    alignment: (own.retentionAlignmentType ?? "birth") as RetentionReport["alignment"],
    unbounded: (own.retentionUnboundedMode ?? "none") as RetentionReport["unbounded"],
    ...(buckets.length > 0 && { buckets }),
    ...(retentionCumulative === true && { cumulative: true as const }),
  };
  return { parts, raw: rawOf(writeRetention(parts), clause) };
}

/** What a clause says and its report does not. */
function rawOf(written: Json, { behavior, measurement, ...clause }: Json): RawClause {
  const { behaviors, ...own } = asObject(behavior);
  const ofBehavior = {
    ...unsaid(asObject(written.behavior), own),
    ...unsaid(asObject(written.behavior), { behaviors }, SETTLED),
  };
  return present({
    clause: unsaid({ type: "metric" }, clause),
    behavior: Object.keys(ofBehavior).length === 0 ? undefined : ofBehavior,
    measurement: unsaid(asObject(written.measurement), asObject(measurement)),
  });
}

function writeStep({ event, customEventId, filter }: ReportStep): Json {
  const own = customEventId === undefined
    ? { type: "event", id: null, name: event }
    : { type: "custom-event", id: customEventId, name: `$custom_event:${customEventId}` };
  return { ...own, ...writeFilters(filter) };
}

function readSteps(behaviors: unknown): ReportStep[] | undefined {
  const steps = asObjects(behaviors).map(readStep);
  return steps.length === 0 || steps.includes(undefined) ? undefined : steps as ReportStep[];
}

function readStep(behavior: Json): ReportStep | undefined {
  const { name } = behavior;
  if (typeof name !== "string") return undefined;
  const [, id] = CUSTOM_EVENT.exec(name) ?? [];
  const custom = id === undefined ? undefined : Number.isSafeInteger(Number(id)) ? Number(id) : BigInt(id);
  return { event: name, ...present({ customEventId: custom }), ...readFilters(behavior) };
}
