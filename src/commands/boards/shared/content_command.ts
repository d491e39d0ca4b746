/** Commands that do one thing to a content of a board: each is a PATCH of the board. */
import { z } from "zod";
import { call } from "../../../api/call.ts";
import {
  type Board,
  BOARD_CONTENTS,
  type BoardContent,
  boardId,
  contentId,
  getDashboard,
  html,
  updateDashboard,
  updateReportLink,
  updateTextCard,
} from "../../../api/dashboards.ts";
import { paramsObject, REPORT_TYPES, reportId, reportParams, savableParams } from "../../../api/bookmarks.ts";
import { choice, text } from "../../../api/params.ts";
import { type Command, command, type Example } from "../../../cli/command.ts";
import { confirmInProject } from "../../../cli/confirm_in_project.ts";
import type { Context } from "../../../cli/context.ts";
import { ifUnderstood } from "../../../cli/operation_command.ts";
import { inputError } from "../../../errors.ts";
import { stringifyJson } from "../../../streams/json/json.ts";
import { CONTENT_COLUMNS, contentRows } from "./present.ts";

type Action = NonNullable<z.input<typeof updateDashboard.params>["content"]>;
type ContentParams = NonNullable<Action["content_params"]>;

const contentType = choice(BOARD_CONTENTS, "What the content is; default: the board is asked", { flag: "kind" })
  .optional();

/** What a new or changed content shows. */
const shownFlags = {
  html: html.meta({ placeholder: "HTML", description: "A text, such as <h2>Funnels</h2>" }).optional(),
  name: text("Name of the report", { placeholder: "NAME" }).optional(),
  type: choice(REPORT_TYPES, "Kind of report").optional(),
  params: reportParams.meta({ input: "json", placeholder: "JSON", description: "What a report asks, as JSON" })
    .optional(),
  description: z.string().meta({ description: "What it is for" }).optional(),
};
type Shown = z.output<z.ZodObject<typeof shownFlags>>;

/** A content to be made of flags: a text, a report with what it asks, or a copy of one. */
export const addContent: Command = command({
  summary: "add a text or a report to a board",
  description:
    `It comes to the bottom of the board, in full width. A text is given with --html, a new report with --name, --type
and --params. --copy-report makes a copy of a saved report; Mixpanel calls it "Duplicate of …".`,
  args: ["dashboard_id"],
  examples: [
    { text: "A text", run: "mp boards contents add 9502 --html '<h2>Money</h2>'" },
    { text: "A copy of a report", run: "mp boards contents add 9502 --copy-report 9001" },
    {
      text: "A new report",
      run:
        "mp reports get 9001 --jq .results.params | mp boards contents add 9502 --name Growth --type insights --params -",
    },
  ],
  operations: [updateDashboard],
  input: z.object({
    dashboard_id: boardId,
    ...shownFlags,
    copy_report: reportId.meta({ description: "Copy this report, from 'mp reports list'" }).optional(),
  }),
  async run(context, { dashboard_id, copy_report, ...shown }) {
    const given = [copy_report, shown.html, shown.params].filter((one) => one !== undefined).length;
    if (given !== 1) {
      throw inputError(
        `Cannot add to board ${dashboard_id}: ${
          given === 0 ? "nothing to add is given" : "only one thing can be added"
        }`,
        "add --html HTML, or --name, --type and --params, or --copy-report ID",
        "missing_argument",
      );
    }
    const isText = shown.html !== undefined;
    const content_params = copy_report === undefined ? shownParams(shown, true) : { source_bookmark_id: copy_report };
    await act(
      context,
      dashboard_id,
      { action: "create", content_type: isText ? "text" : "report", content_params },
      "Added to",
    );
  },
});

