import { z } from "zod";
import { call } from "../../api/call.ts";
import { validateCustomProperty } from "../../api/custom_properties.ts";
import { command } from "../../cli/command.ts";
import { checkCustomProperty, CUSTOM_PROPERTY_FLAGS, givenFields } from "./shared/body.ts";

export default command({
  summary: "check a custom property without saving it",
  description: "The formula is checked here first; what passes is sent to Mixpanel, which checks it too.",
  args: ["name"],
  examples: [
    {
      text: "Will it do?",
      run:
        "mp custom-properties validate 'Price per item' --of events --formula 'A / B' --event-property A=amount:number --event-property B=items:number",
    },
  ],
  operations: [validateCustomProperty],
  input: z.object(CUSTOM_PROPERTY_FLAGS),
  async run(context, flags) {
    const body = givenFields(flags);
    checkCustomProperty(body);
    const answer = await call(
      await context.client(),
      validateCustomProperty,
      body as z.input<
        typeof validateCustomProperty.params
      >,
    );
    await context.note("No mistakes");
    await context.print(answer);
  },
});
