/** Who is in a cohort, by flags: from them its definition, and from a definition the flags that say the same. */
import { z } from "zod";
import { cohortChanges, cohortId } from "../../../api/cohorts.ts";
import { day, expression } from "../../../api/params.ts";
import { expressionError } from "../../../cli/expressions.ts";
import { inputError } from "../../../errors.ts";
import { applySuggestions } from "../../../expressions/check.ts";
import { ExpressionError } from "../../../expressions/syntax.ts";
import {
  COHORT_MATHS,
  COHORT_UNITS,
  type CohortConditions,
  type CohortWindow,
  type DidCondition,
  type DidOperator,
} from "../../../reports/cohorts/cohort.ts";
import { cohortConditions, cohortDefinition } from "../../../reports/cohorts/definition.ts";
import { profileSelector } from "../../../reports/cohorts/profile_selector.ts";
import { windowOf as spanOf } from "../../query/shared/ask_values.ts";
import { shellWord } from "../../../runtime/shell_word.ts";

const times = (description: string) =>
  z.array(
    z.string().regex(/^\d{1,15}$/, { error: (issue) => `${JSON.stringify(issue.input)} is not a whole number` })
      .transform(Number),
  ).optional().meta({ placeholder: "N", description });

/** Flags that are about behavior or other cohorts. */
export const BEHAVIOR_FLAGS = {
  did: z.array(z.string().min(1)).optional().meta({
    placeholder: "EVENT",
    completes: "events",
    description: "An event that members did; the flags on how often and when hold for all, or are given once for each",
  }),
  did_not: z.array(z.string().min(1)).optional().meta({
    placeholder: "EVENT",
    completes: "events",
    description: "An event that members did not do, within --within or the days",
  }),
  at_least: times("Did it so often or more; default 1"),
  at_most: times("Did it so often or less"),
  exactly: times("Did it exactly so often"),
  within: z.array(z.string()).optional().meta({
    placeholder: "SPAN",
    description: "How far back from now: 30d, 4w or 3month",
  }),
  from_date: day("First day, in place of --within", { flag: "from" }).optional(),
  to_date: day("Last day, included", { flag: "to" }).optional(),
  did_where: z.array(z.string().min(1)).optional().meta({
    placeholder: "EXPR",
    description: 'A condition on the event, such as properties["amount"] > 30',
  }),
  math: z.array(z.string()).optional().meta({
    placeholder: "MATH:PROPERTY",
    description: `What the numbers are of, in place of how often: ${COHORT_MATHS.join(", ")} of a property`,
  }),
  in: z.array(cohortId).optional().meta({
    placeholder: "ID",
    completes: "cohorts",
    description: "A cohort that members are in",
  }),
  not_in: z.array(cohortId).optional().meta({
    placeholder: "ID",
    completes: "cohorts",
    description: "A cohort that members are not in",
  }),
  any: z.boolean().optional().meta({ description: "One of the conditions is enough; default: all hold" }),
};

export const PROFILE_WHERE = expression('Who is in it, such as properties["plan"] == "pro"').optional();

/** The fields of an App API body that have flags of their own. */
export const CHANGE_FLAGS = {
  description: cohortChanges.description,
  is_visible: cohortChanges.is_visible,
  is_locked: cohortChanges.is_locked,
  data_group_id: cohortChanges.data_group_id,
};

const FLAGS = z.object({ ...BEHAVIOR_FLAGS, where: PROFILE_WHERE });
type Flags = z.output<typeof FLAGS>;

/** Whether any flag is given that only the App API's definition can say. */
export function saysBehavior(flags: Flags): boolean {
  return Object.keys(BEHAVIOR_FLAGS).some((name) => flags[name as keyof Flags] !== undefined);
}

/**
 * The definition that flags say; undefined when they say nothing of who is in it.
 *
 * @throws MpError (input) for flags that do not go together, and for expressions that a cohort cannot say.
 */
export function definitionOfFlags(flags: Flags): { selector: object; behaviors: object } | undefined {
  const did = [...didConditions(flags), ...didNotConditions(flags)];
  const { where, in: inCohorts = [], not_in: notIn = [], any } = flags;
  if (did.length + inCohorts.length + notIn.length === 0 && where === undefined) {
    if (!saysBehavior(flags)) return undefined;
    throw inputError(
      "Cannot tell who is in the cohort: no event and no cohort is named",
      "add --did EVENT, --did-not EVENT, --in ID or --where EXPR",
      "missing_argument",
    );
  }
  if (where !== undefined) said("--where", where, () => profileSelector(where));
  for (const one of did) {
    if (one.where !== undefined) {
      said("--did-where", one.where, () => cohortDefinition({ did: [one], in: [], notIn: [] }));
    }
  }
  return cohortDefinition({ did, where, in: inCohorts, notIn, ...(any && { any }) });
}

function said(flag: string, text: string, read: () => unknown): void {
  try {
    read();
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    const meant = applySuggestions(text, [error]);
    const hint = meant === text ? undefined : `write ${flag} ${shellWord(meant)}`;
    throw expressionError(`Cannot use ${flag} for a cohort`, text, [error], hint);
  }
}

