import { count, id } from "../../api/params.ts";
import { queryProfiles } from "../../api/profile_queries.ts";
import { command } from "../../cli/command.ts";
import { listProfiles } from "../profiles/shared/profile_listing.ts";

const { where, output_properties, include_all_users } = queryProfiles.params.shape;

export default command({
  summary: "list the people in a cohort",
  description:
    "All people are fetched, page by page, or as many as --limit says (30 on a terminal); only the first page " +
    "counts against the rate limit.",
  args: ["cohort_id"],
  examples: [
    { text: "Who is in a cohort", run: "mp cohorts members 8001 --limit 20" },
    {
      text: "Names and addresses of some of them, as CSV",
      run:
        `mp cohorts members 8001 --where 'properties["$city"] == "Berlin"' --output-property '$name' --output-property '$email' -f csv`,
    },
  ],
  operations: [queryProfiles],
  input: queryProfiles.params.pick({}).extend({
    cohort_id: id("Id of a cohort, from 'mp cohorts list'", { completes: "cohorts" }),
    where,
    output_properties,
    include_all_users,
    limit: count("Most people to return; 0 returns all; default: all, on a terminal 30", {}, { short: "n" })
      .optional(),
  }),
  run: (context, { cohort_id, limit, ...filters }) =>
    listProfiles(context, { ...filters, filter_by_cohort: { id: cohort_id } }, limit),
});
