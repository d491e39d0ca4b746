import { z } from "zod";
import { call } from "../../api/call.ts";
import { text } from "../../api/params.ts";
import { checkParams } from "../../api/request.ts";
import { addServiceAccounts, ROLES } from "../../api/service_accounts.ts";
import { command } from "../../cli/command.ts";
import { asksForResult } from "../../cli/format_choice.ts";
import { organizationOf } from "../../cli/scope.ts";
import { checkEither, WHOLE_BODY } from "../../cli/whole_body.ts";
import { projectsOf } from "./shared/projects_of.ts";

const { organization_id, service_account_ids } = addServiceAccounts.params.shape;

export default command({
  description: "The project is that of --project, or those of --project-id.",
  args: ["service_account_ids"],
  examples: [
    { text: "Let one read the project", run: "mp service-accounts add-to-project 2 --role analyst" },
    {
      text: "Several projects by id",
      run: "mp service-accounts add-to-project 2 --role consumer --project-id 1000001",
    },
  ],
  operations: [addServiceAccounts],
  input: z.object({
    service_account_ids: service_account_ids.optional(),
    role: z.enum(ROLES).meta({ placeholder: ROLES.join("|"), description: "What the accounts may do there" })
      .optional(),
    project_id: z.array(text("Project")).optional().meta({
      aliases: ["to"],
      placeholder: "ID",
      description: "Project's id",
    }),
    organization_id,
    ...WHOLE_BODY,
  }),
  async run(context, { service_account_ids: ids, role, project_id, organization_id, data }) {
    checkEither("add service accounts", data, { "<service-account-ids>": ids, "--role": role });
    const body = data ?? {
      projects: (await projectsOf(context, project_id)).map((id) => ({ id, role })),
      service_account_ids: ids,
    };
    const organization = await organizationOf(context, organization_id);
    const params = { ...body, organization_id: organization } as z.input<typeof addServiceAccounts.params>;
    const { projects, service_account_ids } = checkParams(addServiceAccounts, params);
    const answer = await call(await context.client(), addServiceAccounts, params);
    const places = projects.map((one) => `${one.id} as ${one.role}`).join(", ");
    await context.note(`Added ${service_account_ids.join(", ")} to ${places}`);
    if (asksForResult(context)) await context.print(answer);
  },
});
