import { z } from "zod";
import { call, type CallResult } from "../../api/call.ts";
import { type FeatureFlag, getFlag, updateFlag } from "../../api/feature_flags.ts";
import { patchFlag } from "../../api/flag_changes.ts";
import { command } from "../../cli/command.ts";
import type { Context } from "../../cli/context.ts";
import { inputError } from "../../errors.ts";
import { flagFields } from "../../api/feature_flags.ts";
import { BODY_FLAGS, changesOf, withRollout, writable } from "./shared/body.ts";
import { findFlag } from "./shared/find.ts";
import { presentFlags } from "./shared/present.ts";

export default command({
  description:
    "By its id, or by its key. Mixpanel takes a flag only as a whole: it is read, changed and written back, so " +
    "that what is not named stays as it is. --partial sends only what changes, by an endpoint that is less known.",
  args: ["flag_id"],
  examples: [
    { text: "Serve it to more people", run: "mp flags update f0000000-0000-4000-8000-000000000002 --rollout 0.5" },
    { text: "Switch it off", run: "mp flags update f0000000-0000-4000-8000-000000000004 --status disabled" },
  ],
  operations: [updateFlag, getFlag, patchFlag],
  input: z.object({
    flag_id: updateFlag.params.shape.flag_id,
    key: flagFields.key.optional(),
    ...BODY_FLAGS,
    partial: z.boolean().default(false).meta({ description: "Send only what changes, without reading the flag" }),
    replace: z.boolean().default(false).meta({ description: "Write --data as it is, without reading the flag" }),
  }),
  async run(context, { flag_id, partial, replace, ...input }) {
    const changes = changesOf(input);
    if (Object.keys(changes).length === 0 && input.rollout === undefined) {
      throw inputError(
        `Cannot update flag ${flag_id}: nothing to change is given`,
        "add --status, --rollout or --data; see 'mp flags update --help'",
        "missing_argument",
      );
    }
    if (partial && (replace || input.rollout !== undefined)) {
      throw inputError(
        `Cannot use --partial together with ${replace ? "--replace" : "--rollout"}`,
        replace ? "leave one of the two out" : "give the rollout with --ruleset",
        "bad_flags",
      );
    }
    if (context.globals.dryRun && !replace && !partial) {
      await context.note("The flag is read first, and then written changed");
    }
    const place = await findFlag({ flag_id }, context);
    const client = await context.client();
    if (partial) {
      const params = { ...changes, ...place } as z.input<typeof patchFlag.params>;
      return await tell(context, await call(client, patchFlag, params));
    }
    const before = replace ? {} : known((await call(client, getFlag, place)).data);
    const body = withRollout({ ...before, ...changes }, input.rollout);
    const answer = await call(client, updateFlag, { ...body, ...place } as z.input<typeof updateFlag.params>);
    await tell(context, answer);
  },
});

async function tell(context: Context, answer: CallResult<FeatureFlag>): Promise<void> {
  const flag = answer.result();
  await context.note(`Changed flag ${flag.key} (${flag.status})`);
  await context.print({ ...answer, ...presentFlags([flag]) });
}

/** Of a flag as it was read, what may be written; fields that are not known here cannot be. */
function known(data: unknown): Record<string, unknown> {
  const flag = (data as { results?: Record<string, unknown> }).results ?? data as Record<string, unknown>;
  return writable(Object.fromEntries(Object.entries(flag).filter(([name]) => name in flagFields)));
}
