import { listProjects, type meResult, type projectList } from "../../api/app.ts";
import { operationCommand } from "../../cli/operation_command.ts";
import type { z } from "zod";

export default operationCommand(listProjects, {
  examples: [
    { text: "Which projects the credentials can see", run: "mp projects list" },
    { text: "Only their ids", run: "mp projects list --jq '.results.projects | keys[]'" },
  ],
  present: (result) => ({
    rows: Array.isArray(result) ? result : rowsOfMe(result),
    columns: [{ key: "id", identifier: true }, "name", "organization", "timezone"],
  }),
});

/** `/me` keys projects by their id, and keeps organizations apart. */
function rowsOfMe(me: z.output<typeof meResult>): z.output<typeof projectList> {
  return Object.entries(me.projects).map(([id, project]) => ({
    id,
    name: project.name,
    organization: me.organizations[String(project.organization_id)]?.name ?? "",
    timezone: project.timezone,
  }));
}
