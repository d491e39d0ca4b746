/** Metrics of profiles: how many there are, or a statistic of one of their properties. (facts 2.5) */
import { accumulatorOf } from "../../../analytics/measures/statistics.ts";
import { Refusal } from "../../refusal.ts";
import { customPropertyOfProfile } from "../custom_property_value.ts";
import { type Clause, clausesOf, textAt } from "./clause.ts";
import { customPropertyOf } from "./definitions.ts";
import { filterTest } from "./filter_tests.ts";
import { cannot, type MathName, metricMath } from "./metrics.ts";
import type { Question } from "./question.ts";
import { isObject } from "../../../streams/json/is_object.ts";

/** The number as it is now: no earlier states of profiles are kept. */
export function peopleNumbers(
  question: Question,
  behavior: Clause,
  measurement: unknown,
  path: string,
): { math: MathName; value: unknown } {
  const tests = clausesOf(behavior.filters, `${path}.behavior.filters`).map((filter, index) => {
    const filterPath = `${path}.behavior.filters[${index}]`;
    if (filter.value === "$cohorts") throw cannot("profiles filtered by cohorts");
    const valueOf = profileValue(question, filter, "value", filterPath);
    return { valueOf, test: filterTest(question.range, filter, filterPath) };
  });
  const { math, measure } = metricMath(question, measurement, `${path}.measurement`);
  const property = isObject(measurement) && isObject(measurement.property)
    ? profileValue(question, measurement.property, "name", `${path}.measurement.property`)
    : undefined;
  const accumulator = measure.kind === "values" ? accumulatorOf(measure.statistic)() : undefined;
  if (accumulator === undefined && measure.kind !== "events" && measure.kind !== "people") {
    throw cannot(`math "${math}" of profiles`);
  }
  let count = 0;
  const { store, project } = question.call;
  for (const { properties } of store.profiles.all(project.id)) {
    if (!tests.every(({ valueOf, test }) => test(valueOf(properties)))) continue;
    count++;
    accumulator?.add(property?.(properties), 0);
  }
  return { math, value: accumulator === undefined ? count : accumulator.result() ?? null };
}

/** What a reference is for a profile. */
function profileValue(
  { call }: Question,
  reference: Clause,
  named: "name" | "value",
  path: string,
): (profile: Readonly<Record<string, unknown>>) => unknown {
  const custom = customPropertyOf(call, reference, path);
  if (custom !== undefined) return (profile) => customPropertyOfProfile(custom, profile);
  const name = textAt(reference[named], `${path}.${named}`);
  if (name === undefined || name === "") throw new Refusal(400, `Invalid params: ${path} names no property`);
  return (profile) => Object.hasOwn(profile, name) ? profile[name] : undefined;
}
