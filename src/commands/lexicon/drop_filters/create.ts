import { z } from "zod";
import { call } from "../../../api/call.ts";
import { createDropFilter } from "../../../api/data_governance.ts";
import { checkAgainst } from "../../../api/request.ts";
import { command } from "../../../cli/command.ts";
import { confirmInProject } from "../../../cli/confirm_in_project.ts";
import { DATA, dataFields, ifUnderstood } from "../../../cli/operation_command.ts";
import { inputError } from "../../../errors.ts";
import { definedFields } from "../../../streams/json/defined_fields.ts";
import { droppedClauses, WHERE_DROPPED } from "../shared/drop_filter_conditions.ts";
import { presentDropFilters } from "../shared/present_drop_filters.ts";

const { eventName, filters } = createDropFilter.params.shape;

export default command({
  description: "All conditions must hold. To drop every event of the name: mp lexicon events update EVENT --dropped.",
  args: ["eventName"],
  examples: [
    {
      text: "Test data",
      run: `mp lexicon drop-filters create Purchase --where 'properties["plan"] == "test"' --yes`,
    },
  ],
  operations: [createDropFilter],
  input: z.object({ eventName: eventName.optional(), where: WHERE_DROPPED, filters: filters.optional(), ...DATA }),
  async run(context, { data, where, ...flags }) {
    const typed = definedFields({
      eventName: flags.eventName,
      filters: droppedClauses({ where, filters: flags.filters }),
    });
    const fields = { ...dataFields(data, createDropFilter.params), ...typed };
    if (!("filters" in fields)) {
      throw inputError(
        "Cannot make a drop filter: nothing says which events are meant",
        `add --where 'properties["plan"] == "test"'`,
        "missing_argument",
      );
    }
    const body = checkAgainst(createDropFilter.params, fields, "make a drop filter");
    await confirmInProject(
      context,
      `Throw away those ${
        JSON.stringify(body.eventName)
      } events as they come in? What is not stored cannot be restored.`,
    );
    const answer = await call(await context.client(), createDropFilter, body);
    const all = await ifUnderstood(context, () => answer.result());
    await context.note(all === undefined ? "Made a drop filter" : `Made drop filter ${newest(all)}`);
    await context.print({ ...answer, ...all && presentDropFilters(all) });
  },
});

/** The answer has all of them: the newest has the highest id. */
function newest(filters: readonly { id: string | number | bigint }[]): string {
  return filters.map(({ id }) => BigInt(id)).reduce((most, id) => id > most ? id : most, 0n).toString();
}
