import { z } from "zod";
import { call } from "../../api/call.ts";
import { customPropertyId, getCustomProperty, updateCustomProperty } from "../../api/custom_properties.ts";
import { command } from "../../cli/command.ts";
import { inputError } from "../../errors.ts";
import { checkCustomProperty, CUSTOM_PROPERTY_FLAGS, givenFields, writableFields } from "./shared/body.ts";
import { presentCustomProperties } from "./shared/present.ts";

const { resourceType: _fixed, ...FLAGS } = CUSTOM_PROPERTY_FLAGS;

export default command({
  description:
    "Mixpanel takes a custom property only as a whole: it is read, changed and written back, so that what is not named stays as it is.",
  args: ["custom_property_id"],
  examples: [
    { text: "Another name", run: "mp custom-properties update 6501 --name 'Price per piece'" },
    { text: "Another formula", run: "mp custom-properties update 6501 --formula 'round(A / B)'" },
  ],
  operations: [updateCustomProperty, getCustomProperty],
  input: z.object({
    custom_property_id: customPropertyId,
    ...FLAGS,
    replace: z.boolean().default(false).meta({ description: "Write --data as it is, without reading the property" }),
  }),
  async run(context, { custom_property_id, replace, ...flags }) {
    const changes = givenFields(flags);
    if (Object.keys(changes).length === 0) {
      throw inputError(
        `Cannot update custom property ${custom_property_id}: nothing to change is given`,
        "add --name, --formula, --description or --data",
        "missing_argument",
      );
    }
    if (context.globals.dryRun && !replace) {
      await context.note("The custom property is read first, and then written changed");
    }
    const client = await context.client();
    const before = replace
      ? {}
      : writableFields((await call(client, getCustomProperty, { custom_property_id })).data) as Record<string, unknown>;
    const body = { ...before, ...changes };
    checkCustomProperty(body);
    const answer = await call(client, updateCustomProperty, { ...body, custom_property_id } as z.input<
      typeof updateCustomProperty.params
    >);
    await context.note(`Changed custom property ${custom_property_id}`);
    await context.print({ ...answer, ...presentCustomProperties([answer.result()]) });
  },
});
