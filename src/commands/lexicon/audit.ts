import { z } from "zod";
import { call } from "../../api/call.ts";
import { auditData, auditEvents } from "../../api/data_governance.ts";
import { command } from "../../cli/command.ts";
import { ifUnderstood } from "../../cli/operation_command.ts";
import { formatCount } from "../../output/format.ts";

export default command({
  summary: "compare the data that came in with the schemas",
  description:
    "Events and properties that no schema has, and values of another type than their schema's. It is no log of who did what.",
  examples: [
    { text: "All of it", run: "mp lexicon audit" },
    { text: "Events alone, which is faster", run: "mp lexicon audit --events-only -f table" },
  ],
  operations: [auditData, auditEvents],
  input: z.object({
    events_only: z.boolean().default(false).meta({ description: "Without properties" }),
  }),
  async run(context, { events_only }) {
    const answer = await call(await context.client(), events_only ? auditEvents : auditData, {});
    const found = await ifUnderstood(context, () => parted(answer.result()));
    await context.print({
      ...answer,
      ...found && {
        rows: found.violations.map(({ violation, event, name, count, platform, propertyTypeError }) => ({
          violation,
          event,
          name,
          count,
          platform,
          type_error: propertyTypeError,
        })),
        columns: ["violation", "event", "name", "count", "platform", "type_error"],
      },
    });
    if (found === undefined) return;
    const when = found.computedAt === undefined ? "" : `, as of ${found.computedAt}`;
    await context.note(`${formatCount(found.violations.length, "violation")}${when}`);
  },
});

type Answer = z.output<typeof auditData.result>;
type Violations = Extract<Answer, readonly unknown[]>[number] extends infer One
  ? Extract<One, { violation?: unknown }>[]
  : never;

/** What was found, and when it was computed, where the server says so. */
function parted(answer: Answer): { violations: Violations; computedAt?: string } {
  const [first, second] = answer;
  if (!Array.isArray(first)) return { violations: answer as Violations };
  const { computed_at } = (second ?? {}) as { computed_at?: string | null };
  return { violations: first, computedAt: computed_at ?? undefined };
}
