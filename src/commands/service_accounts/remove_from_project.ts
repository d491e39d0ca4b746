import { z } from "zod";
import { call } from "../../api/call.ts";
import { text } from "../../api/params.ts";
import { checkParams } from "../../api/request.ts";
import { addServiceAccounts, removeServiceAccounts } from "../../api/service_accounts.ts";
import { command } from "../../cli/command.ts";
import { asksForResult } from "../../cli/format_choice.ts";
import { organizationOf } from "../../cli/scope.ts";
import { checkEither, WHOLE_BODY } from "../../cli/whole_body.ts";
import { projectsOf } from "./shared/projects_of.ts";

const { organization_id, service_account_ids } = addServiceAccounts.params.shape;

export default command({
  description: "The project is that of --project, or those of --project-id.",
  args: ["service_account_ids"],
  examples: [{ text: "Without being asked", run: "mp service-accounts remove-from-project 4 --yes" }],
  operations: [removeServiceAccounts],
  input: z.object({
    service_account_ids: service_account_ids.optional(),
    project_id: z.array(text("Project")).optional().meta({
      aliases: ["from"],
      placeholder: "ID",
      description: "Project's id",
    }),
    organization_id,
    ...WHOLE_BODY,
  }),
  async run(context, { service_account_ids, project_id, organization_id, data }) {
    checkEither("remove service accounts", data, { "<service-account-ids>": service_account_ids });
    const body = data ??
      { projects: (await projectsOf(context, project_id)).map((id) => ({ id, service_account_ids })) };
    const organization = await organizationOf(context, organization_id);
    const params = { ...body, organization_id: organization } as z.input<typeof removeServiceAccounts.params>;
    const { projects } = checkParams(removeServiceAccounts, params);
    const accounts = [...new Set(projects.flatMap((one) => one.service_account_ids.map(String)))].join(", ");
    const places = projects.map(({ id }) => String(id)).join(", ");
    await context.confirm(`Remove service account ${accounts} from project ${places}?`);
    const answer = await call(await context.client(), removeServiceAccounts, params);
    await context.note(`Removed ${accounts} from ${places}`);
    if (asksForResult(context)) await context.print(answer);
  },
});
