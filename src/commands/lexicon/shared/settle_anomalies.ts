/** Commands that dismiss anomalies, or open them again: one by the plain form, several at once. */
import { z } from "zod";
import { call } from "../../../api/call.ts";
import { listAnomalies, updateAnomalies, updateAnomaly } from "../../../api/data_governance.ts";
import { choice } from "../../../api/params.ts";
import { type Command, command, type Example } from "../../../cli/command.ts";
import { asksForResult } from "../../../cli/format_choice.ts";
import type { Client } from "../../../client/types.ts";
import { MpError } from "../../../errors.ts";
import { formatCount } from "../../../output/format.ts";

type Class = z.output<typeof updateAnomaly.params.shape.anomalyClass>;

/** What the command sets, and the words for it. */
interface Settling {
  status: "open" | "dismissed";
  summary: string;
  done: string;
  examples: readonly Example[];
}

const input = z.object({
  ids: z.array(updateAnomaly.params.shape.id).min(1).meta({
    placeholder: "ID",
    description: "Anomalies' ids",
    lists: "mp lexicon anomalies list",
  }),
  class: choice(["Event", "Property", "PropertyTypeDrift", "Metric"], "What they are of; default: looked up")
    .optional(),
});

export function settleAnomalies({ status, summary, done, examples }: Settling): Command<typeof input> {
  return command({
    summary,
    description:
      "The request says what an anomaly is of: without --class, the list of anomalies is asked for it first.",
    args: ["ids"],
    examples,
    operations: [updateAnomaly, updateAnomalies, listAnomalies],
    input,
    async run(context, { ids, class: given }) {
      const client = await context.client();
      const classes = given === undefined ? await classesOf(client, ids) : ids.map(() => given);
      const anomalies = ids.map((id, index) => ({ id, anomalyClass: classes[index] as Class }));
      const [only] = anomalies;
      const answer = anomalies.length === 1 && only !== undefined
        ? await call(client, updateAnomaly, { ...only, status })
        : await call(client, updateAnomalies, { anomalies, status });
      await context.note(`${done} ${formatCount(ids.length, "anomaly", "anomalies")}`);
      if (asksForResult(context)) await context.print(answer);
    },
  });
}

/** @throws MpError (not_found) for an id that is not in the list. */
async function classesOf(client: Client, ids: readonly unknown[]): Promise<Class[]> {
  const params = { include_property_anomalies: true, include_metric_anomalies: true };
  const { anomalies } = (await call(client, listAnomalies, params)).result();
  const byId = new Map(anomalies.map(({ id, anomalyClass }) => [String(id), anomalyClass]));
  return ids.map((id) => {
    const found = byId.get(String(id));
    if (found !== undefined && found !== null) return found as Class;
    throw new MpError(`Cannot tell what anomaly ${id} is of: the list of anomalies does not have it`, {
      category: "not_found",
      code: "unknown_anomaly",
      hint: "'mp lexicon anomalies list' shows what there is; or add --class Event",
    });
  });
}
