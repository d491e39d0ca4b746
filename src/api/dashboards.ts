/** Boards, which Mixpanel's API calls dashboards: reports and texts in rows. */
import { z } from "zod";
import { bookmark } from "./bookmarks.ts";
import { APP, del, get, operation, patch, post } from "./operation.ts";
import { anyId, id, text, truth } from "./params.ts";

const ALL = "/projects/{project_id}/dashboards";
const ONE = `${ALL}/{dashboard_id}`;

const KNOWN = { ...APP, unpublished: "client" } as const;

export const MOST_BOARD_ROWS = 30;
export const MOST_IN_ROW = 4;
/** The widths of a row's cells add up to it. */
export const BOARD_WIDTH = 12;
export const LONGEST_TITLE = 255;
export const LONGEST_DESCRIPTION = 400;
const MOST_HTML = 2000;

export const boardId = id("Board's id, from 'mp boards list'", { completes: "boards" });
const one = { dashboard_id: boardId };
export const contentId = id("Content's id, from 'mp boards contents list'", { lists: "mp boards contents list ID" });

export const BOARD_CONTENTS = ["text", "report", "report-link"] as const;
export type BoardContent = typeof BOARD_CONTENTS[number];

/** A text of a board: HTML, whatever its name on the wire says. */
export const html = z.string().max(MOST_HTML);

const object = z.record(z.string(), z.unknown());

const contentParams = z.looseObject({
  markdown: html.optional(),
  bookmark: z.looseObject({
    name: z.string().optional(),
    /** Here, unlike elsewhere, JSON text. */
    params: z.string().optional(),
  }).optional(),
  source_bookmark_id: anyId.optional(),
});

const newContent = z.looseObject({ content_type: z.enum(BOARD_CONTENTS), content_params: contentParams });

const newRows = z.array(z.looseObject({
  contents: z.array(newContent).min(1).max(MOST_IN_ROW),
})).max(MOST_BOARD_ROWS);

/** One change of the contents. */
const contentAction = z.looseObject({
  action: z.enum(["create", "update", "delete", "duplicate", "undelete", "move"]),
  content_type: z.enum(BOARD_CONTENTS),
  content_id: anyId.optional(),
  content_params: contentParams.optional(),
});

const patchedCell = z.union([
  z.strictObject({ id: z.string(), width: z.int().min(1).max(BOARD_WIDTH) }),
  z.strictObject({ temp_id: z.string(), width: z.int().min(1).max(BOARD_WIDTH) }),
]);

const patchedRow = z.strictObject({
  id: z.string(),
  /** In pixels; 0 is by its text. */
  height: z.number().min(0),
  cells: z.array(patchedCell).max(MOST_IN_ROW)
    .refine((cells) => cells.length === 0 || cells.reduce((sum, { width }) => sum + width, 0) === BOARD_WIDTH, {
      error: `the widths of a row do not add up to ${BOARD_WIDTH}`,
    }),
});

/** What PATCH takes: other names than what GET shows. `order` would change nothing, and `version` is refused. */
const layoutChange = z.strictObject({
  rows_order: z.array(z.string()).optional(),
  rows: z.array(patchedRow).max(MOST_BOARD_ROWS).optional(),
});
export type LayoutChange = z.input<typeof layoutChange>;

const settings = {
  description: z.string().max(LONGEST_DESCRIPTION).meta({ description: "What it is for" }).optional(),
  is_private: truth("Only you and admins see it", { flag: "private" }).optional(),
  is_restricted: truth("Only you and admins change it", { flag: "restricted" }).optional(),
  filters: z.array(object).meta({ description: "Filters of all its reports, as boards show them" }).optional(),
  breakdowns: z.array(object).meta({ description: "Breakdowns of all its reports, as boards show them" }).optional(),
  time_filter: object.meta({ description: "Days of all its reports, as boards show them; {} removes it" }).optional(),
};

const cell = z.looseObject({
  id: z.string(),
  width: z.number(),
  content_id: anyId,
  content_type: z.string(),
});

/** A board without its contents, as lists have it. */
const boardFields = z.looseObject({
  id: anyId,
  title: z.string(),
  description: z.string().nullish(),
  pinned_date: z.string().nullish(),
  is_favorited: z.boolean().nullish(),
  is_private: z.boolean().nullish(),
  creator_name: z.string().nullish(),
  creator_email: z.string().nullish(),
  filters: z.array(z.unknown()).nullish(),
  breakdowns: z.array(z.unknown()).nullish(),
  time_filter: z.unknown().optional(),
});

/** A board with what it shows. Contents are by type, and by id as text. */
export const board = boardFields.extend({
  layout: z.looseObject({
    order: z.array(z.string()),
    rows: z.record(z.string(), z.looseObject({ height: z.number().nullish(), cells: z.array(cell) })),
  }).nullish(),
  contents: z.looseObject({
    report: z.record(z.string(), bookmark).nullish(),
    text: z.record(z.string(), z.looseObject({ markdown: z.string().nullish() })).nullish(),
    "report-link": z.record(z.string(), z.looseObject({})).nullish(),
  }).nullish(),
});
export type Board = z.output<typeof board>;

