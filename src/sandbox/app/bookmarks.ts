/** Reports as people save them: `/bookmarks`. */
import { appUser } from "../authentication.ts";
import type { SandboxCall } from "../call.ts";
import { appAnswer, jsonAnswer, type SandboxEndpoint } from "../endpoint.ts";
import { Refusal } from "../refusal.ts";
import { appSurface } from "../surfaces.ts";
import { authorshipOf, timestamp } from "./author.ts";
import { type Body, idOf, type JsonObject } from "./body.ts";
import { Collection, type Stored } from "./collection.ts";
import { withoutContent } from "./dashboard_layout.ts";
import { BOOKMARK, BOOKMARK_TYPES, describeBookmark, requireChange, type SavedBookmark } from "./saved_bookmark.ts";
import { savedFunnelReport } from "./saved_funnel_report.ts";
import { DASHBOARD, dashboardsWith, type SavedDashboard, savedDashboards } from "./saved_dashboard.ts";

const ALL = "/projects/{project_id}/bookmarks";

/** Refused when a report is saved; each is a base type with `plotStyle` now. */
const OLD_CHARTS = ["bar-stacked", "stacked-line", "stacked-column"];

const bookmarks: Collection<SavedBookmark> = new Collection({
  kind: BOOKMARK,
  path: ALL,
  access: appUser,
  show: (call, { id, body }) => describeBookmark(call, id, body),
  standIn: savedFunnelReport,
  select(call, members) {
    const { searchParams } = call.url;
    const type = searchParams.get("type");
    const ids = searchParams.get("ids")?.split(",").map(idOf);
    return members.filter(({ id, body }) =>
      !body.isDeleted && (type === null || body.type === type) && (ids === undefined || ids.includes(id))
    );
  },
  // The second version of the list is an object in the envelope.
  answerList: (call, results) => appAnswer(call.url.searchParams.get("v") === "2" ? { results } : results),
  createStatus: 200,
  create(call, body) {
    const owner = body.has("dashboard_id") ? body.id("dashboard_id") : undefined;
    // Also where no board was named at all, as the server says it.
    if (owner === undefined || !isDashboard(call, owner)) throw new Refusal(400, "Dashboard doesn't exist");
    return { ...readNewBookmark(body), dashboard_id: owner, ...readRestrictions(body), ...authorshipOf(call) };
  },
  idParameter: "bookmark_id",
  notFound: () => new Refusal(404, "Bookmark not found"),
  update: (call, body, before) => changeBookmark(call, body, before),
  checkRemoval: (call, { body }) => requireBookmarkChange(call, body),
  removed: takeFromBoards,
  bulk: { ids: "bookmark_ids", members: "bookmarks" },
});

const read = { methods: ["GET"], surface: appSurface, access: appUser } as const;

export const bookmarkEndpoints: SandboxEndpoint[] = [
  ...bookmarks.endpoints(),
  { ...read, path: `${ALL}/{bookmark_id}/linked-dashboard-ids`, respond: showBoards },
  { ...read, path: "/projects/{project_id}/dashboards/bookmarks/{bookmark_id}/dashboard-ids", respond: showBoards },
  { ...read, path: `${ALL}/{bookmark_id}/history`, respond: history },
];

/** The name, kind and question of a report to be saved. */
export function readNewBookmark(body: Body): SavedBookmark {
  const type = body.choice("type", BOOKMARK_TYPES);
  if (type === undefined) throw body.refusal("type", "this field is required");
  const params = body.object("params");
  if (params === undefined) throw body.refusal("params", "this field is required");
  return {
    name: body.requiredText("name"),
    type,
    description: body.text("description") ?? "",
    icon: body.text("icon"),
    params: checkedParams(params),
  };
}

/** What a request changes of a report. Throws Refusal 403 where the sender may not change it. */
export function changeBookmark(call: SandboxCall, body: Body, before: SavedBookmark): Partial<SavedBookmark> {
  const { history = [] } = before;
  requireBookmarkChange(call, before);
  const owner = body.id("dashboard_id");
  if (owner !== undefined && !isDashboard(call, owner)) throw new Refusal(400, "Dashboard doesn't exist");
  const params = body.object("params");
  const authorship = authorshipOf(call, before.creator && before as Required<SavedBookmark>);
  const { name, params: oldParams } = before;
  return {
    name: body.text("name") ?? before.name,
    type: body.choice("type", BOOKMARK_TYPES) ?? before.type,
    description: body.text("description") ?? before.description,
    icon: body.text("icon") ?? before.icon,
    params: params === undefined ? before.params : checkedParams(params),
    dashboard_id: owner ?? before.dashboard_id,
    isDeleted: body.truth("deleted") ?? before.isDeleted,
    ...readRestrictions(body, before),
    ...authorship,
    history: [
      { id: history.length + 1, atMs: call.nowMs, by: authorship.modifier.name, name, params: oldParams },
      ...history,
    ],
  };
}

function requireBookmarkChange(call: SandboxCall, bookmark: SavedBookmark): void {
  const { is_modification_restricted: isRestricted, creator } = bookmark;
  requireChange(call, { isRestricted, creatorId: creator?.id });
}

function readRestrictions(body: Body, before?: SavedBookmark) {
  return {
    is_visibility_restricted: body.truth("is_visibility_restricted") ?? before?.is_visibility_restricted ?? false,
    is_modification_restricted: body.truth("is_modification_restricted") ?? before?.is_modification_restricted ?? false,
  };
}

function checkedParams(params: Body): JsonObject {
  const chart = params.object("displayOptions")?.text("chartType");
  if (chart !== undefined && OLD_CHARTS.includes(chart)) {
    throw new Refusal(422, `params.displayOptions.chartType: ${chart} is not supported for new reports`);
  }
  return params.fields;
}

function isDashboard(call: SandboxCall, id: number): boolean {
  return call.store.savedObjects.get(call.project.id, DASHBOARD, id) !== undefined;
}

/** A report that is deleted is on no board. */
function takeFromBoards(call: SandboxCall, { id }: Stored<SavedBookmark>): void {
  for (const { id: boardId, body } of savedDashboards(call)) {
    const layout = withoutContent(body, { content_id: id, content_type: "report" });
    if (layout.rows.length === body.rows.length && layout.rows.every((row, index) => row === body.rows[index])) {
      continue;
    }
    call.store.savedObjects.put(call.project.id, DASHBOARD, boardId, { ...body, ...layout } satisfies SavedDashboard);
  }
}

function showBoards(call: SandboxCall): Response {
  return appAnswer(dashboardsWith(call, bookmarks.named(call).id));
}

/** What it was before each change, the last first, in pages. */
function history(call: SandboxCall): Response {
  const { body } = bookmarks.named(call);
  const parameter = (name: string) => idOf(call.url.searchParams.get(name) ?? undefined);
  const pageSize = parameter("page_size") || 20;
  const start = parameter("cursor") ?? 0;
  const all = body.history ?? [];
  const results = all.slice(start, start + pageSize).map(({ id, atMs, by, name, params }) => ({
    id,
    modified: timestamp(atMs),
    modified_by_name: by,
    name,
    params,
  }));
  const end = start + pageSize;
  return jsonAnswer({
    status: "ok",
    results,
    pagination: {
      page_size: pageSize,
      next_cursor: end < all.length ? String(end) : null,
      previous_cursor: start > 0 ? String(Math.max(0, start - pageSize)) : null,
    },
  });
}
