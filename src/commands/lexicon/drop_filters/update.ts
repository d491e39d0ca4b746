import { z } from "zod";
import { call } from "../../../api/call.ts";
import { updateDropFilter } from "../../../api/data_governance.ts";
import { checkAgainst } from "../../../api/request.ts";
import { command } from "../../../cli/command.ts";
import { DATA, dataFields, ifUnderstood } from "../../../cli/operation_command.ts";
import { inputError } from "../../../errors.ts";
import { definedFields } from "../../../streams/json/defined_fields.ts";
import { droppedClauses, WHERE_DROPPED } from "../shared/drop_filter_conditions.ts";
import { presentDropFilters } from "../shared/present_drop_filters.ts";

const { id, eventName, filters, active } = updateDropFilter.params.shape;

export default command({
  args: ["id"],
  examples: [{ text: "Switch one on", run: "mp lexicon drop-filters update 9301 --active" }],
  operations: [updateDropFilter],
  input: z.object({ id, eventName, where: WHERE_DROPPED, filters, active, ...DATA }),
  async run(context, { id, data, where, eventName, filters, active }) {
    const typed = definedFields({ eventName, filters: droppedClauses({ where, filters }), active });
    const fields = { ...dataFields(data, updateDropFilter.params), ...typed };
    if (Object.keys(fields).length === 0) {
      throw inputError(
        `Cannot update drop filter ${id}: nothing to change is given`,
        "add --active, --no-active, --event EVENT or --where EXPR",
        "missing_argument",
      );
    }
    const body = checkAgainst(updateDropFilter.params, { ...fields, id }, `update drop filter ${id}`);
    const answer = await call(await context.client(), updateDropFilter, body);
    const all = await ifUnderstood(context, () => answer.result());
    await context.note(`Changed drop filter ${id}`);
    await context.print({ ...answer, ...all && presentDropFilters(all) });
  },
});
