import { z } from "zod";
import { call } from "../../api/call.ts";
import { setTestUsers } from "../../api/flag_changes.ts";
import { command } from "../../cli/command.ts";
import { asksForResult } from "../../cli/format_choice.ts";
import { checkEither, WHOLE_BODY } from "../../cli/whole_body.ts";
import { dataFields } from "../../cli/operation_command.ts";
import { inputError } from "../../errors.ts";
import { findFlag } from "./shared/find.ts";

export default command({
  description:
    `By the flag's id, or by its key. The users who are named get their variant whatever the rollout says; those
who were test users before, and are not named, no longer are.`,
  args: ["flag_id", "testers"],
  examples: [{
    text: "One user for each variant",
    run: "mp flags test-users f0000000-0000-4000-8000-000000000001 control=qa-1 treatment=qa-2",
  }],
  operations: [setTestUsers],
  input: z.object({
    flag_id: setTestUsers.params.shape.flag_id,
    testers: z.array(z.string()).default([]).meta({
      placeholder: "VARIANT=DISTINCT-ID",
      description: "A variant by its key, and the user who gets it",
    }),
    ...WHOLE_BODY,
  }),
  async run(context, { flag_id, testers, data }) {
    checkEither("set test users", data, { "<testers>": testers });
    const { users = {} } = data === undefined
      ? { users: Object.fromEntries(testers.map(readTester)) }
      : dataFields(data, setTestUsers.params) as { users?: Record<string, string> };
    const place = await findFlag({ flag_id }, context);
    const answer = await call(await context.client(), setTestUsers, { ...place, users });
    const told = Object.entries(users).map(([variant, user]) => `${user} gets ${variant}`);
    await context.note(told.length === 0 ? `Flag ${flag_id} has no test users` : `Flag ${flag_id}: ${told.join(", ")}`);
    if (asksForResult(context)) await context.print(answer);
  },
});

/** `treatment=qa-2`. */
function readTester(typed: string): [variant: string, distinctId: string] {
  const [, variant, user] = /^([^=]+)=(.+)$/s.exec(typed) ?? [];
  if (variant !== undefined && user !== undefined) return [variant, user];
  throw inputError(
    `Cannot use ${JSON.stringify(typed)}: not VARIANT=DISTINCT-ID`,
    "for example treatment=qa-2",
    "bad_test_user",
  );
}
