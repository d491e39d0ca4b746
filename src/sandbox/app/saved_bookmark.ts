/** Reports as people save them ("bookmarks"), and what is known of one wherever it is shown. */
import type { SandboxCall } from "../call.ts";
import { Refusal } from "../refusal.ts";
import type { JsonObject } from "./body.ts";
import { type Authorship, describeAuthorship } from "./author.ts";
import { PROJECT_ROLES } from "../store/projects.ts";

/** The kind of saved objects that reports are. */
export const BOOKMARK = "report";

export const BOOKMARK_TYPES = ["insights", "funnels", "retention", "flows", "user", "launch-analysis"] as const;
type BookmarkType = typeof BOOKMARK_TYPES[number];

/** A report as it is saved, under its id. */
export interface SavedBookmark extends Partial<Authorship> {
  name: string;
  type: BookmarkType;
  description?: string;
  icon?: string;
  /** What it asks, as the web page has it: `sections` and `displayOptions`. */
  params: JsonObject;
  /** The board that owns it. */
  dashboard_id?: number;
  is_visibility_restricted?: boolean;
  is_modification_restricted?: boolean;
  /** It was removed from its board, which can undo that. */
  isDeleted?: boolean;
  /** What it was before each change, the last first. */
  history?: { id: number; atMs: number; by: string; name: string; params: JsonObject }[];
}

/** A report by its id; undefined when there is none, or it was removed from its board. */
export function savedBookmark({ store, project }: SandboxCall, id: number): SavedBookmark | undefined {
  const saved = store.savedObjects.get<SavedBookmark>(project.id, BOOKMARK, id);
  return saved?.isDeleted ? undefined : saved;
}

/** As answers show it: `params` is an object here, although boards take it as JSON text. */
export function describeBookmark(call: SandboxCall, id: number, bookmark: SavedBookmark): JsonObject {
  return {
    id,
    project_id: call.project.id,
    workspace_id: call.project.workspaceId,
    name: bookmark.name,
    type: bookmark.type,
    original_type: bookmark.type,
    description: bookmark.description ?? "",
    icon: bookmark.icon ?? null,
    params: bookmark.params ?? {},
    dashboard_id: bookmark.dashboard_id ?? null,
    is_visibility_restricted: bookmark.is_visibility_restricted ?? false,
    is_modification_restricted: bookmark.is_modification_restricted ?? false,
    ...describeMaking(bookmark),
    ...permissions(call, { isRestricted: bookmark.is_modification_restricted, creatorId: bookmark.creator?.id }),
    unique_view_count: 0,
    total_view_count: 0,
  };
}

/** Who made it and when; without a zone in the times, as reports and boards have them. */
export function describeMaking(made: Partial<Authorship>): JsonObject {
  const { createdMs = 0, modifiedMs = createdMs, creator = NOBODY, modifier = creator } = made;
  const described = describeAuthorship({ creator, createdMs, modifier, modifiedMs });
  const withoutZone = (time: string) => time.replace(/Z$/, "");
  return { ...described, created: withoutZone(described.created), modified: withoutZone(described.modified) };
}

/** What the sender may do with a report or a board. */
export function permissions(
  call: SandboxCall,
  { isRestricted = false, creatorId }: { isRestricted?: boolean; creatorId?: number },
): JsonObject {
  const canUpdate = mayChange(call, { isRestricted, creatorId });
  return { can_view: true, can_update_basic: canUpdate, can_share: canUpdate, can_update_restricted: canUpdate };
}

/** Analysts change what is open to all; what is restricted is its author's, and that of admins. */
export function mayChange(
  { access }: Pick<SandboxCall, "access">,
  { isRestricted = false, creatorId }: { isRestricted?: boolean; creatorId?: number },
): boolean {
  const rank = access.role === undefined ? Infinity : PROJECT_ROLES.indexOf(access.role);
  const isOwn = access.principal.kind === "service_account" && access.principal.account.id === creatorId;
  return rank <= PROJECT_ROLES.indexOf(isRestricted && !isOwn ? "admin" : "analyst");
}

/** @throws Refusal 403 where the sender may not change it. */
export function requireChange(
  call: SandboxCall,
  what: { isRestricted?: boolean; creatorId?: number },
): void {
  if (!mayChange(call, what)) throw new Refusal(403, "You do not have permission to perform this action");
}

const NOBODY = { id: 0, name: "", email: "" };
