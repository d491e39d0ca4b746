/** `mp export groups`: all profiles of one type of group. */
import { z } from "zod";
import { text } from "../../api/params.ts";
import { queryProfiles } from "../../api/profile_queries.ts";
import { command } from "../../cli/command.ts";
import { profileExportFlags, runProfileExport } from "./shared/profile_export.ts";

const { as_of: _asOf, ...flags } = profileExportFlags;

export default command({
  output: "own",
  summary: "all profiles of companies or other groups, to a file or a pipe",
  description:
    "Like 'mp export profiles', for one type of group. Its id has 19 digits; Mixpanel shows it under Project Settings → " +
    "Group Analytics. In each profile, $distinct_id is the group's id.",
  examples: [
    { text: "All groups of a type", run: "mp export groups --group-key-id 1000000000000000001 -o companies.jsonl" },
  ],
  operations: [queryProfiles],
  input: z.object({
    data_group_id: text("Which groups: the id of the group key", {
      flag: "group-key-id",
      aliases: ["data-group-id"],
      placeholder: "ID",
    })
      .regex(/^\d+$/, { error: (issue) => `${JSON.stringify(issue.input)} is not a numeric id` }),
    ...flags,
  }),
  run: (context, { data_group_id, ...input }) => runProfileExport(context, { data_group_id }, input, "group"),
});
