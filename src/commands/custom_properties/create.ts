import { z } from "zod";
import { call } from "../../api/call.ts";
import { createCustomProperty } from "../../api/custom_properties.ts";
import { command } from "../../cli/command.ts";
import { ifUnderstood } from "../../cli/operation_command.ts";
import { checkCustomProperty, CUSTOM_PROPERTY_FLAGS, givenFields } from "./shared/body.ts";
import { presentCustomProperties } from "./shared/present.ts";

export default command({
  description:
    "The formula names properties by letters, which --event-property and --user-property say. It is checked before anything is sent; 'mp help formulas' has the language.",
  args: ["name"],
  examples: [
    {
      text: "A number from two others",
      run:
        "mp custom-properties create 'Price per item' --of events --type number --formula 'A / B' --event-property A=amount:number --event-property B=items:number",
    },
    {
      text: "Words for numbers",
      run:
        `mp custom-properties create Basket --of events --formula 'ifs(A < 20, "small", A < 60, "medium", true, "large")' --event-property A=amount:number`,
    },
  ],
  operations: [createCustomProperty],
  input: z.object(CUSTOM_PROPERTY_FLAGS),
  async run(context, flags) {
    const body = givenFields(flags);
    checkCustomProperty(body);
    const answer = await call(
      await context.client(),
      createCustomProperty,
      body as z.input<
        typeof createCustomProperty.params
      >,
    );
    const made = await ifUnderstood(context, () => answer.result());
    if (made !== undefined) {
      await context.note(
        `Made the custom property ${JSON.stringify(made.name)} with the id ${made.customPropertyId ?? made.id}`,
      );
    }
    await context.print({ ...answer, ...(made && presentCustomProperties([made])) });
  },
});
