import { z } from "zod";
import { call } from "../../api/call.ts";
import { createCohort } from "../../api/cohorts.ts";
import { expression } from "../../api/params.ts";
import { command } from "../../cli/command.ts";
import { DATA, dataFields } from "../../cli/operation_command.ts";
import { missingProject } from "../../cli/scope.ts";
import { inputError } from "../../errors.ts";

type Body = z.input<typeof createCohort.params>;

const { name, filter } = createCohort.params.shape;

export default command({
  description:
    `Saves a cohort of the profiles for which an expression holds. --filter takes the whole filter as Mixpanel has
it, {"type": "user", "selector": {…}}.`,
  args: ["name"],
  examples: [
    {
      text: "Customers who bought a lot",
      run: `mp cohorts create 'Regulars' --where 'properties["purchases"] >= 3'`,
    },
  ],
  operations: [createCohort],
  input: z.object({
    name: name.optional(),
    where: expression('Who is in it, such as properties["plan"] == "pro"').optional(),
    filter: filter.optional(),
    ...DATA,
  }),
  async run(context, { data, where, ...flags }) {
    const { name, filter, project_id } = { ...dataFields(data, createCohort.params), ...flags } as Body;
    if ((where === undefined) === (filter === undefined)) {
      throw inputError(
        where === undefined ? "Cannot save a cohort: nothing says who is in it" : "Cannot use --where with --filter",
        `mp cohorts create ${JSON.stringify(name)} --where 'properties["plan"] == "pro"'`,
        "missing_argument",
      );
    }
    const client = await context.client();
    const { projectId = "" } = client.connection;
    if (projectId === "" && project_id === undefined) throw missingProject("Cannot save a cohort: no project is set");
    const answer = await call(client, createCohort, {
      name,
      project_id: project_id ?? (/^\d{1,15}$/.test(projectId) ? Number(projectId) : projectId),
      filter: filter ?? { type: "user", selector: { where } },
    });
    const { id } = answer.result();
    await context.note(`Saved the cohort ${JSON.stringify(name)}${id === undefined ? "" : ` with the id ${id}`}`);
    await context.print(answer);
  },
});
