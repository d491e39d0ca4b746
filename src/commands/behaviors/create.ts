import { z } from "zod";
import { createBehavior, updateBehavior } from "../../api/saved_metrics.ts";
import { command } from "../../cli/command.ts";
import { DATA, dataFields } from "../../cli/operation_command.ts";
import { definedFields } from "../../streams/json/defined_fields.ts";
import { BEHAVIOR_NAMES, CREATE_LATER, createIn } from "../metrics/shared/family.ts";

const { name, type, ...fields } = createBehavior.params.shape;

export default command({
  description:
    "The definition is Mixpanel's own, {\"behavior\": {…}}: that of a report has it ('mp query funnel A B --print-params'). " +
    "--verified and --owner are written by a second request, since the first leaves them out.",
  args: ["name"],
  examples: [
    {
      text: "One event",
      run:
        `mp behaviors create 'A purchase' --type simple --definition '{"behavior": {"type": "event", "name": "Purchase"}}'`,
    },
  ],
  operations: [createBehavior, updateBehavior],
  input: z.object({
    name: name.optional(),
    type: type.optional(),
    ...fields,
    definition: fields.definition.optional(),
    ...CREATE_LATER,
    ...DATA,
  }),
  async run(context, { data, verified, owner, ...flags }) {
    const body = { ...dataFields(data, createBehavior.params), ...definedFields(flags) };
    await createIn(context, { create: createBehavior, update: updateBehavior }, BEHAVIOR_NAMES, body, {
      verified,
      owner,
    });
  },
});
