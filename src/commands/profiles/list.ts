import { count } from "../../api/params.ts";
import { queryProfiles } from "../../api/profile_queries.ts";
import { command } from "../../cli/command.ts";
import { listProfiles, showPage } from "./shared/profile_listing.ts";

const { distinct_id: _one, workspace_id: _workspace, ...filters } = queryProfiles.params.shape;

export default command({
  summary: "list user profiles, filtered by properties, cohort or behaviour",
  description:
    "All profiles are fetched, page by page, or as many as --limit says (30 on a terminal); only the first page " +
    "counts against the rate limit. --session-id and --page fetch one later page of a query by hand.",
  examples: [
    { text: "The first twenty", run: "mp profiles list --limit 20" },
    {
      text: "Names and addresses of paying users, as CSV",
      run:
        `mp profiles list --where 'properties["plan"] == "pro"' --output-property '$name' --output-property '$email' -f csv`,
    },
  ],
  operations: [queryProfiles],
  input: queryProfiles.params.pick({}).extend({
    ...filters,
    limit: count("Most profiles to return; 0 returns all; default: all, on a terminal 30", {}, { short: "n" })
      .optional(),
  }),
  run: (context, { limit, session_id, page, ...params }) =>
    session_id === undefined && page === undefined
      ? listProfiles(context, params, limit)
      : showPage(context, { ...params, session_id, page }),
});
