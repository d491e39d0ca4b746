/** Filters of a bookmark, as conditions on events. (facts 2.9) */
import { visitPeople } from "../../../analytics/rows/scan.ts";
import { everyOf, someOf, ValueFilter } from "../../../analytics/rows/row_filters.ts";
import type { RowFilter, RowValue } from "../../../analytics/rows/row_value.ts";
import { isObject } from "../../../streams/json/is_object.ts";
import { Refusal } from "../../refusal.ts";
import { type Clause, clauseOf, clausesOf, serverFailure, textAt, wordOf } from "./clause.ts";
import { cohortOf } from "./definitions.ts";
import { filterTest } from "./filter_tests.ts";
import { eventRows } from "./event_names.ts";
import { isOfCustomProperty, referencedValue } from "./properties.ts";
import type { Question } from "./question.ts";
import { bucketsOfRange } from "./time.ts";

/** A list of filters of which all must be met, or with the determiner `any` one. Undefined for none. */
export function filtersOf(
  question: Question,
  value: unknown,
  path: string,
  determiner: unknown = "all",
): RowFilter | undefined {
  const filters = clausesOf(value, path).map((filter, index) => filterOf(question, filter, `${path}[${index}]`));
  if (filters.length === 0) return undefined;
  const all = wordOf(determiner, ["all", "any", "and", "or"], `${path}Determiner`) ?? "all";
  return all === "any" || all === "or" ? someOf(filters) : everyOf(filters);
}

/**
 * `sections.filter`. For funnels and retention the servers read `value` of a custom property's filter, too, and fail where
 * it is missing.
 */
export function globalFilters(question: Question, sections: Clause, needsValue: boolean): RowFilter | undefined {
  const filters = clausesOf(sections.filter, "sections.filter");
  if (needsValue && filters.some((filter) => isOfCustomProperty(filter) && !Object.hasOwn(filter, "value"))) {
    throw serverFailure();
  }
  return filtersOf(question, filters, "sections.filter");
}

function filterOf(question: Question, filter: Clause, path: string): RowFilter {
  if (filter.value === "$cohorts") return cohortsFilter(question, filter, path);
  if (filter.behaviorType !== undefined) throw serverFailure();
  if (isObject(filter.behavior)) return frequencyFilter(question, filter, filter.behavior, path);
  if (filter.filterJoinType === "list" || filter.listItemFilters !== undefined) {
    return new ValueFilter(referencedValue(question, filter, "value", path), itemsTest(question, filter, path));
  }
  return new ValueFilter(referencedValue(question, filter, "value", path), filterTest(question.range, filter, path));
}

/** On lists of objects: whether any of them, or all, meet the inner filters. */
function itemsTest(question: Question, filter: Clause, path: string): (value: unknown) => boolean {
  const quantifier = wordOf(filter.listQuantifier, ["any", "all"], `${path}.listQuantifier`) ?? "any";
  const inner = clausesOf(filter.listItemFilters, `${path}.listItemFilters`).map((item, index) => {
    const itemPath = `${path}.listItemFilters[${index}]`;
    const name = textAt(item.value ?? item.propertyName, `${itemPath}.value`);
    if (name === undefined) throw new Refusal(400, `Invalid params: ${itemPath} names no property`);
    return { name, test: filterTest(question.range, item, itemPath) };
  });
  const meets = (item: unknown) =>
    isObject(item) && inner.every(({ name, test }) => test(Object.hasOwn(item, name) ? item[name] : undefined));
  return (value) => Array.isArray(value) && value.length > 0 && value[quantifier === "any" ? "some" : "every"](meets);
}

/** Of people who are in one of the cohorts, or with `does not contain` in none. */
function cohortsFilter(question: Question, filter: Clause, path: string): RowFilter {
  const operator = wordOf(filter.filterOperator, ["contains", "does not contain"], `${path}.filterOperator`);
  const memberships = clausesOf(filter.filterValue, `${path}.filterValue`).map((item, index) => {
    return cohortTest(question, clauseOf(item.cohort ?? item, `${path}.filterValue[${index}].cohort`));
  });
  return new ValueFilter(peopleValue(question), (distinctId) => {
    return memberships.some((isMember) => isMember(distinctId as string)) === (operator !== "does not contain");
  });
}

/** Whether people are members of a cohort, or not when it is negated. */
export function cohortTest({ call }: Question, cohort: Clause): (distinctId: string) => boolean {
  const members = cohortOf(call, cohort);
  return (distinctId) => members.has(distinctId) !== (cohort.negated === true);
}

/** The id that each event's person is known by. */
export function peopleValue({ view }: Question): RowValue {
  return {
    bind: ({ people }) => (row) => view.distinctIdOf(people[row]!),
    coded: ({ people }) => ({
      codes: people,
      source: view.table.people,
      count: view.table.people.count,
      valueOf: (code) => view.distinctIdOf(code),
    }),
  };
}

/**
 * How often somebody did an event in the time of the range's unit that a row is in. The behavior's own range of dates has
 * no effect. (facts 2.9, 2.13)
 */
function frequencyFilter(question: Question, filter: Clause, behavior: Clause, path: string): RowFilter {
  const test = filterTest(question.range, { ...filter, filterType: "number" }, path);
  return new ValueFilter(frequencyValue(question, behavior, `${path}.behavior`), test);
}

/** `{behaviorType: "$frequency", event: {value}, filters, filtersOperator}`: how often each event's person did it. */
export function frequencyValue(question: Question, behavior: Clause, path: string): RowValue {
  if (behavior.behaviorType !== "$frequency") {
    throw new Refusal(400, `Invalid params: ${path}.behaviorType is not "$frequency"`);
  }
  wordOf(behavior.aggregationOperator, ["total"], `${path}.aggregationOperator`);
  const name = textAt(clauseOf(behavior.event, `${path}.event`).value, `${path}.event.value`) ?? "";
  const { names, where: own } = eventRows(question, name);
  const filters = filtersOf(question, behavior.filters, `${path}.filters`, behavior.filtersOperator);
  const where = everyOf([own, filters].filter((one) => one !== undefined));
  const { view, range } = question;
  const buckets = bucketsOfRange(range);
  const counts = new Map<number, number>();
  const cellOf = (person: number, bucket: number) => person * buckets.keys.length + bucket;
  visitPeople(view, { names, where, buckets }, (person, _, bucket) => {
    const cell = cellOf(person, bucket);
    counts.set(cell, (counts.get(cell) ?? 0) + 1);
  });
  return {
    bind({ people, timesMs }) {
      const cursor = buckets.cursor();
      return (row) => {
        const bucket = cursor.indexOf(timesMs[row]!);
        return bucket < 0 ? 0 : counts.get(cellOf(view.personOf(people[row]!), bucket)) ?? 0;
      };
    },
  };
}
