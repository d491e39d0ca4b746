/** What boards show: texts, reports, and links to reports of other boards. How contents are made, changed and shown. */
import { isObject } from "../../streams/json/is_object.ts";
import type { SandboxCall } from "../call.ts";
import { Refusal } from "../refusal.ts";
import { jsonOrUndefined } from "../request_json.ts";
import { authorshipOf } from "./author.ts";
import { Body, type JsonObject } from "./body.ts";
import { changeBookmark, readNewBookmark } from "./bookmarks.ts";
import { BOOKMARK, describeBookmark, type SavedBookmark, savedBookmark } from "./saved_bookmark.ts";
import {
  type ContentType,
  type LayoutCell,
  REPORT_LINK,
  type SavedDashboard,
  type SavedReportLink,
  type SavedTextCard,
  TEXT_CARD,
} from "./saved_dashboard.ts";

const MOST_MARKDOWN = 2000;

/** Tags that texts keep; others are thrown away, their words stay. */
const TAGS = [
  "p",
  "h1",
  "h2",
  "h3",
  "strong",
  "em",
  "u",
  "s",
  "mark",
  "code",
  "blockquote",
  "hr",
  "br",
  "ul",
  "ol",
  "li",
  "a",
];

type Content = Pick<LayoutCell, "content_id" | "content_type">;

/** Makes a content of `content_params` and returns its id. */
export function createContent(call: SandboxCall, dashboardId: number, type: ContentType, params: Body): number {
  const { savedObjects } = call.store;
  const add = <T extends object>(kind: string, body: T) => savedObjects.add(call.project.id, kind, body);
  if (type === "text") {
    return add<SavedTextCard>(TEXT_CARD, { dashboardId, markdown: readMarkdown(params) });
  }
  const source = params.id("source_bookmark_id");
  if (type === "report-link") {
    if (source === undefined) throw params.refusal("source_bookmark_id", "this field is required");
    return add<SavedReportLink>(REPORT_LINK, {
      dashboardId,
      bookmarkId: source,
      type: requiredBookmark(call, source).type,
    });
  }
  if (source !== undefined) return add(BOOKMARK, copyOfBookmark(call, dashboardId, requiredBookmark(call, source)));
  const bookmark = params.object("bookmark");
  if (bookmark === undefined) throw params.refusal("bookmark", "this field is required");
  return add<SavedBookmark>(BOOKMARK, {
    ...readNewBookmark(withParams(bookmark)),
    dashboard_id: dashboardId,
    ...authorshipOf(call),
  });
}

function copyOfBookmark(call: SandboxCall, dashboardId: number, source: SavedBookmark): SavedBookmark {
  const { history: _history, ...copied } = source;
  return { ...copied, name: `Duplicate of ${source.name}`, dashboard_id: dashboardId, ...authorshipOf(call) };
}

/** Makes the same content once more, on a board that may be of another project. */
export function copyContent(call: SandboxCall, { content_id, content_type }: Content, to: {
  dashboardId: number;
  projectId: number;
}): number {
  const { savedObjects } = call.store;
  if (content_type === "report") {
    const { history: _history, ...copied } = requiredBookmark(call, content_id);
    return savedObjects.add(to.projectId, BOOKMARK, { ...copied, dashboard_id: to.dashboardId, ...authorshipOf(call) });
  }
  const kind = content_type === "text" ? TEXT_CARD : REPORT_LINK;
  const body = savedObjects.get(call.project.id, kind, content_id)!;
  return savedObjects.add(to.projectId, kind, { ...body, dashboardId: to.dashboardId });
}

/** Changes a content as `content_params` say; its type stays. */
export function updateContent(call: SandboxCall, { content_id, content_type }: Content, params: Body): void {
  const { savedObjects } = call.store;
  if (content_type === "text") {
    const card = savedObjects.get<SavedTextCard>(call.project.id, TEXT_CARD, content_id)!;
    savedObjects.put(call.project.id, TEXT_CARD, content_id, { ...card, markdown: readMarkdown(params) });
  } else if (content_type === "report-link") {
    const link = savedObjects.get<SavedReportLink>(call.project.id, REPORT_LINK, content_id)!;
    savedObjects.put(call.project.id, REPORT_LINK, content_id, { ...link, type: params.requiredText("type") });
  } else {
    const bookmark = params.object("bookmark");
    if (bookmark === undefined) throw params.refusal("bookmark", "this field is required");
    const before = requiredBookmark(call, content_id);
    const changed = changeBookmark(call, withParams(bookmark), before);
    savedObjects.put(call.project.id, BOOKMARK, content_id, { ...before, ...changed });
  }
}

/** Whether a content can be seen: of a report, whether it has been removed from its board. */
export function setRemoved(call: SandboxCall, { content_id, content_type }: Content, isDeleted: boolean): void {
  if (content_type !== "report") return;
  const { savedObjects } = call.store;
  const bookmark = savedObjects.get<SavedBookmark>(call.project.id, BOOKMARK, content_id)!;
  savedObjects.put(call.project.id, BOOKMARK, content_id, { ...bookmark, isDeleted });
}

/** Of a board that is deleted, what it owned. */
export function deleteContents(call: SandboxCall, { rows, removed }: SavedDashboard): void {
  const kinds: Record<ContentType, string> = { report: BOOKMARK, text: TEXT_CARD, "report-link": REPORT_LINK };
  for (const { content_id, content_type } of [...rows.flatMap(({ cells }) => cells), ...removed]) {
    call.store.savedObjects.delete(call.project.id, kinds[content_type], content_id);
  }
}

/** `contents` of a board: by type, and by id as text. */
export function describeContents(call: SandboxCall, { rows }: Pick<SavedDashboard, "rows">): JsonObject {
  const contents: Record<ContentType, JsonObject> = { report: {}, text: {}, "report-link": {} };
  const { savedObjects } = call.store;
  for (const { content_id: id, content_type } of rows.flatMap(({ cells }) => cells)) {
    contents[content_type][id] = content_type === "text"
      ? { id, markdown: savedObjects.get<SavedTextCard>(call.project.id, TEXT_CARD, id)?.markdown ?? "" }
      : content_type === "report"
      ? describeBookmark(call, id, savedObjects.get<SavedBookmark>(call.project.id, BOOKMARK, id)!)
      : describeLink(id, savedObjects.get<SavedReportLink>(call.project.id, REPORT_LINK, id)!);
  }
  return contents;
}

function describeLink(id: number, { bookmarkId, type }: SavedReportLink): JsonObject {
  return { id, type, linked_bookmark_id: bookmarkId };
}

function requiredBookmark(call: SandboxCall, id: number): SavedBookmark {
  const found = savedBookmark(call, id);
  if (found === undefined) throw new Refusal(404, "Bookmark not found");
  return found;
}

/** Boards take `params` as JSON text. */
function withParams(bookmark: Body): Body {
  const text = bookmark.text("params");
  if (text === undefined) return bookmark;
  const params = jsonOrUndefined(text);
  if (!isObject(params)) throw bookmark.refusal("params", "must be the text of a JSON object");
  return new Body({ ...bookmark.fields, params });
}

function readMarkdown(params: Body): string {
  const markdown = params.text("markdown", MOST_MARKDOWN) ?? "";
  return markdown.replace(/<\/?([a-zA-Z][a-zA-Z0-9]*)\b[^>]*>/g, (tag, name: string) => {
    if (!TAGS.includes(name.toLowerCase())) return "";
    return tag.replace(/\s(?:style|class)="[^"]*"/g, "");
  });
}
