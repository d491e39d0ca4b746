/**
 * Prints how many events per second each report gets through, over events in columns. Times are the processor's, which
 * other programs disturb less.
 *
 *     bun scripts/bench/analytics.ts [number of events]
 */
import process from "node:process";
import { countEvents } from "../../src/analytics/count_events.ts";
import { eventNames } from "../../src/analytics/event_names.ts";
import { frequency } from "../../src/analytics/frequency.ts";
import { funnel, funnelBySegment } from "../../src/analytics/funnels/funnel.ts";
import { numericSegmentation } from "../../src/analytics/numeric_segmentation.ts";
import { propertyValues } from "../../src/analytics/property_values.ts";
import { retention } from "../../src/analytics/retention.ts";
import { ColumnExpression, ColumnFilter } from "../../src/analytics/rows/column_expression.ts";
import { EventView } from "../../src/analytics/rows/event_view.ts";
import { segmentation } from "../../src/analytics/segmentation.ts";
import { segmentationSum } from "../../src/analytics/segmentation_sum.ts";
import { EventTable } from "../../src/analytics/table/event_table.ts";
import { timeBuckets } from "../../src/analytics/time_buckets.ts";
import { topProperties } from "../../src/analytics/top_properties.ts";
import { parseExpression } from "../../src/expressions/parse.ts";

const RANGE = { fromDay: "2026-08-01", toDay: "2026-09-29", timeZone: "Europe/Berlin" };
const COUNTRIES = ["US", "DE", "FR", "IN", "BR", "JP", "GB", "CA", "MX", "ES", "IT", "NL"];
const NAMES = ["Open", "Open", "View", "View", "View", "Signup", "Buy"];
const RUNS = 5;

const eventCount = Number(process.argv[2] ?? 1_000_000);
const days = timeBuckets({ ...RANGE, unit: "day" });
const hours = timeBuckets({ ...RANGE, unit: "hour" });
const view = new EventView(makeTable(eventCount));

const environment = { nowMs: days.endMs, timeZone: RANGE.timeZone };
const on = (text: string) => new ColumnExpression(view, parseExpression(text), environment, () => undefined);
const country = on(`properties["country"]`);
const amount = on(`properties["amount"]`);
const where = new ColumnFilter(on(`properties["amount"] > 50 and not properties["plan"] in ["free", "trial"]`));
const DAY_MS = 86_400_000;
const steps = [{ event: "Open" }, { event: "View" }, { event: "Buy" }];
const returning = { buckets: days, intervalMs: DAY_MS, intervalCount: 30 };
const reports: Record<string, () => unknown> = {
  "rows in the order of people": () => new EventView(view.table).byPerson,
  "events, daily": () => countEvents(view, { names: ["Open", "Buy"], type: "general", buckets: days }),
  "segmentation, daily": () => segmentation(view, { event: "View", buckets: days, on: country }),
  "segmentation, hourly": () => segmentation(view, { event: "View", buckets: hours, on: country }),
  "segmentation, unique": () => segmentation(view, { event: "View", buckets: days, type: "unique", on: country }),
  "unique people": () => segmentation(view, { event: "View", buckets: days, type: "unique" }),
  "segmentation, by user": () =>
    segmentation(view, { event: "View", buckets: days, on: on(`properties["$distinct_id"]`) }),
  "segmentation, expressions": () => segmentation(view, { event: "View", buckets: days, on: country, where }),
  "segmentation, numeric": () => numericSegmentation(view, { event: "Buy", buckets: days, on: amount }),
  "segmentation, sum": () => segmentationSum(view, { event: "Buy", buckets: days, on: amount }),
  "funnel, 3 steps, daily": () => funnel(view, { steps, buckets: days, windowMs: DAY_MS }),
  "funnel, totals": () => funnel(view, { steps, buckets: days, windowMs: DAY_MS, counting: "totals" }),
  "funnel, by country": () => funnelBySegment(view, { steps, buckets: days, windowMs: DAY_MS, on: country }),
  "retention, birth": () => retention(view, { kind: "birth", bornEvent: "Signup", ...returning }),
  "retention, compounded": () => retention(view, { kind: "compounded", event: "View", ...returning }),
  "frequency, days of weeks": () => frequency(view, { ...RANGE, unit: "week", partUnit: "day" }),
  "event names": () => eventNames(view, { buckets: days }),
  "event names by people": () => eventNames(view, { buckets: days, type: "unique" }),
  "top properties": () => topProperties(view, { buckets: days }),
  "property values": () => propertyValues(view, { property: "country", buckets: days }),
};

for (const [name, report] of Object.entries(reports)) {
  const runs = Array.from({ length: RUNS }, () => {
    const before = process.cpuUsage();
    report();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  });
  const least = Math.min(...runs);
  const rate = Math.round(eventCount / least * 1000).toLocaleString("en-US");
  const first = runs[0]!.toFixed(1).padStart(9);
  console.log(
    `${name.padEnd(28)} first ${first} ms, best ${least.toFixed(1).padStart(8)} ms ${rate.padStart(15)} events/s`,
  );
}

/** A deterministic stream of events in order of time; one user for each forty events. */
function makeTable(count: number): EventTable {
  const table = new EventTable();
  let state = 1;
  const below = (limit: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor(state / 2 ** 32 * limit);
  };
  const stepMs = (days.endMs - days.startMs) / count;
  for (let index = 0; index < count; index++) {
    const properties = {
      country: COUNTRIES[below(COUNTRIES.length)],
      plan: below(3) === 0 ? "pro" : "free",
      amount: below(10_000) / 100,
      $insert_id: `insert-${index}`,
    };
    table.append({
      name: NAMES[below(NAMES.length)]!,
      timeMs: Math.floor(days.startMs + index * stepMs),
      distinctId: `user-${below(count / 40)}`,
      properties: JSON.stringify(properties),
    });
  }
  return table;
}
