/** Retrievals and deletions as they are stored, and how far the clock has brought them. */
import type { SandboxCall } from "../call.ts";
import { Refusal } from "../refusal.ts";
import type { Project } from "../store/projects.ts";

/** The kind of saved objects that tasks are. */
export const GDPR_TASK = "gdpr_task";

const MOST_IDS = 2000;

export interface GdprTask {
  type: "retrieval" | "deletion";
  distinct_ids: string[];
  compliance_type: "GDPR" | "CCPA";
  /** Retrievals under CCPA. */
  disclosure_type?: string;
  requesting_user: string;
  requestedMs: number;
  /** When its turn comes. Usually at once; Mixpanel may have much to do before. */
  turnMs: number;
  /** Part of a retrieval's address. */
  key: string;
  revoked?: boolean;
  /** Whether a deletion has been carried out. */
  carriedOut?: boolean;
}

type TaskState = "PENDING" | "STAGING" | "STARTED" | "SUCCESS" | "REVOKED";

/** A task with its number. */
interface StoredTask {
  id: number;
  task: GdprTask;
}

/** Real ids have 19 digits: more than a JavaScript number holds. */
const FIRST_TRACKING_ID = 1_000_000_000_000_000_000n;

export function trackingIdOf(id: number): string {
  return String(FIRST_TRACKING_ID + BigInt(id));
}

/** Each state lasts as long as the settings say, until it is done. */
export function stateOf(call: SandboxCall, { revoked, turnMs }: GdprTask): TaskState {
  if (revoked) return "REVOKED";
  const stage = Math.floor((call.nowMs - turnMs) / call.services.settings.gdprStageMs);
  return stage < 1 ? "PENDING" : stage < 2 ? "STAGING" : stage < 3 ? "STARTED" : "SUCCESS";
}

/** The task that a path names, if it is of this type. */
export function taskOfPath(call: SandboxCall, type: GdprTask["type"]): StoredTask | undefined {
  const { tracking_id: text = "" } = call.path;
  if (!/^\d{1,25}$/.test(text)) return undefined;
  const id = Number(BigInt(text) - FIRST_TRACKING_ID);
  const task = call.store.savedObjects.get<GdprTask>(call.project.id, GDPR_TASK, id);
  return task?.type === type ? { id, task } : undefined;
}

export function saveTask(call: SandboxCall, id: number, task: GdprTask): void {
  call.store.savedObjects.put(call.project.id, GDPR_TASK, id, task);
}

/**
 * Carries out the deletions whose time has come. There is no process in the background: it happens when the family is
 * next asked for anything.
 */
export function carryOutDeletions(call: SandboxCall): void {
  const { store, project } = call;
  for (const { id, body } of store.savedObjects.list<GdprTask>(project.id, GDPR_TASK)) {
    if (body.type !== "deletion" || body.carriedOut || stateOf(call, body) !== "SUCCESS") continue;
    store.userData.delete(project.id, withFormerIds(call, project, body.distinct_ids));
    saveTask(call, id, { ...body, carriedOut: true });
  }
}

/** The ids, and those that identity management has merged into them. */
export function withFormerIds(call: SandboxCall, project: Project, ids: readonly string[]): string[] {
  const wanted = new Set(ids);
  const former = [...call.store.identities.canonicalIds(project.id) ?? []]
    .filter(([, canonical]) => wanted.has(canonical)).map(([id]) => id);
  return [...new Set([...ids, ...former])];
}

/**
 * The ids of a request.
 *
 * @throws Refusal 400 when there are none, too many, or they are no texts.
 */
export function idsOf(value: unknown): string[] {
  if (!Array.isArray(value) || value.length === 0) throw new Refusal(400, "distinct_ids is required");
  if (value.length > MOST_IDS) throw new Refusal(400, `distinct_ids must not have more than ${MOST_IDS} ids`);
  if (value.some((one) => typeof one !== "string" || one === "")) {
    throw new Refusal(400, "distinct_ids must be a list of strings");
  }
  return value as string[];
}
