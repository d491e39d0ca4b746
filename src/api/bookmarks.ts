/** Reports as people save them in Mixpanel, which calls them bookmarks. */
import { z } from "zod";
import { parseJson } from "../streams/json/json.ts";
import { APP, del, get, operation, patch, post } from "./operation.ts";
import { anyId, choice, count, id, text, truth } from "./params.ts";

const ALL = "/projects/{project_id}/bookmarks";
const ONE = `${ALL}/{bookmark_id}`;

/** Known from the code of Mixpanel's own clients. */
const KNOWN = { ...APP, unpublished: "client" } as const;

export const REPORT_TYPES = ["insights", "funnels", "retention", "flows", "user", "launch-analysis"] as const;

export const reportId = id("Report's id, from 'mp reports list'", { completes: "reports" });
const reportIds = z.array(id("Report's id")).min(1).meta({
  flag: "id",
  placeholder: "ID",
  description: "Report's id, from 'mp reports list'",
  completes: "reports",
});

/** The second version of a report's form: the one that all clients use. */
const v = z.literal(2).default(2);

const object = z.record(z.string(), z.unknown());

/** What a report asks: an object, or its JSON text where it stands on a board. */
export const reportParams = z.union([object, z.string()]);

export const bookmark = z.looseObject({
  id: anyId,
  name: z.string(),
  type: z.string(),
  description: z.string().nullish(),
  params: reportParams.nullish(),
  dashboard_id: anyId.nullish(),
  creator_name: z.string().nullish(),
  modified: z.string().nullish(),
});
export type Bookmark = z.output<typeof bookmark>;

/** A list that may come inside a second envelope. */
const bookmarkList = z.union([z.array(bookmark), z.looseObject({ results: z.array(bookmark) })]);

/** The reports of a list's answer. */
export const bookmarksIn = (result: z.output<typeof bookmarkList>): Bookmark[] =>
  Array.isArray(result) ? result : result.results;

const fields = {
  name: text("Name of the report", { placeholder: "NAME" }),
  type: choice(REPORT_TYPES, "Kind of report"),
  params: object.meta({ description: "What a report asks, as JSON", placeholder: "JSON" }),
  dashboard_id: id("Board that it belongs to, from 'mp boards list'", { flag: "board", completes: "boards" }),
  description: z.string().meta({ description: "What it is for" }).optional(),
  icon: z.string().meta({ description: "Name of its icon" }).optional(),
  is_visibility_restricted: truth("Only some people see it", { flag: "hidden-from-others" }).optional(),
  is_modification_restricted: truth("Only its author and admins change it", { flag: "locked" }).optional(),
};

export const listBookmarks = operation({
  id: "reports.list",
  summary: "list the saved reports",
  routes: [get("app", ALL)],
  ...KNOWN,
  params: z.object({
    v,
    type: choice(REPORT_TYPES, "Only reports of this kind").optional(),
    ids: text("Only these, with commas between", { placeholder: "IDS" }).optional(),
  }),
  result: bookmarkList,
});

export const getBookmark = operation({
  id: "reports.get",
  summary: "show a saved report and what it asks",
  routes: [get("app", ONE)],
  ...KNOWN,
  params: z.object({ bookmark_id: reportId, v }),
  result: bookmark,
});

export const createBookmark = operation({
  id: "reports.create",
  summary: "save a report",
  routes: [post("app", ALL)],
  look: "mp reports list",
  ...KNOWN,
  params: z.object({ ...fields, v }),
  result: bookmark,
});

export const updateBookmark = operation({
  id: "reports.update",
  summary: "change a saved report",
  routes: [patch("app", ONE)],
  look: "mp reports get {bookmark_id}",
  ...KNOWN,
  repeatable: true,
  params: z.object({
    bookmark_id: reportId,
    ...z.object(fields).partial().shape,
    deleted: truth("Delete it, or bring it back", { flag: "deleted" }).optional(),
    v,
  }),
  result: bookmark,
});

export const deleteBookmark = operation({
  id: "reports.delete",
  summary: "delete a saved report",
  routes: [del("app", ONE)],
  look: "mp reports get {bookmark_id}",
  ...KNOWN,
  params: z.object({ bookmark_id: reportId }),
  result: z.unknown(),
});

export const deleteBookmarks = operation({
  id: "reports.delete_many",
  summary: "delete several saved reports at once",
  routes: [post("app", `${ALL}/bulk-delete`)],
  look: "mp reports list",
  ...KNOWN,
  params: z.object({ bookmark_ids: reportIds }),
  result: z.unknown(),
});

export const updateBookmarks = operation({
  id: "reports.update_many",
  summary: "change several saved reports at once",
  routes: [post("app", `${ALL}/bulk-update`)],
  look: "mp reports list",
  ...KNOWN,
  repeatable: true,
  params: z.object({
    bookmarks: z.array(z.looseObject({ id: id("Report's id"), name: z.string().optional() })).min(1)
      .meta({ flag: "changes", description: 'Ids and what changes, such as [{"id": 9001, "name": "New"}]' }),
  }),
  result: z.unknown(),
});

export const bookmarkHistory = operation({
  id: "reports.history",
  summary: "list the changes of a saved report",
  routes: [get("app", `${ONE}/history`)],
  ...KNOWN,
  params: z.object({
    bookmark_id: reportId,
    page_size: count("Changes in a page", { min: 1, max: 100 }).optional(),
    cursor: text("Begin at this page", { placeholder: "CURSOR" }).optional(),
  }),
  result: z.array(z.looseObject({})),
});

export const linkedDashboards = operation({
  id: "reports.boards",
  summary: "list the boards that show a report",
  routes: [get("app", `${ONE}/linked-dashboard-ids`)],
  ...KNOWN,
  params: z.object({ bookmark_id: reportId }),
  result: z.array(anyId),
});

export const dashboardsOfBookmark = operation({
  id: "boards.with_report",
  summary: "list the boards that a report is on",
  routes: [get("app", "/projects/{project_id}/dashboards/bookmarks/{bookmark_id}/dashboard-ids")],
  ...KNOWN,
  params: z.object({ bookmark_id: reportId }),
  result: z.array(anyId),
});

/** The order and widths of columns without which the web page cannot show a saved report of retention. */
const RETENTION_LAYOUT = {
  sorting: {
    bar: { sortBy: "column", colSortAttrs: [{ sortBy: "value", sortOrder: "desc", valueField: "averageValue" }] },
  },
  columnWidths: { bar: {} },
};

/** Params as they can be saved: with what the web page needs to show them. */
export function savableParams(type: string, params: Record<string, unknown>): Record<string, unknown> {
  return type === "retention" ? { ...RETENTION_LAYOUT, ...params } : params;
}

/** Params as an object, however they came; undefined where they are no JSON object. */
export function paramsObject(
  params: z.output<typeof reportParams> | null | undefined,
): Record<string, unknown> | undefined {
  if (typeof params !== "string") return params ?? undefined;
  const parsed = object.safeParse(jsonOf(params));
  return parsed.success ? parsed.data : undefined;
}

function jsonOf(text: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return undefined;
  }
}
