/** Who is in a cohort, by its definition: people with a profile, and people of whom there are only events. */
import { toMoment } from "../../expressions/casts.ts";
import { ZoneClock } from "../../expressions/moment.ts";
import { operatorsFor } from "../../expressions/operators.ts";
import type { Value } from "../../expressions/values.ts";
import { isObject } from "../../streams/json/is_object.ts";
import type { SandboxCall } from "../call.ts";
import { storedZone } from "../ingestion/event_time.ts";
import { Refusal } from "../refusal.ts";
import { USER_GROUP_KEY } from "../store/profiles.ts";
import { behaviorNumber } from "./cohort_behaviors.ts";
import { profileFilter } from "./expressions.ts";
import { eventViewOf } from "./report.ts";
import { COHORT, type CohortDefinition, type SavedCohort } from "./saved_cohort.ts";

type Properties = Readonly<Record<string, unknown>>;

/** The members of a cohort. */
export interface CohortMembers {
  /** Whether the person of an id is a member. Any id of a person will do; the profile is looked up unless it is given. */
  has(distinctId: string, profile?: Properties): boolean;
  /** The ids by which all members are known, those with a profile first. */
  ids(): Generator<string, void>;
}

/** Somebody who may be a member. The code is that of the event view; below 0 for people without events. */
interface Person {
  profile: Properties | undefined;
  id: string;
  code: number;
}

type Condition = (person: Person) => boolean;

/**
 * The members of a saved cohort.
 *
 * @throws Refusal 400 when there is no such cohort, or its definition cannot be read.
 */
export function savedCohortMembers(call: SandboxCall, id: number): CohortMembers {
  const cohort = savedCohort(call, id);
  if (cohort === undefined) throw new Refusal(400, `Cohort ${id} not found`);
  return membersWhere(call, conditionOf(call, cohort, new Set([id])));
}

/**
 * The members of a definition: what a query calls `raw_cohort`.
 *
 * @throws Refusal 400 when it cannot be read, and 500 for `selector: null` of an event, on which the real server crashes.
 */
export function rawCohortMembers(call: SandboxCall, raw: unknown): CohortMembers {
  if (!isObject(raw)) throw invalid("it is not an object");
  const behaviors = isObject(raw.behaviors) ? Object.values(raw.behaviors) : [];
  for (const behavior of behaviors) {
    const { count } = isObject(behavior) ? behavior : {};
    const { event_selector: selector } = isObject(count) ? count : {};
    if (isObject(selector) && selector.selector === null) {
      throw new Refusal(500, "An unexpected error occurred. Error ID: 00000000000000000000000000000000");
    }
  }
  return membersWhere(call, conditionOf(call, raw));
}

/** The members of a saved cohort's definition, or of one that is to be saved. */
export function cohortMembers(call: SandboxCall, definition: CohortDefinition): CohortMembers {
  return membersWhere(call, conditionOf(call, definition));
}

export function countMembers(members: CohortMembers): number {
  let count = 0;
  for (const _id of members.ids()) count++;
  return count;
}

function membersWhere(call: SandboxCall, accepts: Condition): CohortMembers {
  const { store: { profiles, identities }, project } = call;
  const view = eventViewOf(call);
  return {
    has(distinctId, profile) {
      const id = identities.resolve(project.id, distinctId);
      const known = profile ?? profiles.get(project.id, USER_GROUP_KEY, id);
      return accepts({ id, code: view.personWithId(id), profile: known });
    },
    *ids() {
      const seen = new Set<number>();
      for (const { distinctId, properties } of profiles.all(project.id)) {
        const code = view.personWithId(distinctId);
        if (code >= 0) seen.add(code);
        if (accepts({ id: distinctId, code, profile: properties })) yield distinctId;
      }
      // Code 0 stands for events of nobody.
      for (let code = 1; code < view.table.people.count; code++) {
        if (view.personOf(code) !== code || seen.has(code)) continue;
        const id = view.distinctIdOf(code);
        if (accepts({ id, code, profile: undefined })) yield id;
      }
    },
  };
}