export const listDashboards = operation({
  id: "boards.list",
  summary: "list the boards",
  routes: [get("app", ALL)],
  ...KNOWN,
  params: z.object({ ids: text("Only these, with commas between", { placeholder: "IDS" }).optional() }),
  result: z.array(boardFields),
});

export const getDashboard = operation({
  id: "boards.get",
  summary: "show a board with its layout and all its reports",
  routes: [get("app", ONE)],
  ...KNOWN,
  params: z.object(one),
  result: board,
});

export const createDashboard = operation({
  id: "boards.create",
  summary: "make a board, with its reports and texts if you like",
  routes: [post("app", ALL)],
  look: "mp boards list",
  ...KNOWN,
  params: z.object({
    title: text("Board's title").max(LONGEST_TITLE),
    ...settings,
    rows: newRows.meta({ description: "Rows of contents, as JSON" }).optional(),
    duplicate: id("Copy this board", { flag: "copy-of", completes: "boards" }).optional(),
    target_project_id: id("With --copy-of: make it in this project", { flag: "to-project", completes: "projects" })
      .optional(),
    target_parent_dashboard_id: id("Nest it in this board", { flag: "parent", completes: "boards" }).optional(),
    is_draft: truth("Keep it out of lists", { flag: "draft" }).optional(),
    global_access_type: text("Access of everybody in the project, in Mixpanel's words", { flag: "global-access" })
      .optional(),
    generation_type: text("How it came to be, in Mixpanel's words").optional(),
  }),
  result: board,
});

export const updateDashboard = operation({
  id: "boards.update",
  summary: "change a board: its fields, one of its contents, its layout",
  routes: [patch("app", ONE)],
  look: "mp boards get {dashboard_id}",
  ...KNOWN,
  params: z.object({
    ...one,
    title: text("Board's title").max(LONGEST_TITLE).optional(),
    ...settings,
    content: contentAction.meta({ description: "One change of its contents, as JSON" }).optional(),
    layout: layoutChange.meta({ flag: "rows-layout", description: "rows_order and rows, as JSON" }).optional(),
  }),
  result: board,
});

export const deleteDashboard = operation({
  id: "boards.delete",
  summary: "delete a board and the reports that it owns",
  routes: [del("app", ONE)],
  look: "mp boards get {dashboard_id}",
  ...KNOWN,
  params: z.object(one),
  result: z.unknown(),
});

export const deleteDashboards = operation({
  id: "boards.delete_many",
  summary: "delete several boards at once",
  routes: [post("app", `${ALL}/bulk-delete`)],
  look: "mp boards list",
  ...KNOWN,
  params: z.object({
    dashboard_ids: z.array(id("Board's id")).min(1).meta({
      flag: "id",
      placeholder: "ID",
      description: "Board's id, from 'mp boards list'",
      completes: "boards",
    }),
  }),
  result: z.unknown(),
});

/** Setting a mark and removing it: the same path by POST and by DELETE. */
const mark = (name: string, path: string, isSet: boolean, summary: string) =>
  operation({
    id: `boards.${name}`,
    summary,
    routes: [(isSet ? post : del)("app", `${ONE}/${path}`)],
    ...(isSet && { body: { kind: "json", ifAny: true } }),
    look: "mp boards list",
    ...KNOWN,
    repeatable: true,
    params: z.object(one),
    result: z.unknown(),
  });

export const pinDashboard = mark("pin", "pin", true, "pin a board, so that the team sees it");
export const unpinDashboard = mark("unpin", "pin", false, "unpin a board");
export const favoriteDashboard = mark("favorite", "favorites", true, "put a board among your favorites");
export const unfavoriteDashboard = mark("unfavorite", "favorites", false, "remove a board from your favorites");

export const updateTextCard = operation({
  id: "boards.contents.update_text",
  summary: "change a text of a board",
  routes: [patch("app", `${ONE}/text-cards/{content_id}`)],
  look: "mp boards get {dashboard_id}",
  ...KNOWN,
  repeatable: true,
  params: z.object({
    ...one,
    content_id: contentId,
    markdown: html.meta({ flag: "html", placeholder: "HTML", description: "The text, such as <h2>Funnels</h2>" }),
  }),
  result: z.unknown(),
});

export const updateReportLink = operation({
  id: "boards.contents.update_link",
  summary: "change the kind of a link to a report of another board",
  routes: [patch("app", `${ONE}/report-links/{content_id}`)],
  look: "mp boards get {dashboard_id}",
  ...KNOWN,
  repeatable: true,
  params: z.object({ ...one, content_id: contentId, type: text("Kind of link, in Mixpanel's words") }),
  result: z.unknown(),
});

export const experimentResults = operation({
  id: "boards.experiment",
  summary: "show the experiment results of a board",
  routes: [get("app", `${ONE}/erf`)],
  ...KNOWN,
  params: z.object(one),
  result: z.looseObject({}),
});
