/** Boards: `/dashboards`. What they show changes by PATCH alone, one content at a time, and their layout likewise. */
import { appUser } from "../authentication.ts";
import type { SandboxCall } from "../call.ts";
import { appAnswer, type SandboxEndpoint } from "../endpoint.ts";
import { Refusal } from "../refusal.ts";
import { appSurface } from "../surfaces.ts";
import { atLeast, requireRole } from "./access.ts";
import { authorOf, authorshipOf, timestamp } from "./author.ts";
import { Body, idOf, type JsonObject, readBody } from "./body.ts";
import { Collection, type Stored } from "./collection.ts";
import {
  copyContent,
  createContent,
  deleteContents,
  describeContents,
  setRemoved,
  updateContent,
} from "./dashboard_contents.ts";
import {
  describeLayout,
  isSame,
  MOST_CELLS,
  MOST_ROWS,
  patchedLayout,
  withoutContent,
  withRow,
} from "./dashboard_layout.ts";
import { describeMaking, mayChange, permissions, requireChange } from "./saved_bookmark.ts";
import { CONTENT_TYPES, DASHBOARD, type LayoutCell, type SavedDashboard, savedDashboards } from "./saved_dashboard.ts";

const ALL = "/projects/{project_id}/dashboards";
const ONE = `${ALL}/{dashboard_id}`;
const MOST_TITLE = 255;
const MOST_DESCRIPTION = 400;
const ACTIONS = ["create", "update", "delete", "duplicate", "undelete"] as const;

export const dashboards: Collection<SavedDashboard> = new Collection({
  kind: DASHBOARD,
  path: ALL,
  access: appUser,
  show: describe,
  showInList: describeFields,
  select(call, members) {
    const ids = call.url.searchParams.get("ids")?.split(",").map(idOf);
    return members.filter(({ id, body }) => (ids === undefined || ids.includes(id)) && canSee(call, body));
  },
  idParameter: "dashboard_id",
  notFound: () => new Refusal(404, "Dashboard not found"),
  checkRemoval: requireBoardChange,
  removed: (call, { body }) => deleteContents(call, body),
  bulk: { ids: "dashboard_ids", members: "dashboards" },
});

const writer = { surface: appSurface, access: atLeast("analyst", appUser) } as const;
const reader = { surface: appSurface, access: appUser } as const;

export const dashboardEndpoints: SandboxEndpoint[] = [
  { ...writer, methods: ["POST"], path: ALL, respond: create },
  { ...writer, methods: ["PATCH"], path: ONE, respond: patch },
  ...dashboards.endpoints(),
  { ...reader, methods: ["POST"], path: `${ONE}/favorites`, respond: (call) => favor(call, true) },
  { ...reader, methods: ["DELETE"], path: `${ONE}/favorites`, respond: (call) => favor(call, false) },
  { ...writer, methods: ["POST"], path: `${ONE}/pin`, respond: (call) => pin(call, call.nowMs) },
  { ...writer, methods: ["DELETE"], path: `${ONE}/pin`, respond: (call) => pin(call, undefined) },
  { ...reader, methods: ["GET"], path: `${ONE}/erf`, respond: (call) => appAnswer({ id: dashboards.named(call).id }) },
  contentEndpoint("text-cards", "text"),
  contentEndpoint("report-links", "report-link"),
];

/** A new board without contents. */
export function emptyDashboard(call: SandboxCall, title: string): SavedDashboard {
  return {
    title,
    description: "",
    is_private: false,
    is_restricted: false,
    filters: [],
    breakdowns: [],
    time_filter: null,
    rows: [],
    lastNumber: 0,
    removed: [],
    favoriteOf: [],
    ...authorshipOf(call),
  };
}

/** Puts contents into a new row at the bottom of a saved board, and saves it. */
export function addRow(
  call: SandboxCall,
  { id, body }: Stored<SavedDashboard>,
  row: readonly Body[],
): Stored<SavedDashboard> {
  if (row.length < 1 || row.length > MOST_CELLS) {
    throw new Refusal(400, `rows: a row has 1 to ${MOST_CELLS} contents, not ${row.length}`);
  }
  const contents = row.map((content) => {
    const content_type = requiredType(content);
    const content_id = createContent(call, id, content_type, content.object("content_params") ?? new Body({}));
    return { content_type, content_id };
  });
  return dashboards.save(call, { id, body: { ...body, ...withRow(body, contents) } });
}

