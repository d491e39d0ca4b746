import { z } from "zod";
import { call } from "../../api/call.ts";
import { cohortChanges, createCohort, defineCohort } from "../../api/cohorts.ts";
import { command } from "../../cli/command.ts";
import type { Context } from "../../cli/context.ts";
import { DATA, dataFields } from "../../cli/operation_command.ts";
import { missingProject } from "../../cli/scope.ts";
import { inputError } from "../../errors.ts";
import { definedFields } from "../../streams/json/defined_fields.ts";
import { BEHAVIOR_FLAGS, CHANGE_FLAGS, definitionOfFlags, PROFILE_WHERE, saysBehavior } from "./shared/conditions.ts";
import { presentDefinedCohorts } from "./shared/present.ts";

const { filter } = createCohort.params.shape;
const BODY = z.object({ ...createCohort.params.shape, ...cohortChanges });

export default command({
  summary: "save a cohort, by what people did and what is true of their profiles",
  description:
    `--where alone, and --filter, which takes the filter as Mixpanel has it, {"type": "user", "selector": {…}}, are sent to
the reference's endpoint. Everything else goes to the endpoint of the web page, as a tree of conditions; --data takes that
tree itself: {"selector": {…}, "behaviors": {…}}. -v shows which request is sent.`,
  args: ["name"],
  examples: [
    {
      text: "Customers who bought a lot",
      run: `mp cohorts create 'Regulars' --where 'properties["purchases"] >= 3'`,
    },
    {
      text: "Who bought three times in 30 days, and is in no other cohort",
      run: "mp cohorts create 'Fans' --did Purchase --at-least 3 --within 30d --not-in 8001",
    },
    {
      text: "Subscribers who spent 100 or more, and did not come back",
      run:
        `mp cohorts create 'Lost' --did Purchase --math total:amount --at-least 100 --within 90d --where 'defined(properties["plan"])' --not-in 8004`,
    },
  ],
  operations: [createCohort, defineCohort],
  input: z.object({
    name: createCohort.params.shape.name.optional(),
    ...BEHAVIOR_FLAGS,
    where: PROFILE_WHERE,
    filter: filter.optional(),
    ...CHANGE_FLAGS,
    ...DATA,
  }),
  async run(context, { data, filter: typedFilter, ...flags }) {
    const given = dataFields(data, BODY) as Partial<z.input<typeof BODY>>;
    const name = flags.name ?? given.name;
    const filter = typedFilter ?? given.filter;
    const body = {
      ...definedFields(given),
      ...definedFields({
        description: flags.description,
        is_visible: flags.is_visible,
        is_locked: flags.is_locked,
        data_group_id: flags.data_group_id,
      }),
    };
    const tree = ["selector", "behaviors", "groups"].find((one) => one in body);
    const isNew = saysBehavior(flags) || Object.keys(body).some((one) => one in cohortChanges);
    if (filter !== undefined && (isNew || flags.where !== undefined)) {
      throw inputError(
        flags.where !== undefined ? "Cannot use --where with --filter" : "Cannot use --filter with a definition",
        "leave one of them out",
        "bad_flags",
      );
    }
    if (!isNew) {
      return await createByFilter(context, { name, filter, where: flags.where, project_id: given.project_id });
    }
    const definition = definitionOfFlags(flags);
    if (tree !== undefined && definition !== undefined) {
      throw inputError(
        `Cannot use flags for who is in it with the ${tree} of --data`,
        "leave one of them out",
        "bad_flags",
      );
    }
    if (tree === undefined && definition === undefined) throw nobody(name);
    const { project_id: _project, filter: _filter, ...fields } = body;
    const answer = await call(await context.client(), defineCohort, { ...fields, ...definition, name } as z.input<
      typeof defineCohort.params
    >);
    const cohort = answer.result();
    await context.note(`Saved the cohort ${JSON.stringify(cohort.name)} with the id ${cohort.id}`);
    await context.print({ ...answer, ...presentDefinedCohorts([cohort]) });
  },
});

interface ByFilter {
  name?: string;
  filter?: unknown;
  where?: string;
  project_id?: unknown;
}

async function createByFilter(context: Context, { name, filter, where, project_id }: ByFilter): Promise<void> {
  if (where === undefined && filter === undefined) throw nobody(name);
  const client = await context.client();
  const { projectId = "" } = client.connection;
  if (projectId === "" && project_id === undefined) throw missingProject("Cannot save a cohort: no project is set");
  const answer = await call(client, createCohort, {
    name,
    project_id: project_id ?? (/^\d{1,15}$/.test(projectId) ? Number(projectId) : projectId),
    filter: filter ?? { type: "user", selector: { where } },
  } as z.input<typeof createCohort.params>);
  const { id } = answer.result();
  await context.note(`Saved the cohort ${JSON.stringify(name)}${id === undefined ? "" : ` with the id ${id}`}`);
  await context.print(answer);
}

function nobody(name: string | undefined): Error {
  return inputError(
    "Cannot save a cohort: nothing says who is in it",
    `mp cohorts create ${
      JSON.stringify(name ?? "NAME")
    } --where 'properties["plan"] == "pro"', or --did EVENT --within 30d`,
    "missing_argument",
  );
}