export const changeContent: Command = command({
  summary: "change a text, a report or a link of a board",
  description:
    `A text is given with --html: p, h1 to h3, strong, em, u, s, mark, code, blockquote, hr, br, ul, ol, li and a, at most 2000
characters; Mixpanel throws other tags away. What is not named of a report stays as it is. The kind of a content cannot change.`,
  args: ["dashboard_id", "content_id"],
  examples: [
    { text: "Another name", run: "mp boards contents update 9501 9001 --name 'Growth of the shop'" },
    { text: "Another text", run: "mp boards contents update 9501 9601 --html '<h2>Numbers</h2>'" },
  ],
  operations: [getDashboard, updateDashboard, updateTextCard, updateReportLink],
  input: z.object({
    dashboard_id: boardId,
    content_id: contentId,
    ...shownFlags,
    link_type: text("The kind of a link to a report, in Mixpanel's words").optional(),
  }),
  async run(context, { dashboard_id, content_id, link_type, ...shown }) {
    const ways = [shown.html, link_type, shown.name ?? shown.type ?? shown.params ?? shown.description];
    if (ways.filter((one) => one !== undefined).length !== 1) {
      throw inputError(
        `Cannot change content ${content_id}: ${
          ways.some(Boolean) ? "it is one kind of thing" : "nothing to change is given"
        }`,
        "add --html HTML for a text, --name NAME or --params JSON for a report, or --link-type for a link",
        "missing_argument",
      );
    }
    const client = await context.client();
    const place = { dashboard_id, content_id };
    if (shown.html === undefined && link_type === undefined) {
      const type = shown.params === undefined
        ? shown.type
        : shown.type ?? await kindOf(context, dashboard_id, content_id);
      const content_params = shownParams({ ...shown, type }, false);
      const action: Action = { action: "update", content_type: "report", content_id, content_params };
      return await act(context, dashboard_id, action, `Changed report ${content_id} of`);
    }
    const answer = link_type === undefined
      ? await call(client, updateTextCard, { ...place, markdown: shown.html! })
      : await call(client, updateReportLink, { ...place, type: link_type });
    await context.note(`Changed ${link_type === undefined ? "text" : "link"} ${content_id} of board ${dashboard_id}`);
    await context.print(answer);
  },
});

/** A command on a content by its id alone. */
export function contentCommand(action: "delete" | "duplicate" | "undelete", options: {
  summary: string;
  description?: string;
  done: string;
  example: Example;
}): Command {
  const { summary, description, done, example } = options;
  return command({
    summary,
    description,
    args: ["dashboard_id", "content_id"],
    examples: [example],
    operations: [getDashboard, updateDashboard],
    input: z.object({ dashboard_id: boardId, content_id: contentId, content_type: contentType }),
    async run(context, { dashboard_id, content_id, content_type: typed }) {
      const content_type = typed ?? await typeOf(context, dashboard_id, content_id, action === "undelete");
      if (action === "delete") {
        await confirmInProject(context, `Delete ${content_type} ${content_id} from board ${dashboard_id}?`);
      }
      await act(context, dashboard_id, { action, content_type, content_id }, done);
    },
  });
}

/** The kind of a report on a board: what is saved of it depends on that. */
async function kindOf(context: Context, dashboard_id: Id, content_id: Id): Promise<Shown["type"]> {
  if (context.globals.dryRun) await context.note("The board is read first, for the kind of the report");
  const { contents } = (await call(await context.client(), getDashboard, { dashboard_id })).result();
  return contents?.report?.[String(content_id)]?.type as Shown["type"];
}

/** What a content is; one that was deleted is on no board, and a report as a rule. */
async function typeOf(context: Context, dashboard_id: Id, content_id: Id, isDeleted: boolean): Promise<BoardContent> {
  if (isDeleted) return "report";
  if (context.globals.dryRun) await context.note("The board is read first, for what the content is");
  const board = (await call(await context.client(), getDashboard, { dashboard_id })).result();
  const types = BOARD_CONTENTS.filter((type) => board.contents?.[type]?.[String(content_id)] !== undefined);
  const [type] = types;
  if (type !== undefined && types.length === 1) return type;
  throw inputError(
    `Cannot find content ${content_id} of board ${dashboard_id}: ${
      type === undefined ? "nothing on it has" : "several things have"
    } this id`,
    type === undefined
      ? `'mp boards contents list ${dashboard_id}' shows what there is`
      : `add --kind ${types.join(" or --kind ")}`,
    type === undefined ? "unknown_content" : "ambiguous_content",
  );
}

/** @throws MpError (input) where a new report lacks its name or kind, or what is given fits no content. */
function shownParams({ html, name, type, params, description }: Shown, isNew: boolean): ContentParams {
  if (html !== undefined) {
    if (name === undefined && type === undefined && params === undefined) return { markdown: html };
    throw inputError(
      "Cannot use --html together with --name, --type or --params",
      "give one or the other",
      "bad_flags",
    );
  }
  if (isNew && (name === undefined || type === undefined)) {
    throw inputError("Cannot add a report without a name and a kind", "add --name NAME and --type", "missing_argument");
  }
  const asked = params === undefined ? undefined : paramsObject(params);
  if (params !== undefined && asked === undefined) {
    throw inputError("Cannot use --params: what a report asks is a JSON object", undefined, "bad_data");
  }
  const saved = asked && stringifyJson(type === undefined ? asked : savableParams(type, asked));
  return { bookmark: { name, type, description, params: saved } };
}

async function act(context: Context, dashboard_id: Id, content: Action, done: string): Promise<void> {
  const answer = await call(await context.client(), updateDashboard, { dashboard_id, content });
  await context.note(`${done} board ${dashboard_id}`);
  const board = await ifUnderstood<Board>(context, () => answer.result());
  await context.print({ ...answer, ...(board && { rows: contentRows(board), columns: CONTENT_COLUMNS }) });
}

type Id = number | bigint;