const savedCohort = (call: SandboxCall, id: number): SavedCohort | undefined =>
  call.store.savedObjects.get(call.project.id, COHORT, id);

/** `within` has the ids of the cohorts that name this one: nobody is in a cohort by being in it. */
function conditionOf(
  call: SandboxCall,
  { selector, behaviors }: CohortDefinition,
  within: ReadonlySet<number> = new Set(),
): Condition {
  if (selector === undefined || selector === null) return () => false;
  const where = isObject(selector) ? selector.where : selector;
  if (typeof where === "string") {
    const accepts = profileFilter(call, where);
    return ({ profile }) => profile !== undefined && accepts(profile);
  }
  const numbers = new Map(
    Object.entries(isObject(behaviors) ? behaviors : {}).map(([name, one]) => [name, behaviorNumber(call, one)]),
  );
  const clock = new ZoneClock(storedZone(call.project));
  const operators = operatorsFor(clock);
  return nodeCondition(selector);

  function nodeCondition(node: unknown): Condition {
    if (!isObject(node)) throw invalid("a selector is an object");
    if (Array.isArray(node.children)) {
      const conditions = node.children.map(nodeCondition);
      if (node.operator === "and") return (person) => conditions.every((holds) => holds(person));
      if (node.operator === "or") return (person) => conditions.some((holds) => holds(person));
      throw invalid(`unknown operator "${String(node.operator)}"`);
    }
    if (node.property === "behaviors") return didCondition(node);
    if (node.property === "user") return profileCondition(node);
    if (node.property === "cohort") return cohortCondition(node);
    throw invalid(`unknown property "${String(node.property)}"`);
  }

  function didCondition({ value, operator, operand }: Properties): Condition {
    const number = numbers.get(String(value));
    if (number === undefined) throw invalid(`there is no behavior "${String(value)}"`);
    if (operator !== ">=" && operator !== "<=" && operator !== "==") {
      throw invalid(`unknown operator "${String(operator)}"`);
    }
    const compare = operators[operator];
    return ({ code }) => compare(number(code), operand as Value) === true;
  }

  function profileCondition({ value: name, operator, operand, type }: Properties): Condition {
    if (typeof name !== "string") throw invalid("a condition on profiles names a property");
    const typed = (value: unknown): Value =>
      type === "datetime" ? toMoment(value as Value, clock) ?? undefined : value as Value;
    const operands = (Array.isArray(operand) ? operand : [operand]).map(typed);
    const test = profileTest(String(operator), operands);
    return ({ profile }) =>
      test(profile !== undefined && Object.hasOwn(profile, name) ? typed(profile[name]) : undefined);
  }

  function profileTest(operator: string, operands: readonly Value[]): (value: Value) => boolean {
    const any = (compare: (value: Value, operand: Value) => Value) => (value: Value) =>
      operands.some((operand) => compare(value, operand) === true);
    const contains = any((value, operand) => operators.contains(value, operand));
    switch (operator) {
      case "==":
        return any(operators["=="]);
      case "!=":
        return (value) => !any(operators["=="])(value);
      case "in":
        return contains;
      case "not in":
        return (value) => !contains(value);
      case ">":
        return any(operators[">"]);
      case "<":
        return any(operators["<"]);
      case "defined":
        return (value) => value !== undefined;
      case "not defined":
        return (value) => value === undefined;
      default:
        throw invalid(`unknown operator "${operator}"`);
    }
  }

  function cohortCondition({ value, operator }: Properties): Condition {
    const id = Number(value);
    // Nobody is in a cohort that has been deleted meanwhile.
    const cohort = within.has(id) ? undefined : savedCohort(call, id);
    const isMember = conditionOf(call, cohort ?? {}, new Set([...within, id]));
    if (operator === "in") return isMember;
    if (operator === "not in") return (person) => !isMember(person);
    throw invalid(`unknown operator "${String(operator)}"`);
  }
}

const invalid = (words: string): Refusal => new Refusal(400, `Invalid cohort definition: ${words}`);
