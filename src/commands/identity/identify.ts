import { z } from "zod";
import { call } from "../../api/call.ts";
import { identify } from "../../api/identity.ts";
import { text } from "../../api/params.ts";
import { checkParams } from "../../api/request.ts";
import { command } from "../../cli/command.ts";
import { asksForResult } from "../../cli/format_choice.ts";
import { checkEither, WHOLE_BODY } from "../../cli/whole_body.ts";
import { inputError } from "../../errors.ts";

/** Mixpanel accepts other ids silently, and merges nothing. */
const UUID_4 = /^[0-9a-f]{8}-?[0-9a-f]{4}-?4[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}$/i;

export default command({
  description:
    "What was done under the anonymous id then counts as the user's. The anonymous id must be a UUID of version 4 that " +
    "belongs to nobody yet. Mixpanel accepts every such event and decides later; a project with the " +
    "simplified ID merge joins ids by $device_id and $user_id of ordinary events instead.",
  examples: [{
    text: "A visitor has logged in",
    run: "mp identity identify u-1 6f1c3a52-8d0e-4b7a-9c55-1f2e3d4c5b6a",
  }],
  operations: [identify],
  args: ["identified_id", "anon_id"],
  input: z.object({
    identified_id: text("Who the user is", { placeholder: "ID" }).optional(),
    anon_id: text("The id that the user had before", { placeholder: "UUID" }).optional(),
    strict: identify.params.shape.strict,
    verbose_answer: identify.params.shape.verbose_answer,
    check: z.boolean().default(true).meta({ description: "Send an anonymous id of any form" }),
    ...WHOLE_BODY,
  }),
  async run(context, { identified_id, anon_id, data, check, ...switches }) {
    checkEither("identify a user", data, { "<identified-id>": identified_id, "<anon-id>": anon_id });
    const made = { event: "$identify", properties: { $identified_id: identified_id, $anon_id: anon_id } };
    const event = checkParams(identify, { data: data ?? made } as z.input<typeof identify.params>).data;
    const { $identified_id: user, $anon_id: anonymous } = event.properties;
    if (check && !UUID_4.test(anonymous)) {
      throw inputError(
        `Cannot identify ${JSON.stringify(anonymous)}: it is not a UUID of version 4, and Mixpanel would join nothing`,
        "'mp identity merge' joins ids of any form; --no-check sends this one all the same",
        "bad_anon_id",
      );
    }
    const answer = await call(await context.client(), identify, { data: event, ...switches }, {
      signal: context.signal,
    });
    await context.note(`Said that ${anonymous} is ${user}`);
    if (asksForResult(context)) await context.print(answer);
  },
});
