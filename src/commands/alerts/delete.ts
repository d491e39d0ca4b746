import { deleteAlert, deleteAlerts } from "../../api/alerts.ts";
import { call } from "../../api/call.ts";
import { command } from "../../cli/command.ts";
import { confirmInProject } from "../../cli/confirm_in_project.ts";
import { asksForResult } from "../../cli/format_choice.ts";

export default command({
  description: "One by one request, several by one request for all.",
  args: ["alert_ids"],
  examples: [
    { text: "Without being asked", run: "mp alerts delete 7102 --yes" },
    { text: "Two at once", run: "mp alerts delete 7103 7104 --yes" },
  ],
  operations: [deleteAlert, deleteAlerts],
  input: deleteAlerts.params,
  async run(context, { alert_ids }) {
    const [first, ...others] = alert_ids;
    const what = others.length === 0 ? `alert ${first}` : `alerts ${alert_ids.join(", ")}`;
    await confirmInProject(context, `Delete ${what}?`);
    const client = await context.client();
    const answer = others.length === 0
      ? await call(client, deleteAlert, { alert_id: first! })
      : await call(client, deleteAlerts, { alert_ids });
    await context.note(`Deleted ${what}`);
    if (asksForResult(context)) await context.print(answer);
  },
});
