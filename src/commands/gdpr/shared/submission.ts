/** What retrieving and deleting share: ids from anywhere, one task for each batch, and following them. */
import { z } from "zod";
import { MAX_IDS_PER_REQUEST } from "../../../api/gdpr.ts";
import { choice, count, text } from "../../../api/params.ts";
import { confirmInProject } from "../../../cli/confirm_in_project.ts";
import type { Context } from "../../../cli/context.ts";
import { someIds } from "../../../cli/some_ids.ts";
import { isDryRunEnd } from "../../../cli/dry_run.ts";
import { inputError, MpError } from "../../../errors.ts";
import { submitTasks, type Submitted, type TaskKind, type TaskTerms } from "../../../jobs/gdpr_tasks.ts";
import { openSources } from "../../../records/read/open_sources.ts";
import { idBatches, type IdPreview, previewIds, userIds } from "../../../records/read/user_ids.ts";
import { formatCount } from "../../../output/format.ts";
import { answersOf, follow, followFlags, taskResult } from "./follow.ts";

export const IDS_HELP = `Ids are given one by one, or by a file with one id a line (JSON with $distinct_id works too, so
that 'mp profiles list -f jsonl' can be piped in). Each task takes ${MAX_IDS_PER_REQUEST} of them, and Mixpanel one
request a second. JSON output is the server's answer, or a list of its answers when there were several.`;

export const submissionFlags = {
  distinct_ids: z.array(z.string().min(1)).optional().meta({ placeholder: "ID", description: "Whose data" }),
  file: text("Ids from a file, one a line; - is standard input", { placeholder: "FILE" }).optional(),
  data: z.unknown().optional().meta({ input: "json", description: "The body as JSON, @FILE or -; flags override it" }),
  compliance_type: choice(["GDPR", "CCPA"], "The law that applies; default GDPR").optional(),
  batch: count("Ids in one task", { min: 1, max: MAX_IDS_PER_REQUEST }).default(MAX_IDS_PER_REQUEST),
  skip: count("Leave out the first N ids: those that an earlier run has sent").default(0),
  wait: z.boolean().default(false).meta({ description: "Follow the tasks until they have ended" }),
  ...followFlags,
};

type SubmissionInput = z.output<z.ZodObject<typeof submissionFlags>> & { disclosure_type?: string };

const DATA = z.strictObject({
  distinct_ids: z.array(z.union([z.string().min(1), z.number(), z.bigint()])).min(1).optional(),
  compliance_type: z.enum(["GDPR", "CCPA"]).optional(),
  disclosure_type: z.string().optional(),
});

interface Ids {
  /** How many there are behind those left out, and the first of them; undefined when only reading would tell. */
  preview(): Promise<IdPreview | undefined>;
  read(): AsyncIterable<string> | Iterable<string>;
}

/** Makes the tasks, says what was made as it happens, and prints the answers. */
export async function submit(context: Context, kind: TaskKind, input: SubmissionInput): Promise<void> {
  const body = bodyOf(input.data);
  const ids = await idsOf(context, input, body.distinct_ids?.map(String));
  const terms: TaskTerms = {
    compliance_type: input.compliance_type ?? body.compliance_type,
    disclosure_type: input.disclosure_type ?? body.disclosure_type,
  };
  if (terms.disclosure_type !== undefined && terms.compliance_type !== "CCPA") {
    throw inputError(
      "Cannot choose what to disclose: that is for CCPA only",
      "add --compliance-type CCPA",
      "bad_terms",
    );
  }
  if (kind === "deletion") await confirmInProject(context, question(await ids.preview()), { byToken: true });
  const client = await context.client();
  const made: Submitted[] = [];
  let sent = 0;
  try {
    for await (const one of submitTasks(client, kind, idBatches(ids.read(), input.batch, input.skip), terms, context)) {
      made.push({ ...one });
      sent += one.ids;
      await context.note(whatWasMade(kind, one));
    }
  } catch (error) {
    if (isDryRunEnd(error)) throw error;
    if (sent > 0) await printMade(context, made);
    const isInDoubt = error instanceof MpError && error.inDoubt;
    if (isInDoubt) await context.note(`${users(sent)} were sent; the next, ${input.batch} at most, are in doubt`);
    else if (sent > 0) {
      await context.note(`${users(sent)} were sent; go on after them with --skip ${input.skip + sent}`);
    }
    throw error;
  }
  if (made.length === 0) throw inputError(`Cannot make a ${kind}: there are no ids`, undefined, "no_ids");
  if (!input.wait) return await printMade(context, made);
  const ended = [];
  for (const trackingId of made.flatMap((one) => one.trackingIds)) {
    ended.push(await follow(context, client, trackingId, kind, input, `${kind} ${trackingId}`));
  }
  await context.print(taskResult(ended));
}

async function idsOf(context: Context, input: SubmissionInput, inBody: string[] | undefined): Promise<Ids> {
  const { distinct_ids: typed, file } = input;
  const ways = [typed, file, inBody].filter((one) => one !== undefined).length;
  if (ways !== 1) {
    throw inputError(
      ways === 0 ? "Cannot make a task: there are no ids" : "Cannot take ids from more than one place",
      "give them one by one, or by --file FILE, or by --data JSON",
      ways === 0 ? "no_ids" : "bad_ids",
    );
  }
  const given = typed ?? inBody;
  if (given !== undefined) {
    const list = [...new Set(given)];
    return { preview: () => previewIds(list, input.skip), read: () => list };
  }
  if (file === "-" && context.stdin.isTerminal) {
    throw inputError("Cannot read standard input: nothing is piped in", "add ids, or --file FILE", "no_input");
  }
  const sources = await openSources([file as string], context.stdin);
  const read = () => userIds(sources, context.signal);
  // A pipe can be read only once, and counting is for a question that someone will read.
  const isCounted = file !== "-" && !context.globals.yes && !context.globals.dryRun;
  return { preview: async () => isCounted ? await previewIds(read(), input.skip) : undefined, read };
}

function bodyOf(data: unknown): z.output<typeof DATA> {
  if (data === undefined) return {};
  const outcome = DATA.safeParse(data);
  if (outcome.success) return outcome.data;
  const issue = outcome.error.issues[0];
  throw inputError(
    `Cannot use --data: ${issue?.path.join(".") || "the body"}: ${issue?.message.replace(/^Invalid input: /, "")}`,
    'for example --data \'{"distinct_ids": ["u-1"], "compliance_type": "GDPR"}\'',
    "bad_data",
  );
}

function question(ids: IdPreview | undefined): string {
  const whose = ids === undefined
    ? "the users on standard input"
    : `${users(ids.count)}, ${someIds(ids.first, ids.count)}`;
  return `Delete all events and the profile of ${whose} permanently?`;
}

function whatWasMade(kind: TaskKind, { trackingIds, ids }: Submitted): string {
  if (trackingIds.length === 0) return `Asked for a ${kind} for ${users(ids)}; the answer names no task`;
  // A line for each, so that no command is broken in the middle on a terminal.
  const looks = trackingIds.map((id) => `See how far it is: mp gdpr status ${id}`);
  return [`Made ${kind} ${trackingIds.join(", ")} for ${users(ids)}`, ...looks].join("\n");
}

const users = (count: number): string => formatCount(count, "user");

async function printMade(context: Context, made: readonly Submitted[]): Promise<void> {
  await context.print({
    ...answersOf(made),
    rows: made.flatMap(({ ids, trackingIds }) => trackingIds.map((tracking_id) => ({ tracking_id, users: ids }))),
    columns: [{ key: "tracking_id", identifier: true }, "users"],
  });
}
