import { z } from "zod";
import { call } from "../../api/call.ts";
import { cohortChanges, cohortId, updateCohort, updateCohorts } from "../../api/cohorts.ts";
import { command } from "../../cli/command.ts";
import { DATA, dataFields } from "../../cli/operation_command.ts";
import { inputError } from "../../errors.ts";
import { definedFields } from "../../streams/json/defined_fields.ts";
import { BEHAVIOR_FLAGS, CHANGE_FLAGS, definitionOfFlags, PROFILE_WHERE } from "./shared/conditions.ts";
import { presentDefinedCohorts } from "./shared/present.ts";

const { name } = updateCohort.params.shape;
const CHANGES = z.object({ name, ...cohortChanges });

export default command({
  summary: "change cohorts: their names, their visibility, who is in them",
  description:
    "What is not named stays as it is; flags that say who is in it replace the whole definition. Several cohorts get the same changes, by one request.",
  args: ["cohort_ids"],
  examples: [
    { text: "Another name", run: "mp cohorts update 8003 --name 'Without a purchase'" },
    { text: "Another definition", run: "mp cohorts update 8004 --did Purchase --at-least 3 --within 30d" },
    { text: "Hide two", run: "mp cohorts update 8001 8002 --no-visible" },
  ],
  operations: [updateCohort, updateCohorts],
  input: z.object({
    cohort_ids: z.array(cohortId).min(1).meta({ completes: "cohorts", description: "Ids of cohorts" }),
    name,
    ...BEHAVIOR_FLAGS,
    where: PROFILE_WHERE,
    ...CHANGE_FLAGS,
    ...DATA,
  }),
  async run(context, { cohort_ids: ids, data, ...flags }) {
    const { name, description, is_visible, is_locked, data_group_id } = flags;
    const changes = {
      ...dataFields(data, CHANGES),
      ...definedFields({ name, description, is_visible, is_locked, data_group_id }),
      ...definitionOfFlags(flags),
    } as z.input<typeof CHANGES>;
    if (Object.keys(changes).length === 0) {
      throw inputError(
        `Cannot update cohort ${ids.join(", ")}: nothing to change is given`,
        "add --name, --description, --visible, --did EVENT or --data",
        "missing_argument",
      );
    }
    const client = await context.client();
    const [only, ...others] = ids as [typeof ids[number], ...typeof ids];
    if (others.length > 0) {
      const cohorts = ids.map((id) => ({ id, ...changes }));
      const answer = await call(client, updateCohorts, { cohorts }, { called: () => "COHORT_IDS" });
      await context.note(`Changed cohorts ${ids.join(", ")}`);
      return await context.print(answer);
    }
    const answer = await call(client, updateCohort, { cohort_id: only, ...changes });
    const cohort = answer.result();
    await context.note(`Changed cohort ${cohort.id}`);
    await context.print({ ...answer, ...presentDefinedCohorts([cohort]) });
  },
});
