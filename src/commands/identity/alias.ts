import { z } from "zod";
import { call } from "../../api/call.ts";
import { createAlias } from "../../api/identity.ts";
import { text } from "../../api/params.ts";
import { command } from "../../cli/command.ts";
import { asksForResult } from "../../cli/format_choice.ts";
import { inputError } from "../../errors.ts";

export default command({
  description:
    "A user can have several aliases, an alias only one user. Mixpanel takes every alias without a word and decides " +
    "later; a project with the simplified ID merge knows none.",
  examples: [{ text: "An address as well as a number", run: "mp identity alias u-1 ada@example.com" }],
  operations: [createAlias],
  args: ["distinct_id", "alias"],
  input: z.object({
    distinct_id: text("The user's id", { placeholder: "ID" }),
    alias: text("The id to be known by as well", { placeholder: "ALIAS" }),
    strict: createAlias.params.shape.strict,
  }),
  async run(context, { distinct_id, alias, strict }) {
    if (alias === distinct_id) throw inputError(`Cannot make ${JSON.stringify(alias)} an alias of itself`);
    const data = { event: "$create_alias" as const, properties: { distinct_id, alias } };
    const answer = await call(await context.client(), createAlias, { data, strict }, { signal: context.signal });
    await context.note(`Said that ${alias} is ${distinct_id} too`);
    if (asksForResult(context)) await context.print(answer);
  },
});
