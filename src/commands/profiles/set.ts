import { z } from "zod";
import { call } from "../../api/call.ts";
import { jsonText, text } from "../../api/params.ts";
import { updateProfiles } from "../../api/profiles.ts";
import { readAssignments } from "../../cli/assignments.ts";
import { command } from "../../cli/command.ts";
import { inputError } from "../../errors.ts";

export default command({
  summary: "set properties of a user's profile",
  description:
    "NAME=TEXT sets text, NAME:=JSON numbers, booleans and lists. Properties that are not named keep their " +
    "values. The project's token says where the profile is (MP_TOKEN).",
  args: ["distinct_id", "property"],
  examples: [
    { text: "Two properties", run: "mp profiles set u-1 plan=pro seats:=3" },
    { text: "From JSON", run: `mp profiles set u-1 --properties '{"$email": "ada@example.com"}'` },
  ],
  operations: [updateProfiles],
  input: z.object({
    distinct_id: text("Whose profile"),
    property: z.array(z.string()).optional().meta({ description: "NAME=TEXT or NAME:=JSON" }),
    properties: jsonText(z.record(z.string(), z.unknown()), "Properties as a JSON object, or @FILE").optional(),
  }),
  async run(context, { distinct_id, property = [], properties }) {
    const values = { ...properties, ...readAssignments(property) };
    const names = Object.keys(values);
    if (names.length === 0) {
      throw inputError("Cannot set a profile: no property is named", `mp profiles set ${distinct_id} plan=pro`);
    }
    const update = { $distinct_id: distinct_id, $set: values };
    const answer = await call(await context.client(), updateProfiles, { updates: [update] });
    await context.note(`Set ${names.join(", ")} of ${distinct_id}`);
    if (context.globals.format !== undefined || context.globals.jq !== undefined) await context.print(answer);
  },
});
