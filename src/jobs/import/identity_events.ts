/**
 * Projects that identify users in the simplified way refuse `$identify`, `$create_alias` and `$merge`, and with one of
 * them the whole request. So these are removed, and what is left is sent again.
 */
import type { Batch } from "./batch.ts";

const NAMES: ReadonlySet<unknown> = new Set(["$identify", "$create_alias", "$merge"]);
const MENTION = /"\$(identify|create_alias|merge)"/;
const REFUSAL = /identity events are not allowed/i;

/** Whether a refusal is about the kind of project. */
export function refusesIdentityEvents(failedRecords: readonly unknown[]): boolean {
  return failedRecords.some((failed) => typeof failed === "string" && REFUSAL.test(failed));
}

/** What to tell of such an event. */
export const IDENTITY_REFUSAL =
  "identity events are not allowed: the project identifies users in the simplified way, by $device_id and $user_id";

/** The indexes of identity events, and of all others. */
export function divideByIdentity(batch: Batch): { identity: number[]; others: number[] } {
  const identity: number[] = [];
  const others: number[] = [];
  for (let index = 0; index < batch.count; index++) {
    (isIdentityEvent(batch.text(index)) ? identity : others).push(index);
  }
  return { identity, others };
}

function isIdentityEvent(text: string): boolean {
  return MENTION.test(text) && NAMES.has((JSON.parse(text) as { event?: unknown }).event);
}
