import { z } from "zod";
import { call } from "../../api/call.ts";
import { createFlag, flagFields } from "../../api/feature_flags.ts";
import { command } from "../../cli/command.ts";
import { BODY_FLAGS, changesOf, withRollout } from "./shared/body.ts";
import { workspaceOf } from "../../cli/scope.ts";
import { presentFlags } from "./shared/present.ts";

/** What most flags are: on for those in the rollout, off for everyone else. */
const GATE = {
  variants: [
    { key: "on", value: true, is_control: false, split: 1 },
    { key: "off", value: false, is_control: true, split: 0 },
  ],
  rollout: [{ rollout_percentage: 1, variant_splits: { on: 1, off: 0 } }],
};

export default command({
  description:
    "Without --ruleset it is a gate: 'on' for those in the rollout, 'off' for the rest. It starts disabled " +
    "unless --status says otherwise.",
  args: ["key"],
  examples: [
    { text: "A gate for a tenth of all users", run: "mp flags create dark-mode --rollout 0.1 --status enabled" },
    {
      text: "A copy of another",
      run: "mp flags get new-checkout -f json | mp flags create newer-checkout --data -",
    },
  ],
  operations: [createFlag],
  input: z.object({ key: flagFields.key, ...BODY_FLAGS }),
  async run(context, input) {
    const { key } = input;
    const usual = { name: key, tags: [], context: "distinct_id", serving_method: "client", ruleset: GATE };
    const body = withRollout({ ...usual, ...changesOf(input) }, input.rollout);
    const params = { ...body, workspace_id: await workspaceOf(context) } as z.input<typeof createFlag.params>;
    const answer = await call(await context.client(), createFlag, params);
    const flag = answer.result();
    await context.note(`Made flag ${flag.key} (${flag.status}): ${flag.id}`);
    await context.print({ ...answer, ...presentFlags([flag]) });
  },
});
