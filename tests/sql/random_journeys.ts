/** Random funnels and random retention, about the events of `journeys_lab.ts`. */
import type { FunnelReport, RetentionReport } from "../../src/reports/report.ts";
import type { Random } from "../helpers/random.ts";
import { CONDITIONS, property, randomBreakdowns, randomConditions } from "./arbitrary_parts.ts";
import { dayOf, DAYS, NAMES } from "./journeys_lab.ts";

/** A report as `mp query funnel` asks it. */
export function randomFunnel(random: Random): FunnelReport {
  const count = 2 + random.below(3);
  const event = () => random.chance(0.1) ? "$all_events" : random.pick(NAMES);
  const steps = Array.from({ length: count }, () => {
    const filter = randomConditions(random);
    return { event: event(), ...(filter !== undefined && { filter }) };
  });
  const exclusions = Array.from({ length: random.pick([0, 0, 0, 1, 2]) }, () => {
    const from = 1 + random.below(count - 1);
    return { event: random.pick(NAMES), from, to: from + 1 + random.below(count - from) };
  });
  const math = random.pick(["conversion_rate_unique", "unique", "total", "conversion_rate_session"]);
  const isOfSessions = math === "conversion_rate_session" || random.chance(0.2);
  const first = random.below(DAYS);
  const breakdowns = randomBreakdowns(random);
  const filter = random.chance(0.3) ? { where: random.pick(CONDITIONS) } : undefined;
  return {
    kind: "funnel",
    steps,
    order: random.pick(["loose", "loose", "any"]),
    window: isOfSessions
      ? { length: 1 + random.below(2), unit: "session" }
      : random.pick([{ length: 3, unit: "second" }, { length: 1, unit: "hour" }, { length: 30, unit: "hour" }, {
        length: 1,
        unit: "week",
      }]),
    math,
    exclusions,
    holdingConstant: random.pick([[], [], ["plan"], ["plan", "amount"]]).map(property),
    ...(random.chance(0.3) && { reentry: random.pick(["default", "optimized"]) }),
    range: { from: dayOf(first), to: dayOf(first + random.below(DAYS - first)) },
    unit: random.pick(["hour", "day", "day", "week", "month", "hour_of_day", "day_of_week"]),
    chart: random.pick(["funnel-steps", "line"]),
    ...(breakdowns !== undefined && { breakdowns }),
    ...(filter !== undefined && { filter }),
  };
}

/** Parameters of `/retention`. */
export function randomRetention(random: Random): URLSearchParams {
  const first = random.below(DAYS);
  const kind = random.pick(["birth", "birth", "compounded"]);
  const fields = new URLSearchParams({
    from_date: dayOf(first),
    to_date: dayOf(first + random.below(DAYS - first)),
    retention_type: kind,
    interval_count: String(random.below(5)),
  });
  if (kind === "birth") fields.set("born_event", random.pick(NAMES));
  if (random.chance(0.7)) fields.set("event", random.pick(NAMES));
  if (random.chance(0.3)) fields.set("where", random.pick(CONDITIONS));
  if (random.chance(0.3)) fields.set("born_where", random.pick(CONDITIONS));
  if (random.chance(0.3)) fields.set("interval", String(1 + random.below(3)));
  if (random.chance(0.4)) fields.set("unit", random.pick(["day", "week", "month"]));
  if (random.chance(0.3)) fields.set("unbounded_retention", "true");
  if (random.chance(0.4)) {
    fields.set(
      "on",
      random.pick(['properties["plan"]', 'properties["amount"]', 'properties["ok"]', 'properties["missing"]']),
    );
    if (random.chance(0.4)) fields.set("limit", String(1 + random.below(3)));
  }
  return fields;
}

/** A report as `mp query retention` asks it with two events. */
export function randomRetentionReport(random: Random): RetentionReport {
  const event = () => {
    const filter = randomConditions(random);
    const event = random.chance(0.2) ? "$all_events" : random.pick(NAMES);
    return { event, ...(filter !== undefined && { filter }) };
  };
  const first = random.below(DAYS);
  const breakdowns = randomBreakdowns(random);
  const filter = random.chance(0.3) ? { where: random.pick(CONDITIONS) } : undefined;
  return {
    kind: "retention",
    birth: event(),
    returning: event(),
    math: random.pick(["retention_rate", "unique", "total", "average"]),
    type: random.pick(["birth", "compounded"]),
    interval: random.pick(["day", "day", "week", "month"]),
    alignment: random.pick(["birth", "interval_start"]),
    unbounded: random.pick(["none", "carry_back", "carry_forward", "consecutive_forward"]),
    ...(random.chance(0.3) && { buckets: random.pick([[1, 3], [2, 5, 6]]) }),
    ...(random.chance(0.2) && { cumulative: true }),
    range: { from: dayOf(first), to: dayOf(first + random.below(DAYS - first)) },
    unit: "day",
    chart: "retention-curve",
    ...(breakdowns !== undefined && { breakdowns }),
    ...(filter !== undefined && { filter }),
  };
}