function didConditions(flags: Flags): DidCondition[] {
  const { did = [] } = flags;
  const often: [DidOperator, string, number[] | undefined][] = [
    [">=", "--at-least", flags.at_least],
    ["<=", "--at-most", flags.at_most],
    ["==", "--exactly", flags.exactly],
  ];
  const given = often.filter(([, , numbers]) => numbers !== undefined);
  if (given.length > 1) throw conflict(`${given[0]![1]} with ${given[1]![1]}`, "a cohort has one bound on how often");
  const [operator, flag, numbers] = given[0] ?? [">=", "--at-least", [1]] as const;
  if (did.length === 0 && given.length > 0) throw conflict(`${flag} without --did`, "add --did EVENT");
  if (did.length === 0 && (flags.did_where ?? flags.math) !== undefined) {
    throw conflict(flags.math === undefined ? "--did-where without --did" : "--math without --did", "add --did EVENT");
  }
  return did.map((event, index) => {
    const where = each(flags.did_where, "--did-where", index, did.length);
    const math = each(flags.math, "--math", index, did.length);
    return {
      event,
      operator,
      number: each(numbers, flag, index, did.length)!,
      during: windowOf(flags, index, did.length),
      ...(where !== undefined && { where }),
      ...(math !== undefined && { measure: measureOf(math) }),
    };
  });
}

function didNotConditions(flags: Flags): DidCondition[] {
  const { did_not: events = [] } = flags;
  return events.map((event) => ({ event, operator: "==", number: 0, during: windowOf(flags, 0, 1) }));
}

/** A flag holds for all events, or is given once for each. */
function each<T>(values: readonly T[] | undefined, flag: string, index: number, count: number): T | undefined {
  if (values === undefined || values.length === 1) return values?.[0];
  if (values.length === count) return values[index];
  throw inputError(
    `Cannot use ${flag} ${values.length} times with ${count} ${count === 1 ? "event" : "events"}`,
    `give ${flag} once, or once for each event`,
    "bad_flags",
  );
}

function windowOf({ within, from_date: from, to_date: to }: Flags, index: number, count: number): CohortWindow {
  const span = each(within, "--within", index, count);
  if (span !== undefined) {
    if (from !== undefined || to !== undefined) throw conflict("--within with --from or --to", "leave one of them out");
    const { length: last, unit: word } = spanOf(span);
    const unit = COHORT_UNITS.find((one) => one === word);
    if (unit !== undefined) return { last, unit };
    throw inputError(
      `Cannot use --within ${span} for a cohort: it counts days`,
      "write 30d, 4w or 3monthnth",
      "bad_span",
    );
  }
  if (from === undefined || to === undefined) {
    throw inputError(
      "Cannot tell when it was done: a cohort needs a span of time",
      "add --within 30d, or --from DAY --to DAY",
      "missing_argument",
    );
  }
  if (from > to) {
    throw inputError(`Cannot use --from ${from} with --to ${to}: it ends before it begins`, "swap the two days");
  }
  return { from, to };
}

function measureOf(text: string): NonNullable<DidCondition["measure"]> {
  const [, word, property] = /^(\w+):(.+)$/.exec(text) ?? [];
  const math = COHORT_MATHS.find((one) => one === word);
  if (math !== undefined && property !== undefined) return { math, property };
  throw inputError(
    `Cannot use --math ${JSON.stringify(text)}`,
    `write one of ${COHORT_MATHS.join(", ")} and a property: total:amount`,
    "bad_math",
  );
}

function conflict(what: string, hint: string): Error {
  return inputError(`Cannot use ${what}`, hint, "bad_flags");
}

/** The flags that say a definition, as they would be typed; undefined for one that says more. */
export function flagsOfDefinition(definition: Readonly<Record<string, unknown>>): string | undefined {
  const conditions = cohortConditions(definition);
  if (conditions === undefined) return undefined;
  const words = conditionFlags(conditions);
  return words && words.map(shellWord).join(" ");
}

function conditionFlags({ did, where, in: inCohorts, notIn, any }: CohortConditions): string[] | undefined {
  const never = did.filter(isNever);
  const done = did.filter((one) => !isNever(one));
  const windows = new Set(did.map(({ during }) => JSON.stringify(during)));
  const operators = new Set(done.map(({ operator }) => operator));
  const isEachSame = (read: (one: DidCondition) => unknown) =>
    new Set(done.map((one) => read(one) === undefined)).size <= 1;
  const isOneWindow = windows.size === 1 || (never.length === 0 && did.every(({ during }) => "last" in during));
  const areAlike = operators.size <= 1 && isEachSame((one) => one.where) && isEachSame((one) => one.measure);
  if (did.length > 0 && !(isOneWindow && areAlike)) return undefined;
  const flag = { ">=": "--at-least", "<=": "--at-most", "==": "--exactly" }[done[0]?.operator ?? ">="];
  const during = windows.size === 1 ? did.slice(0, 1) : done;
  return [
    ...done.flatMap(({ event, number, where: condition, measure }) => [
      ...["--did", event, flag, String(number)],
      ...(condition === undefined ? [] : ["--did-where", condition]),
      ...(measure === undefined ? [] : ["--math", `${measure.math}:${measure.property}`]),
    ]),
    ...never.flatMap(({ event }) => ["--did-not", event]),
    ...during.flatMap((one) => windowFlags(one.during)),
    ...(where === undefined ? [] : ["--where", where]),
    ...inCohorts.flatMap((id) => ["--in", String(id)]),
    ...notIn.flatMap((id) => ["--not-in", String(id)]),
    ...(any ? ["--any"] : []),
  ];
}

const isNever = ({ operator, number, where, measure }: DidCondition): boolean =>
  operator === "==" && number === 0 && where === undefined && measure === undefined;

function windowFlags(during: CohortWindow): string[] {
  if (!("last" in during)) return ["--from", during.from, "--to", during.to];
  return ["--within", `${during.last}${{ day: "d", week: "w", month: "month" }[during.unit]}`];
}
