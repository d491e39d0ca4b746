import { z } from "zod";
import { resultAddress, retrievalStatus } from "../../api/gdpr.ts";
import { command } from "../../cli/command.ts";
import { transportOf } from "../../cli/transport.ts";
import { MpError } from "../../errors.ts";
import { download, fileNameOf } from "../../jobs/download.ts";
import { fileTarget, pipeTarget } from "../../jobs/target.ts";
import { findGdprTask } from "../../jobs/gdpr_tasks.ts";
import { formatBytes } from "../../output/format.ts";
import { proveWritable } from "../../runtime/files/writable.ts";
import { VERSION } from "../../version.ts";
import { follow, followFlags, trackingIdInput } from "./shared/follow.ts";

export default command({
  output: "own",
  summary: "fetch the result of a retrieval",
  description:
    `Writes the result to a file that only you can read: --output, or a name in this folder made of the task's id.
'-o -' writes to standard output.`,
  operations: [retrievalStatus],
  args: ["tracking_id"],
  examples: [{ text: "To a file of this name", run: "mp gdpr download 1000000000000000001 -o user.jsonl" }],
  input: z.object({
    tracking_id: trackingIdInput,
    wait: z.boolean().default(false).meta({ description: "Wait for the retrieval's end first" }),
    ...followFlags,
  }),
  async run(context, { tracking_id, wait, ...flags }) {
    const { output } = context.globals;
    if (output !== undefined && output !== "-") await proveWritable(output);
    const client = await context.client();
    const task = wait
      ? await follow(context, client, tracking_id, "retrieval", flags)
      : await findGdprTask(client, tracking_id, "retrieval", context);
    const address = resultAddress(task.info);
    if (address === undefined) {
      throw new MpError(`Cannot download retrieval ${tracking_id}: it is ${task.info.status}, and has no result`, {
        category: "failure",
        code: "no_result",
        hint: `mp gdpr download ${tracking_id} --wait`,
      });
    }
    const path = output ?? nameOf(tracking_id, address);
    const target = path === "-" ? pipeTarget(context.stdout) : await fileTarget(path, { mode: 0o600, keepsPart: true });
    const { connection } = client;
    const bytes = await download(transportOf(connection), address, target, {
      timeoutMs: connection.timeoutMs,
      userAgent: `mp/${VERSION}`,
      signal: context.signal,
      expiredHint: "links run out; 'mp gdpr status' shows a new one, or make a new retrieval",
    });
    if (path !== "-") await context.note(`Wrote ${path} (${formatBytes(bytes)})`);
  },
});

/** The id, with the ending that the server's file has. */
function nameOf(trackingId: string, address: string): string {
  const ending = /(?:\.[a-z0-9]{1,5}){1,2}$/i.exec(fileNameOf(address) ?? "")?.[0] ?? "";
  return `retrieval-${trackingId.replace(/[^\w-]/g, "_")}${ending}`;
}
