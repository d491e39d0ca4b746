/** Tasks of data protection law: made in batches, found by their id, and followed to their end. */
import type { CallResult } from "../api/call.ts";
import { call, readOr } from "../api/call.ts";
import {
  createDeletion,
  createRetrieval,
  deletionStatus,
  retrievalStatus,
  type TaskInfo,
  trackingIds,
} from "../api/gdpr.ts";
import type { Client } from "../client/types.ts";
import { MpError } from "../errors.ts";
import type { Clock } from "../runtime/clock.ts";

export type TaskKind = "retrieval" | "deletion";

/** What the jobs need from outside. */
export interface TaskOptions {
  clock: Clock;
  signal?: AbortSignal;
}

/** A request that made a task. */
export interface Submitted {
  /** How many ids it was for. */
  ids: number;
  trackingIds: string[];
  /** The server's answer. */
  answer: CallResult<unknown>;
}

/** What a task's request says besides the ids. */
export interface TaskTerms {
  compliance_type?: "GDPR" | "CCPA";
  /** Retrievals only. */
  disclosure_type?: string;
}

/** Mixpanel takes one request a second, whatever else is known about the quota. */
const REQUEST_SPACING_MS = 1000;

/**
 * Makes one task for each batch of ids, one request a second. Yields each as soon as the server has it: what comes after
 * a failure has not been sent.
 */
export async function* submitTasks(
  client: Client,
  kind: TaskKind,
  batches: AsyncIterable<string[]>,
  terms: TaskTerms,
  { clock, signal }: TaskOptions,
): AsyncGenerator<Submitted> {
  let nextMs = 0;
  for await (const distinct_ids of batches) {
    const waitMs = nextMs - clock.now();
    if (waitMs > 0) await clock.sleep(waitMs, signal);
    nextMs = clock.now() + REQUEST_SPACING_MS;
    const answer = kind === "retrieval"
      ? await call(client, createRetrieval, { distinct_ids, ...terms }, { signal })
      : await call(client, createDeletion, { distinct_ids, compliance_type: terms.compliance_type }, { signal });
    yield { ids: distinct_ids.length, trackingIds: trackingIds(readOr(answer, {})), answer };
  }
}

/** A task's state, and which kind of task it is. */
export interface FoundTask {
  kind: TaskKind;
  info: TaskInfo;
  answer: CallResult<TaskInfo>;
}

/**
 * Asks how far a task is. Without a kind it is looked for among retrievals first.
 *
 * @throws MpError (not_found) when there is no such task.
 */
export async function findGdprTask(
  client: Client,
  trackingId: string,
  kind: TaskKind | undefined,
  { signal, clock }: TaskOptions,
): Promise<FoundTask> {
  const kinds: TaskKind[] = kind === undefined ? ["retrieval", "deletion"] : [kind];
  for (const [index, one] of kinds.entries()) {
    if (index > 0) await clock.sleep(REQUEST_SPACING_MS, signal);
    const operation = one === "retrieval" ? retrievalStatus : deletionStatus;
    const answer = await call(client, operation, { tracking_id: trackingId }, { signal }).catch((error: unknown) => {
      if (error instanceof MpError && error.category === "not_found") return undefined;
      throw error;
    });
    const info = answer?.result();
    if (answer !== undefined && info !== undefined && info.status !== "NOT_FOUND") {
      return { kind: one, info, answer };
    }
  }
  throw new MpError(`Cannot find ${kind ?? "retrieval or deletion"} ${trackingId}: Mixpanel knows no such task`, {
    category: "not_found",
    code: "unknown_task",
    hint: "check the id, and that MP_TOKEN is of the project that the task was made in",
  });
}

/** States that a task does not leave. */
const FINAL: ReadonlySet<string> = new Set(["SUCCESS", "FAILURE", "REVOKED"]);

export interface FollowOptions extends TaskOptions {
  /** A fixed pause. Default: 2 seconds, growing to 5 minutes. */
  everyMs?: number;
  /** Stop following after this long. Default: never. */
  giveUpAfterMs?: number;
  /** Called with each state, once. */
  onStatus?(status: string): void;
}

const FIRST_PAUSE_MS = 2000;
const LONGEST_PAUSE_MS = 300_000;
const GROWTH = 1.5;

/**
 * Follows a task until it has ended, with pauses that grow: tasks take minutes, or up to 30 days.
 *
 * @throws MpError (failure) when it failed or was cancelled, or when it was given up; (not_found) without such a task.
 */
export async function followTask(
  client: Client,
  trackingId: string,
  kind: TaskKind | undefined,
  options: FollowOptions,
): Promise<FoundTask> {
  const { clock, signal, everyMs, giveUpAfterMs = Infinity, onStatus } = options;
  const startedMs = clock.now();
  let pauseMs = everyMs ?? FIRST_PAUSE_MS;
  let known = kind;
  let status: string | undefined;
  for (;;) {
    const task = await findGdprTask(client, trackingId, known, options);
    known = task.kind;
    if (task.info.status !== status) onStatus?.(status = task.info.status);
    if (status === "SUCCESS") return task;
    if (status !== undefined && FINAL.has(status)) throw ended(task.kind, trackingId, status);
    if (clock.now() + pauseMs - startedMs > giveUpAfterMs) {
      throw new MpError(`Cannot wait longer for ${known} ${trackingId}: it is ${status}`, {
        category: "failure",
        code: "gave_up",
        hint: `it goes on by itself: mp gdpr wait ${trackingId}`,
      });
    }
    await clock.sleep(pauseMs, signal);
    if (everyMs === undefined) pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * GROWTH);
  }
}

function ended(kind: TaskKind, trackingId: string, status: string): MpError {
  const state = status === "REVOKED" ? "it was cancelled" : "it failed on Mixpanel's side";
  return new MpError(`Cannot finish ${kind} ${trackingId}: ${state}`, {
    category: "failure",
    code: status === "REVOKED" ? "task_cancelled" : "task_failed",
    hint: status === "REVOKED" ? undefined : "make a new one, with fewer ids if there were many",
  });
}
