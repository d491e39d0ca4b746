/** Commands that dismiss anomalies, or open them again: one by the plain form, several at once. */
import { z } from "zod";
import { call, type CallResult } from "../../../api/call.ts";
import { listAnomalies, updateAnomalies, updateAnomaly } from "../../../api/data_governance.ts";
import { choice } from "../../../api/params.ts";
import { type Command, command, type Example } from "../../../cli/command.ts";
import type { Context } from "../../../cli/context.ts";
import { asksForResult } from "../../../cli/format_choice.ts";
import { dataFields } from "../../../cli/operation_command.ts";
import { checkEither, WHOLE_BODY } from "../../../cli/whole_body.ts";
import type { Client } from "../../../client/types.ts";
import { MpError } from "../../../errors.ts";
import { formatCount } from "../../../output/format.ts";
import { isObject } from "../../../streams/json/is_object.ts";

type Class = z.output<typeof updateAnomaly.params.shape.anomalyClass>;

/** What the command sets, and the words for it. */
interface Settling {
  status: "open" | "dismissed";
  summary: string;
  done: string;
  examples: readonly Example[];
}

const input = z.object({
  ids: z.array(updateAnomaly.params.shape.id).optional().meta({
    placeholder: "ID",
    description: "Anomalies' ids",
    lists: "mp lexicon anomalies list",
  }),
  class: choice(["Event", "Property", "PropertyTypeDrift", "Metric"], "What they are of; default: looked up")
    .optional(),
  ...WHOLE_BODY,
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
    async run(context, { ids = [], class: given, data }) {
      checkEither("tell which anomalies are meant", data, { "<ids>": ids });
      const { count, answer } = data === undefined
        ? await settle(context, ids, given, status)
        : await settleAsGiven(context, data, status);
      await context.note(`${done} ${formatCount(count, "anomaly", "anomalies")}`);
      if (asksForResult(context)) await context.print(answer);
    },
  });
}

interface Settled {
  count: number;
  answer: CallResult<unknown>;
}

async function settle(
  context: Context,
  ids: readonly (number | bigint)[],
  given: Class | undefined,
  status: Settling["status"],
): Promise<Settled> {
  const client = await context.client();
  const classes = given === undefined ? await classesOf(client, ids) : ids.map(() => given);
  const anomalies = ids.map((id, index) => ({ id, anomalyClass: classes[index] as Class }));
  const [only] = anomalies;
  const answer = anomalies.length === 1 && only !== undefined
    ? await call(client, updateAnomaly, { ...only, status })
    : await call(client, updateAnomalies, { anomalies, status });
  return { count: ids.length, answer };
}

/** The body for one or for several, with the command's status. */
async function settleAsGiven(context: Context, data: unknown, status: Settling["status"]): Promise<Settled> {
  const client = await context.client();
  if (isObject(data) && "anomalies" in data) {
    const fields = dataFields(data, updateAnomalies.params) as z.input<typeof updateAnomalies.params>;
    const answer = await call(client, updateAnomalies, { ...fields, status });
    return { count: fields.anomalies.length, answer };
  }
  const fields = dataFields(data, updateAnomaly.params) as z.input<typeof updateAnomaly.params>;
  return { count: 1, answer: await call(client, updateAnomaly, { ...fields, status }) };
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