async function create(call: SandboxCall): Promise<Response> {
  const body = await readBody(call);
  const source = body.id("duplicate");
  if (source !== undefined) return duplicate(call, body, source);
  if (body.has("target_project_id")) throw body.refusal("target_project_id", "only together with duplicate");
  const fields = { ...emptyDashboard(call, body.requiredText("title", MOST_TITLE)), ...readFields(call, body) };
  const rows = body.objects("rows") ?? [];
  if (rows.length > MOST_ROWS) throw new Refusal(400, `A dashboard can have at most ${MOST_ROWS} rows`);
  const made = call.store.savedObjects.together(() => {
    let board = dashboards.add(call, fields);
    for (const row of rows) board = addRow(call, board, row.objects("contents") ?? []);
    return board;
  });
  return dashboards.shown(call, made);
}

/** A copy of a board and of what it shows, here or in another project, where the sender may write as well. */
function duplicate(call: SandboxCall, body: Body, sourceId: number): Response {
  const source = dashboards.find(call, sourceId);
  if (source === undefined || !canSee(call, source.body)) throw new Refusal(404, "Dashboard not found");
  const projectId = body.id("target_project_id") ?? call.project.id;
  if (projectId !== call.project.id && call.access.principal.kind === "service_account") {
    const role = call.store.projects.role(call.access.principal.account.id, projectId);
    if (role === undefined) throw new Refusal(403, "You do not have permission to access this project");
    requireRole({ access: { ...call.access, role } }, "analyst");
  }
  const { parentId: _parent, pinnedMs: _pinned, ...copied } = source.body;
  const title = body.text("title", MOST_TITLE) ?? `Duplicate of ${source.body.title}`;
  const fields = { ...copied, title, favoriteOf: [], removed: [], ...authorshipOf(call) };
  const { savedObjects } = call.store;
  const id = savedObjects.add(projectId, DASHBOARD, fields);
  const rows = fields.rows.map((row) => ({
    ...row,
    cells: row.cells.map((cell) => ({ ...cell, content_id: copyContent(call, cell, { dashboardId: id, projectId }) })),
  }));
  savedObjects.put(projectId, DASHBOARD, id, { ...fields, rows });
  if (projectId === call.project.id) return dashboards.shown(call, dashboards.find(call, id)!);
  return appAnswer({ ...describeFields(call, { id, body: { ...fields, rows } }), project_id: projectId });
}

async function patch(call: SandboxCall): Promise<Response> {
  const { id, body: before } = changeable(call);
  const body = await readBody(call);
  let board: SavedDashboard = { ...before, ...readFields(call, body), ...authorshipOf(call, before) };
  if (body.has("title")) board.title = body.requiredText("title", MOST_TITLE);
  const action = body.object("content");
  const changed = action === undefined ? undefined : act(call, { id, body: board }, action);
  board = changed?.board ?? board;
  const layout = body.object("layout");
  if (layout !== undefined) board = { ...board, ...patchedLayout(board, layout, changed?.created) };
  const saved = dashboards.save(call, { id, body: board });
  const created = changed?.created;
  return appAnswer({
    ...describe(call, saved),
    ...(created && { new_content: { id: created.content_id, ...created } }),
  });
}

type Content = Pick<LayoutCell, "content_id" | "content_type">;

/** Does one thing to the contents, and says what it made. */
function act(
  call: SandboxCall,
  { id, body: board }: Stored<SavedDashboard>,
  action: Body,
): { board: SavedDashboard; created?: Content } {
  const word = action.choice("action", ACTIONS);
  if (word === undefined) throw action.refusal("action", "this field is required");
  const content_type = requiredType(action);
  const atBottom = (content: Content) => ({ board: { ...board, ...withRow(board, [content]) }, created: content });
  const params = action.object("content_params") ?? new Body({});
  if (word === "create") {
    return atBottom({ content_type, content_id: createContent(call, id, content_type, params) });
  }
  const content = { content_type, content_id: action.id("content_id") ?? -1 };
  const isRemoved = board.removed.some((one) => isSame(one, content));
  if (word === "undelete" ? !isRemoved : !board.rows.some(({ cells }) => cells.some((cell) => isSame(cell, content)))) {
    throw new Refusal(404, "Content not found");
  }
  switch (word) {
    case "update":
      updateContent(call, content, params);
      return { board };
    case "delete":
      setRemoved(call, content, true);
      return { board: { ...board, ...withoutContent(board, content), removed: [...board.removed, content] } };
    case "undelete":
      setRemoved(call, content, false);
      return atBottomOf({ ...board, removed: board.removed.filter((one) => !isSame(one, content)) }, content);
    case "duplicate": {
      const source = { source_bookmark_id: content.content_id };
      const made = content_type === "report"
        ? createContent(call, id, "report", new Body(source))
        : copyContent(call, content, { dashboardId: id, projectId: call.project.id });
      return atBottom({ content_type, content_id: made });
    }
  }
}

