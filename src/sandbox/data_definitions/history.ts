/** Who changed what of a definition. The shape is the emulator's own: clients take any. */
import { authorOf } from "../app/author.ts";
import { timestamp } from "../app/author.ts";
import type { SandboxCall } from "../call.ts";
import { appAnswer } from "../endpoint.ts";
import type { JsonObject } from "../app/body.ts";

/** The kind of saved objects that changes are. */
const CHANGE = "lexicon_change";

/** Whoever did something to a definition, as answers show it. */
export function userOf(email: string): JsonObject {
  return { name: email, email };
}

interface SavedChange {
  /** `event Purchase`, `Event plan`. */
  of: string;
  author: { name: string; email: string };
  timeMs: number;
  changes: Record<string, { from: unknown; to: unknown }>;
}

/** Keeps a change, if there is one. */
export function recordChange(call: SandboxCall, of: string, before: JsonObject, after: JsonObject): void {
  const changes = Object.fromEntries(
    Object.keys(after).filter((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]))
      .map((field) => [field, { from: before[field] ?? null, to: after[field] }]),
  );
  if (Object.keys(changes).length === 0) return;
  const { name, email } = authorOf(call);
  const change: SavedChange = { of, author: { name, email }, timeMs: call.nowMs, changes };
  call.store.savedObjects.add(call.project.id, CHANGE, change);
}

/** The newest change first. */
export function historyAnswer(call: SandboxCall, of: string): Response {
  const changes = call.store.savedObjects.list<SavedChange>(call.project.id, CHANGE);
  return appAnswer(
    changes.filter(({ body }) => body.of === of).reverse()
      .map(({ id, body: { author, timeMs, changes } }) => ({
        id,
        user: author,
        timestamp: timestamp(timeMs),
        changes,
      })),
  );
}
