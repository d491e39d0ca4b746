import { z } from "zod";
import { createCustomEvent } from "../../api/custom_events.ts";
import { call } from "../../api/call.ts";
import { command } from "../../cli/command.ts";
import { DATA, dataFields, ifUnderstood } from "../../cli/operation_command.ts";
import { definedFields } from "../../streams/json/defined_fields.ts";
import { inputError } from "../../errors.ts";
import { ALTERNATIVE_FLAG, customEventIn, presentCustomEvent } from "./shared/present.ts";

const { name, alternatives } = createCustomEvent.params.shape;

export default command({
  description:
    "Reports name it '$custom_event:ID'. --alternatives takes the events as Mixpanel has them, where each may have filters.",
  args: ["name"],
  examples: [
    {
      text: "Two events as one",
      run: "mp custom-events create 'Checked out' --event Purchase --event 'Subscription Start'",
    },
  ],
  operations: [createCustomEvent],
  input: z.object({
    name: name.optional(),
    events: ALTERNATIVE_FLAG,
    alternatives: alternatives.optional().meta({
      input: "json",
      placeholder: "JSON",
      description: "The events as JSON, @FILE or -",
    }),
    ...DATA,
  }),
  async run(context, { data, events, ...flags }) {
    const given = { ...dataFields(data, createCustomEvent.params), ...definedFields(flags) };
    if (events !== undefined && given.alternatives !== undefined) {
      throw inputError("Cannot use --event with the events as JSON", "give one or the other", "bad_flags");
    }
    const body = { ...given, ...(events && { alternatives: events.map((event) => ({ event })) }) };
    if (body.alternatives === undefined) {
      throw inputError("Cannot make a custom event of nothing", "add --event EVENT, once for each", "missing_argument");
    }
    const answer = await call(
      await context.client(),
      createCustomEvent,
      body as z.input<typeof createCustomEvent.params>,
    );
    const made = await ifUnderstood(context, () => answer.result());
    if (made !== undefined) {
      const { id, name } = customEventIn(made);
      await context.note(`Made the custom event ${JSON.stringify(name)}: $custom_event:${id}`);
    }
    await context.print({ ...answer, ...(made && presentCustomEvent(made)) });
  },
});