function atBottomOf(board: SavedDashboard, content: Content): { board: SavedDashboard; created: Content } {
  return { board: { ...board, ...withRow(board, [content]) }, created: content };
}

function requiredType(content: Body) {
  const type = content.choice("content_type", CONTENT_TYPES);
  if (type === undefined) throw content.refusal("content_type", "this field is required");
  return type;
}

/** `PATCH …/text-cards/{tid}`, and the same for links. */
function contentEndpoint(name: string, content_type: "text" | "report-link"): SandboxEndpoint {
  return {
    ...writer,
    methods: ["PATCH"],
    path: `${ONE}/${name}/{content_id}`,
    async respond(call) {
      const board = changeable(call);
      const content = { content_type, content_id: idOf(call.path.content_id) ?? -1 };
      const isThere = board.body.rows.some(({ cells }) => cells.some((cell) => isSame(cell, content)));
      if (!isThere) throw new Refusal(404, "Content not found");
      updateContent(call, content, await readBody(call));
      const { [content_type]: contents } = describeContents(call, board.body) as Record<string, JsonObject>;
      return appAnswer(contents[content.content_id]);
    },
  };
}

/** The board in the path. Throws Refusal 403 where the sender may not change it. */
function changeable(call: SandboxCall): Stored<SavedDashboard> {
  const board = dashboards.named(call);
  requireBoardChange(call, board);
  return board;
}

function requireBoardChange(call: SandboxCall, { body }: Stored<SavedDashboard>): void {
  requireChange(call, { isRestricted: body.is_restricted, creatorId: body.creator.id });
}

function readFields(call: SandboxCall, body: Body): Partial<SavedDashboard> {
  const parentId = body.id("target_parent_dashboard_id");
  if (parentId !== undefined && dashboards.find(call, parentId)?.body.parentId !== undefined) {
    throw body.refusal("target_parent_dashboard_id", "dashboards nest at most 2 deep");
  }
  const given: Partial<SavedDashboard> = {
    description: body.text("description", MOST_DESCRIPTION),
    is_private: body.truth("is_private"),
    is_restricted: body.truth("is_restricted"),
    filters: body.list("filters"),
    breakdowns: body.list("breakdowns"),
    parentId,
  };
  const timeFilter = body.object("time_filter")?.fields;
  // An empty object takes the filter off.
  if (timeFilter !== undefined) given.time_filter = Object.keys(timeFilter).length === 0 ? null : timeFilter;
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function favor(call: SandboxCall, isFavorite: boolean): Response {
  const { id, body } = dashboards.named(call);
  const own = authorOf(call).id;
  const others = body.favoriteOf.filter((one) => one !== own);
  dashboards.save(call, { id, body: { ...body, favoriteOf: isFavorite ? [...others, own] : others } });
  return appAnswer({ id });
}

function pin(call: SandboxCall, pinnedMs: number | undefined): Response {
  const { id, body } = changeable(call);
  dashboards.save(call, { id, body: { ...body, pinnedMs } });
  return appAnswer({ id });
}

function canSee(call: SandboxCall, { is_private, creator }: SavedDashboard): boolean {
  return !is_private || mayChange(call, { isRestricted: true, creatorId: creator.id });
}

function describe(call: SandboxCall, board: Stored<SavedDashboard>): JsonObject {
  const { id, body } = board;
  if (!canSee(call, body)) throw new Refusal(404, "Dashboard not found");
  return {
    ...describeFields(call, { id, body }),
    layout: describeLayout(body),
    contents: describeContents(call, body),
  };
}

/** Without contents: as lists have it. */
function describeFields(call: SandboxCall, { id, body: board }: Stored<SavedDashboard>): JsonObject {
  const { title, description, is_private, is_restricted, filters, breakdowns, time_filter, parentId } = board;
  return {
    id,
    project_id: call.project.id,
    workspace_id: call.project.workspaceId,
    title,
    description,
    is_private,
    is_restricted,
    filters,
    breakdowns,
    time_filter,
    pinned_date: board.pinnedMs === undefined ? null : timestamp(board.pinnedMs),
    is_favorited: board.favoriteOf.includes(authorOf(call).id),
    ...describeMaking(board),
    ...permissions(call, { isRestricted: is_restricted, creatorId: board.creator.id }),
    ancestors: parentId === undefined ? [] : [{ id: parentId }],
    child_dashboards: savedDashboards(call).filter((one) => one.body.parentId === id).map((one) => ({ id: one.id })),
    unique_view_count: 0,
    total_view_count: 0,
    num_active_public_links: 0,
  };
}
