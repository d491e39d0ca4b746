import { z } from "zod";
import { call } from "../../api/call.ts";
import { text } from "../../api/params.ts";
import { addServiceAccounts, removeServiceAccounts } from "../../api/service_accounts.ts";
import { command } from "../../cli/command.ts";
import { asksForResult } from "../../cli/format_choice.ts";
import { organizationOf } from "../../cli/scope.ts";
import { projectsOf } from "./shared/projects_of.ts";

const { organization_id, service_account_ids } = addServiceAccounts.params.shape;

export default command({
  description: "The project is that of --project, or those of --from.",
  args: ["service_account_ids"],
  examples: [{ text: "Without being asked", run: "mp service-accounts remove-from-project 4 --yes" }],
  operations: [removeServiceAccounts],
  input: z.object({
    service_account_ids,
    from: z.array(text("Project")).optional().meta({ placeholder: "ID", description: "Project's id" }),
    organization_id,
  }),
  async run(context, { service_account_ids, from, organization_id }) {
    const projects = await projectsOf(context, from);
    const accounts = service_account_ids.join(", ");
    await context.confirm(`Take service account ${accounts} out of project ${projects.join(", ")}?`);
    const answer = await call(await context.client(), removeServiceAccounts, {
      organization_id: await organizationOf(context, organization_id),
      projects: projects.map((id) => ({ id, service_account_ids })),
    });
    await context.note(`Removed ${accounts} from ${projects.join(", ")}`);
    if (asksForResult(context)) await context.print(answer);
  },
});
