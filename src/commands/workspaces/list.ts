import { z } from "zod";
import { call } from "../../api/call.ts";
import { listWorkspaces } from "../../api/workspaces.ts";
import { command } from "../../cli/command.ts";
import { ifUnderstood } from "../../cli/operation_command.ts";

export default command({
  examples: [
    { text: "Which data views there are", run: "mp workspaces list" },
    {
      text: "Those that not everybody sees",
      run: "mp workspaces list --jq '.results[] | select(.is_restricted) | .name'",
    },
  ],
  operations: [listWorkspaces],
  input: z.object({}),
  async run(context) {
    const client = await context.client();
    const answer = await call(client, listWorkspaces, {});
    const found = await ifUnderstood(context, () => answer.result());
    if (found === undefined) return await context.print(answer);
    const { projectId } = client.connection;
    const own = (Array.isArray(found) ? found : Object.values(found.workspaces))
      .filter((one) => one.project_id === undefined || String(one.project_id) === projectId);
    await context.print({
      ...answer,
      rows: own.map(({ id, name, is_default, is_global }) => ({
        id: String(id),
        name,
        default: is_default === true,
        all_data: is_global === true,
      })),
      columns: [{ key: "id", identifier: true }, "name", "default", "all_data"],
    });
  },
});
