import { z } from "zod";
import { call } from "../../api/call.ts";
import { text } from "../../api/params.ts";
import { addServiceAccounts, ROLES } from "../../api/service_accounts.ts";
import { command } from "../../cli/command.ts";
import { asksForResult } from "../../cli/format_choice.ts";
import { organizationOf } from "../../cli/scope.ts";
import { projectsOf } from "./shared/projects_of.ts";

const { organization_id, service_account_ids } = addServiceAccounts.params.shape;

export default command({
  description: "The project is that of --project, or those of --to.",
  args: ["service_account_ids"],
  examples: [
    { text: "Let one read the project", run: "mp service-accounts add-to-project 2 --role analyst" },
    { text: "Several projects by id", run: "mp service-accounts add-to-project 2 --role consumer --to 1000001" },
  ],
  operations: [addServiceAccounts],
  input: z.object({
    service_account_ids,
    role: z.enum(ROLES).meta({ placeholder: ROLES.join("|"), description: "What the accounts may do there" }),
    to: z.array(text("Project")).optional().meta({ placeholder: "ID", description: "Project's id" }),
    organization_id,
  }),
  async run(context, { service_account_ids, role, to, organization_id }) {
    const projects = await projectsOf(context, to);
    const answer = await call(await context.client(), addServiceAccounts, {
      organization_id: await organizationOf(context, organization_id),
      projects: projects.map((id) => ({ id, role })),
      service_account_ids,
    });
    await context.note(`Added ${service_account_ids.join(", ")} to ${projects.join(", ")} as ${role}`);
    if (asksForResult(context)) await context.print(answer);
  },
});
