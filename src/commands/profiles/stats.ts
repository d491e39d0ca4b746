import { z } from "zod";
import { call } from "../../api/call.ts";
import { choice, id, text } from "../../api/params.ts";
import { profileStats } from "../../api/profile_stats.ts";
import { command } from "../../cli/command.ts";
import { DATA, dataFields, ifUnderstood } from "../../cli/operation_command.ts";
import { dataView } from "../../cli/scope.ts";
import { inputError } from "../../errors.ts";
import type { Row } from "../../output/row.ts";
import { isObject } from "../../streams/json/is_object.ts";

const { action, selector, filter_by_cohort, include_all_users, as_of_timestamp, data_group_id } =
  profileStats.params.shape;

const MEASURES = ["count", "extremes", "percentile", "summary"] as const;
type Measure = typeof MEASURES[number];

export default command({
  description: `Mixpanel computes it over all profiles: one query, whatever their number. How many there are, or of a
property the extremes, a percentile, or a summary of all its numbers. --action takes Mixpanel's own words in their
place.`,
  args: ["measure", "property"],
  examples: [
    { text: "How many subscribers there are", run: `mp profiles stats --where 'user["plan"] == "Barista"'` },
    {
      text: "What nine in ten have spent at most",
      run: "mp profiles stats percentile lifetime_revenue --percentile 90",
    },
    { text: "The members of a cohort", run: "mp profiles stats summary lifetime_revenue --cohort-id 8001" },
  ],
  operations: [profileStats],
  input: z.object({
    measure: choice(MEASURES, "What is computed; default count").optional(),
    property: text("Property that it is computed of", { placeholder: "PROPERTY" }).optional(),
    percentile: z.number().min(0).max(100).meta({
      placeholder: "N",
      description: "Which percentile, from 0 to 100; default 50",
    }).optional(),
    action: action.unwrap().optional(),
    selector,
    cohort_id: id("Only members of this cohort, from 'mp cohorts list'", { completes: "cohorts" }).optional(),
    filter_by_cohort,
    include_all_users,
    as_of_timestamp,
    data_group_id,
    ...DATA,
  }),
  async run(context, { measure, property, percentile, action, cohort_id, data, ...filters }) {
    const given = dataFields(data, profileStats.params);
    const computed = actionOf({ measure, property, percentile, action }) ?? given.action;
    const cohort = cohort_id === undefined ? filters.filter_by_cohort ?? given.filter_by_cohort : { id: cohort_id };
    const client = await context.client();
    const answer = await call(client, profileStats, {
      ...given,
      ...Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined)),
      ...(computed === undefined ? {} : { action: computed }),
      // Mixpanel counts people without a profile unless told not to.
      ...(cohort === undefined ? {} : {
        filter_by_cohort: cohort,
        include_all_users: filters.include_all_users ?? given.include_all_users ?? false,
      }),
      ...dataView(client),
    } as z.input<typeof profileStats.params>);
    const found = await ifUnderstood(context, () => answer.result());
    await context.print(found === undefined ? answer : { ...answer, rows: rowsOf(found.results) });
  },
});

interface Computed {
  measure?: Measure;
  property?: string;
  percentile?: number;
  action?: string;
}

/** What is computed, in Mixpanel's words; undefined when nobody has said. */
function actionOf({ measure, property, percentile, action }: Computed): string | undefined {
  if (action !== undefined) {
    if (measure === undefined && percentile === undefined) return action;
    throw inputError("Cannot use --action together with a measure", "give one or the other", "bad_flags");
  }
  if (percentile !== undefined && measure !== "percentile") {
    throw inputError(
      `Cannot use --percentile with ${measure ?? "count"}`,
      `for example mp profiles stats percentile ${property ?? "PROPERTY"} --percentile ${percentile}`,
      "bad_flags",
    );
  }
  if (measure === undefined) return undefined;
  if (measure === "count") {
    if (property === undefined) return "count()";
    throw inputError(
      `Cannot count ${JSON.stringify(property)}: profiles are counted, and not properties`,
      `add --where 'defined(user[${JSON.stringify(property)}])' to count those that have it`,
      "bad_flags",
    );
  }
  if (property === undefined) {
    throw inputError(
      `Cannot compute ${measure}: no property is given`,
      `mp profiles stats ${measure} PROPERTY`,
      "missing_argument",
    );
  }
  const value = `properties[${JSON.stringify(property)}]`;
  if (measure === "extremes") return `extremes(${value})`;
  return measure === "summary" ? `numeric_summary(${value})` : `percentile(${value},${percentile ?? 50})`;
}

/** One row for each number, lists and objects within as they are. */
function rowsOf(results: unknown): Row[] {
  if (!isObject(results)) return [{ result: results }];
  return Object.entries(results).map(([measure, value]) => ({ measure, value }));
}
