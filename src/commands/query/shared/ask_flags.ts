/** What all questions have in common that are asked by a report's JSON: their flags, and what these mean for a report. */
import { z } from "zod";
import { choice, count, expression, jsonText } from "../../../api/params.ts";
import { fromDate, toDate } from "../../../api/query_params.ts";
import { flagsOf } from "../../../cli/flags.ts";
import { inputError } from "../../../errors.ts";
import type { ReportChanges } from "../../../reports/changes.ts";
import type { Breakdown, CohortCondition, Conditions, ReportRange } from "../../../reports/report.ts";
import { splitConditions } from "../../../reports/tests_of_expression.ts";
import { breakdownOf, typedId } from "./ask_values.ts";
import { reporting } from "./reporting.ts";

export const WHERE = expression('Count only where this holds, such as properties["plan"] == "pro"').optional();

/** The flags that no older question has: with one of them a report is asked by its JSON. */
export const ASK_FLAGS = {
  by: z.array(z.string()).optional().meta({
    placeholder: "PROPERTY",
    completes: "properties",
    description: "Split by this property: plan, user.plan of the profile, amount:10 for ranges of 10",
  }),
  by_cohort: z.array(z.string()).optional().meta({
    placeholder: "ID",
    completes: "cohorts",
    description: "Split by who is in a saved cohort; ID:NAME says how it is called",
  }),
  cohort: z.array(z.string()).optional().meta({
    placeholder: "ID",
    completes: "cohorts",
    description: "Only members of this saved cohort",
  }),
  not_cohort: z.array(z.string()).optional().meta({
    placeholder: "ID",
    completes: "cohorts",
    description: "Only those who are not in this saved cohort",
  }),
  params: jsonText(z.record(z.string(), z.unknown()), "The whole report as Mixpanel's JSON, or @FILE", {
    input: "json",
  }).optional(),
  print_params: z.boolean().optional().meta({ description: "Print the report as Mixpanel's JSON, and send nothing" }),
};

export const RANGE_FLAGS = { from_date: fromDate.optional(), to_date: toDate.optional() };

export const SEGMENTS = {
  limit: count("Most segments to return", { min: 1, max: 10_000 }).optional(),
};

export const SERVER_CSV = {
  server_format: choice(["csv"], "Print the server's own CSV as it comes; -f csv makes a tidier one").optional(),
};

interface CommonFlags {
  where?: string;
  by?: string[];
  by_cohort?: string[];
  cohort?: string[];
  not_cohort?: string[];
  from_date?: string;
  to_date?: string;
}

/** What else to ask of a report that is there: flags that have a meaning for any. */
export const REPORT_CHANGES = {
  by: ASK_FLAGS.by,
  by_cohort: ASK_FLAGS.by_cohort,
  cohort: ASK_FLAGS.cohort,
  not_cohort: ASK_FLAGS.not_cohort,
  where: WHERE,
  ...RANGE_FLAGS,
};

/** The parts of a report that these flags say; `each` is what its events have for themselves. */
export interface AskedCommon {
  range: ReportRange;
  filter?: Conditions;
  breakdowns?: Breakdown[];
  each?: Conditions;
}

/**
 * @param options.isCompared the days are compared with others, so that they are named
 * @param options.range how the days are named, besides by --last
 * @param typedDays the range in words; `--last 30d` is asked as such, so that a link to the report moves on with the days
 * @throws MpError (input) for a range that is missing, and for what a report cannot say.
 */
export function commonOf(
  flags: CommonFlags,
  typedDays: string | undefined,
  { isCompared = false, range }: { isCompared?: boolean; range?: string } = {},
): AskedCommon {
  const { filter, breakdowns, each } = partsOf(flags);
  return {
    range: rangeOf(flags, isCompared ? undefined : typedDays, range),
    ...(filter !== undefined && { filter }),
    ...(breakdowns !== undefined && { breakdowns }),
    ...(each !== undefined && { each }),
  };
}

/**
 * What these flags change of a report that is there.
 *
 * @throws MpError (input) for alternatives, which have no place in what holds for all of a report.
 */
export function reportChangesOf(flags: CommonFlags, typedDays: string | undefined, isCompared = false): ReportChanges {
  const { filter, breakdowns, each } = partsOf(flags);
  if (each !== undefined) {
    throw inputError(
      'Cannot use "or" in --where with a report that is there: its conditions are joined by and',
      "print the report with --print-params, change it, and ask with --params",
      "bad_expression",
    );
  }
  const hasDays = flags.from_date !== undefined || flags.to_date !== undefined;
  return {
    ...(hasDays && { range: rangeOf(flags, isCompared ? undefined : typedDays) }),
    ...(filter !== undefined && { filter }),
    ...(breakdowns !== undefined && { breakdowns }),
  };
}

function partsOf(flags: CommonFlags): Omit<AskedCommon, "range"> {
  const { all, each } = flags.where === undefined ? {} : reporting("--where", flags.where, splitConditions);
  const cohorts = [
    ...(flags.cohort ?? []).map((one) => cohortOf("--cohort", one)),
    ...(flags.not_cohort ?? []).map((one) => ({ ...cohortOf("--not-cohort", one), negated: true as const })),
  ];
  const filter: Conditions = {
    ...(all !== undefined && { where: all }),
    ...(cohorts.length > 0 && { cohorts }),
  };
  const breakdowns = [
    ...(flags.by ?? []).map(breakdownOf),
    ...(flags.by_cohort ?? []).map((one): Breakdown => {
      const { id, name } = cohortOf("--by-cohort", one);
      return { kind: "cohort", id, name: name ?? `Cohort ${id}` };
    }),
  ];
  return {
    ...(Object.keys(filter).length > 0 && { filter }),
    ...(breakdowns.length > 0 && { breakdowns }),
    ...(each !== undefined && { each: { where: each, any: true } }),
  };
}

/** The range of a report; `--last 30d` as such. */
function rangeOf(
  { from_date: from, to_date: to }: Pick<CommonFlags, "from_date" | "to_date">,
  typedDays: string | undefined,
  flags = "--from DAY --to DAY",
): ReportRange {
  if (from === undefined || to === undefined) {
    throw inputError(
      "Cannot ask without a range of days",
      `add --last 30d, or ${flags}`,
      "missing_argument",
    );
  }
  const [, number, unit] = /^last (\d+)([dw])$/.exec(typedDays ?? "") ?? [];
  return number === undefined ? { from, to } : { last: Number(number), unit: unit === "w" ? "week" : "day" };
}

function cohortOf(flag: string, typed: string): CohortCondition {
  const [, id = typed, name] = /^(\d+):(.+)$/s.exec(typed) ?? [];
  return { id: typedId(flag, id, "mp cohorts list"), ...(name !== undefined && { name }) };
}

/**
 * Says of flags that have no place beside a report that is there.
 *
 * @param others by their keys, or in pointed brackets: what is not given is undefined
 * @throws MpError (input) that names the first that is given, as it was typed.
 */
export function refuseOthers(input: z.ZodObject, beside: string, others: Readonly<Record<string, unknown>>): void {
  const flags = new Map(flagsOf(input).map((flag) => [flag.key, flag]));
  const other = Object.entries(others).find(([key, value]) =>
    value !== undefined && value !== flags.get(key)?.defaultValue
  );
  if (other === undefined) return;
  const [key] = other;
  const typed = key.startsWith("<") ? key : flags.get(key)?.flag ?? key;
  throw inputError(
    `Cannot use ${typed} together with ${beside}`,
    "leave one of them out; days, --by, --by-cohort, --cohort, --not-cohort and --where go with it",
    "bad_flags",
  );
}
