import { z } from "zod";
import { call } from "../../api/call.ts";
import { listCohorts, listDefinedCohorts } from "../../api/cohorts.ts";
import { command } from "../../cli/command.ts";
import { ifUnderstood } from "../../cli/operation_command.ts";
import { dataView } from "../../cli/scope.ts";
import { presentDefinedCohorts } from "./shared/present.ts";

const { ids, data_group_id } = listDefinedCohorts.params.shape;

export default command({
  summary: "list saved cohorts and how many people are in them",
  description:
    "--details asks the endpoint of the web page, which says who is in them; --id and --group-key-id choose among those. " +
    "It does not count against the query limit.",
  examples: [
    { text: "Saved cohorts and their sizes", run: "mp cohorts list" },
    { text: "The ids of those that can be seen", run: "mp cohorts list --jq '.[] | select(.is_visible == 1) | .id'" },
    { text: "Who is in them", run: "mp cohorts list --details" },
  ],
  operations: [listCohorts, listDefinedCohorts],
  input: z.object({
    details: z.boolean().default(false).meta({ description: "Also say who is in them" }),
    ids,
    data_group_id,
  }),
  async run(context, { details, ids, data_group_id }) {
    const client = await context.client();
    if (details || ids !== undefined || data_group_id !== undefined) {
      const answer = await call(client, listDefinedCohorts, { ids, data_group_id });
      const forms = await ifUnderstood(context, () => presentDefinedCohorts(answer.result()));
      return await context.print({ ...answer, ...forms });
    }
    const answer = await call(client, listCohorts, dataView(client));
    const rows = await ifUnderstood(context, () =>
      answer.result().map((cohort) => ({
        ...cohort,
        visible: cohort.is_visible === undefined ? undefined : Boolean(cohort.is_visible),
      })));
    const columns = [{ key: "id", identifier: true }, "name", "count", "visible", "created", "description"];
    await context.print({ ...answer, rows, columns });
  },
});
