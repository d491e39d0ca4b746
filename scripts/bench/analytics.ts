/**
 * Prints how many events per second each report gets through, over events in memory.
 *
 *     bun scripts/bench/analytics.ts [number of events]
 */
import { countEvents } from "../../src/analytics/count_events.ts";
import type { AnalyticsEvent } from "../../src/analytics/event.ts";
import { eventNames } from "../../src/analytics/event_names.ts";
import { frequency } from "../../src/analytics/frequency.ts";
import { funnel } from "../../src/analytics/funnel.ts";
import { numericSegmentation } from "../../src/analytics/numeric_segmentation.ts";
import { propertyValues } from "../../src/analytics/property_values.ts";
import { retention } from "../../src/analytics/retention.ts";
import { segmentation } from "../../src/analytics/segmentation.ts";
import { segmentationSum } from "../../src/analytics/segmentation_sum.ts";
import { timeBuckets } from "../../src/analytics/time_buckets.ts";
import { topProperties } from "../../src/analytics/top_properties.ts";
import { compileExpression, compileFilter } from "../../src/expressions/evaluate.ts";
import { parseExpression } from "../../src/expressions/parse.ts";

const RANGE = { fromDay: "2026-08-01", toDay: "2026-09-29", timeZone: "Europe/Berlin" };
const COUNTRIES = ["US", "DE", "FR", "IN", "BR", "JP", "GB", "CA", "MX", "ES", "IT", "NL"];
const NAMES = ["Open", "Open", "View", "View", "View", "Signup", "Buy"];

const eventCount = Number(globalThis.process.argv[2] ?? 1_000_000);
const days = timeBuckets({ ...RANGE, unit: "day" });
const hours = timeBuckets({ ...RANGE, unit: "hour" });
const events = makeEvents(eventCount);

const country = (event: AnalyticsEvent) => event.properties.country;
const amount = (event: AnalyticsEvent) => event.properties.amount;
const environment = { nowMs: days.endMs, timeZone: RANGE.timeZone };
const onCountry = compileExpression(parseExpression(`properties["country"]`), environment);
const isLarge = compileFilter(
  parseExpression(`properties["amount"] > 50 and not properties["plan"] in ["free", "trial"]`),
  environment,
);
const DAY_MS = 86_400_000;
const reports: Record<string, () => unknown> = {
  "events, daily": () => countEvents(events, { names: ["Open", "Buy"], type: "general", buckets: days }),
  "segmentation, daily": () => segmentation(events, { event: "View", buckets: days, on: country }),
  "segmentation, hourly": () => segmentation(events, { event: "View", buckets: hours, on: country }),
  "segmentation, unique": () => segmentation(events, { event: "View", buckets: days, type: "unique", on: country }),
  "segmentation, by user": () =>
    segmentation(events, { event: "View", buckets: days, on: (event) => event.distinctId }),
  "segmentation, expressions": () =>
    segmentation(events, {
      event: "View",
      buckets: days,
      on: (event) => onCountry({ properties: event.properties, event }),
      where: (event) => isLarge({ properties: event.properties, event }),
    }),
  "segmentation, numeric": () => numericSegmentation(events, { event: "Buy", buckets: days, on: amount }),
  "segmentation, sum": () => segmentationSum(events, { event: "Buy", buckets: days, on: amount }),
  "funnel, 3 steps, daily": () =>
    funnel(events, {
      steps: [{ event: "Open" }, { event: "View" }, { event: "Buy" }],
      buckets: days,
      windowMs: DAY_MS,
    }),
  "retention, birth": () =>
    retention(events, { kind: "birth", bornEvent: "Signup", buckets: days, intervalMs: DAY_MS, intervalCount: 30 }),
  "retention, compounded": () =>
    retention(events, { kind: "compounded", event: "View", buckets: days, intervalMs: DAY_MS, intervalCount: 30 }),
  "frequency, days of weeks": () => frequency(events, { ...RANGE, unit: "week", partUnit: "day" }),
  "event names": () => eventNames(events),
  "top properties": () => topProperties(events, {}),
  "property values": () => propertyValues(events, { property: "country" }),
};

for (const [name, report] of Object.entries(reports)) {
  const startedMs = performance.now();
  report();
  const seconds = (performance.now() - startedMs) / 1000;
  const rate = Math.round(eventCount / seconds).toLocaleString("en-US");
  console.log(`${name.padEnd(28)} ${seconds.toFixed(3).padStart(8)} s ${rate.padStart(14)} events/s`);
}

/** A deterministic stream of events in order of time; one user for each forty events. */
function makeEvents(count: number): AnalyticsEvent[] {
  let state = 1;
  const below = (limit: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor(state / 2 ** 32 * limit);
  };
  const stepMs = (days.endMs - days.startMs) / count;
  return Array.from({ length: count }, (_, index) => ({
    name: NAMES[below(NAMES.length)],
    timeMs: Math.floor(days.startMs + index * stepMs),
    // As in a store's rows, the text of each id is a string of its own.
    distinctId: `user-${below(count / 40)}`,
    properties: {
      country: COUNTRIES[below(COUNTRIES.length)],
      plan: below(3) === 0 ? "pro" : "free",
      amount: below(10_000) / 100,
      $insert_id: `insert-${index}`,
    },
  }));
}
