import { queryProfile } from "../../api/profile_queries.ts";
import { call } from "../../api/call.ts";
import { command } from "../../cli/command.ts";
import { chosenFormat } from "../../cli/format_choice.ts";
import { ifUnderstood } from "../../cli/operation_command.ts";
import { MpError } from "../../errors.ts";
import { shellWord } from "../../runtime/shell_word.ts";

export default command({
  summary: "look a user's profile up",
  args: ["distinct_id"],
  examples: [
    { text: "Everything that is known about a user", run: "mp profiles get u-1" },
    { text: "One property", run: `mp profiles get u-1 --jq '.results[0]["$properties"].plan'` },
  ],
  operations: [queryProfile],
  input: queryProfile.params,
  async run(context, { distinct_id }) {
    const answer = await call(await context.client(), queryProfile, { distinct_id });
    const result = await ifUnderstood(context, () => answer.result());
    if (result === undefined) return await context.print(answer);
    const profile = "results" in result ? (result.results as Profile[])[0] : result as Profile;
    if (profile === undefined) {
      throw new MpError(`Cannot find a profile of ${JSON.stringify(distinct_id)}`, {
        category: "not_found",
        hint: distinct_id.includes("@")
          ? `by e-mail: mp profiles list --where ${shellWord(`properties["$email"] == ${JSON.stringify(distinct_id)}`)}`
          : "events alone make no profile; 'mp profiles list' shows who has one",
      });
    }
    const info = { $distinct_id: profile.$distinct_id, ...profile.$properties };
    const rows = Object.entries(info).map(([property, value]) => ({ property, value }));
    // A terminal gets a line for each property; a file for programs one record.
    const records = ["jsonl", "csv", "tsv"].includes(chosenFormat(context) ?? "table");
    await context.print({ text: answer.text, data: answer.data, rows: records ? [info] : rows });
  },
});

interface Profile {
  $distinct_id: unknown;
  $properties: Record<string, unknown>;
}
