/** Metrics of profiles: how many there are, or a statistic of one of their properties. (facts 2.5) */
import { accumulatorOf } from "../../../analytics/measures/statistics.ts";
import { type Clause, clausesOf, textAt } from "./clause.ts";
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
    const name = textAt(filter.value, `${filterPath}.value`);
    if (name === undefined || name === "$cohorts") throw cannot("profiles filtered by anything but a property");
    return { name, test: filterTest(question.range, filter, filterPath) };
  });
  const { math, measure } = metricMath(question, measurement, `${path}.measurement`);
  const property = isObject(measurement) && isObject(measurement.property)
    ? textAt(measurement.property.name, `${path}.measurement.property.name`)
    : undefined;
  const accumulator = measure.kind === "values" ? accumulatorOf(measure.statistic)() : undefined;
  if (accumulator === undefined && measure.kind !== "events" && measure.kind !== "people") {
    throw cannot(`math "${math}" of profiles`);
  }
  let count = 0;
  const { store, project } = question.call;
  for (const { properties } of store.profiles.all(project.id)) {
    const valueOf = (name: string) => Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (!tests.every(({ name, test }) => test(valueOf(name)))) continue;
    count++;
    accumulator?.add(valueOf(property ?? ""), 0);
  }
  return { math, value: accumulator === undefined ? count : accumulator.result() ?? null };
}
