import { z } from "zod";
import { call } from "../../api/call.ts";
import { createAlias } from "../../api/identity.ts";
import { text } from "../../api/params.ts";
import { checkParams } from "../../api/request.ts";
import { command } from "../../cli/command.ts";
import { asksForResult } from "../../cli/format_choice.ts";
import { checkEither, WHOLE_BODY } from "../../cli/whole_body.ts";
import { inputError } from "../../errors.ts";

export default command({
  description: "A user can have several aliases, an alias only one user. Mixpanel accepts every alias and decides " +
    "later; a project with the simplified ID merge knows none.",
  examples: [{ text: "An address as well as a number", run: "mp identity alias u-1 ada@example.com" }],
  operations: [createAlias],
  args: ["distinct_id", "alias"],
  input: z.object({
    distinct_id: text("The user's id", { placeholder: "ID" }).optional(),
    alias: text("The additional id", { placeholder: "ALIAS" }).optional(),
    strict: createAlias.params.shape.strict,
    verbose_answer: createAlias.params.shape.verbose_answer,
    ...WHOLE_BODY,
  }),
  async run(context, { distinct_id, alias, data, ...switches }) {
    checkEither("make an alias", data, { "<distinct-id>": distinct_id, "<alias>": alias });
    const made = { event: "$create_alias", properties: { distinct_id, alias } };
    const event = checkParams(createAlias, { data: data ?? made } as z.input<typeof createAlias.params>).data;
    const { properties } = event;
    if (properties.alias === properties.distinct_id) {
      throw inputError(`Cannot make ${JSON.stringify(properties.alias)} an alias of itself`);
    }
    const answer = await call(await context.client(), createAlias, { data: event, ...switches }, {
      signal: context.signal,
    });
    await context.note(`Said that ${properties.alias} is ${properties.distinct_id} too`);
    if (asksForResult(context)) await context.print(answer);
  },
});
