/** `mp export profiles`: all user profiles, to a file or a pipe. */
import { z } from "zod";
import { id } from "../../api/params.ts";
import { queryProfiles } from "../../api/profile_queries.ts";
import { command } from "../../cli/command.ts";
import { profileExportFlags, runProfileExport } from "./shared/profile_export.ts";

const { behaviors, include_all_users } = queryProfiles.params.shape;
const { where, as_of, ...others } = profileExportFlags;

export default command({
  output: "own",
  summary: "all user profiles, to a file or a pipe",
  description:
    'JSON Lines, a profile a line: {"$distinct_id": …, "$properties": {…}}, exactly as Mixpanel sends it; or CSV, TSV, ' +
    "Parquet or a JSON list, by --format or the file's name. Only the first page counts against the rate limit; " +
    "the others are fetched several at a time. What a run that was stopped has fetched stays beside the file, and the " +
    "same command goes on there. Exit code 8 says that fewer profiles came than Mixpanel had said.",
  examples: [
    { text: "Everybody, compressed", run: "mp export profiles -o profiles.jsonl.gz" },
    {
      text: "Some properties of paying users, as a table for a spreadsheet",
      run:
        `mp export profiles --where 'properties["plan"] == "pro"' --output-property '$name,$email,plan' -o paying.csv`,
    },
    { text: "The members of a cohort", run: "mp export profiles --cohort 8001 -o cohort.jsonl" },
  ],
  operations: [queryProfiles],
  input: z.object({
    where,
    cohort: id("Only members of this cohort, from 'mp cohorts list'", { completes: "cohorts" }).optional(),
    include_all_users,
    behaviors,
    as_of,
    ...others,
  }),
  run: (context, { cohort, include_all_users, ...input }) =>
    runProfileExport(
      context,
      {
        filter_by_cohort: cohort === undefined ? undefined : { id: cohort },
        include_all_users,
      },
      input,
      "profile",
    ),
});
