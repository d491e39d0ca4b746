import { z } from "zod";
import { me } from "../../api/app.ts";
import { command } from "../../cli/command.ts";
import { jsonResult } from "../../output/print.ts";
import { workspacesOf } from "../../cli/scope.ts";

export default command({
  summary: "list the workspaces (data views) of the project",
  examples: [{ text: "Which data views there are", run: "mp workspaces list" }],
  operations: [me],
  input: z.object({}),
  async run(context) {
    const rows = (await workspacesOf(context)).map(({ id, name, is_default, is_global }) => ({
      id: String(id),
      name,
      default: is_default === true,
      all_data: is_global === true,
    }));
    await context.print(
      jsonResult(rows, { rows, columns: [{ key: "id", identifier: true }, "name", "default", "all_data"] }),
    );
  },
});
