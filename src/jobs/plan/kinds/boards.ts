/** Boards with all that they show. A report that stands on a board is part of it. */
import { call } from "../../../api/call.ts";
import { type Board, deleteDashboard, listDashboards } from "../../../api/dashboards.ts";
import { applyBoard, readBoard } from "../../boards/apply_board.ts";
import { type BoardDocument, boardDocument, documentOf, savable } from "../../boards/board_document.ts";
import type { DefinitionFields } from "../definition.ts";
import { setFields } from "../definition_fields.ts";
import { checkAgainst } from "../../../api/request.ts";
import type { PlanKind, PlanProject, WantedThing } from "../plan_kind.ts";
import type { ServerId } from "../references.ts";

const JSON_FIELDS = ["filters", "breakdowns", "time_filter"];
const FIELDS = ["description", ...JSON_FIELDS, "rows"];

export const boardKind: PlanKind = {
  kind: "boards",
  fields: FIELDS,
  jsonFields: [...JSON_FIELDS, "params"],
  normal: normalFields,
  sent: { params: boardDocument, body: bodyOf },
  async read(project) {
    return (await boardsOf(project)).map((board) => ({
      id: board.id,
      name: board.title,
      fields: fieldsOf(documentOf(board).document),
    }));
  },
  create: async (project, wanted) => (await apply(project, wanted)).id,
  async update(project, { id, ...wanted }) {
    await apply(project, wanted, id);
  },
  async remove({ client }, id) {
    await call(client, deleteDashboard, { dashboard_id: String(id) });
  },
};

/** All boards of a project with their contents. */
export function boardsOf({ client, once }: PlanProject): Promise<Board[]> {
  return once("boards", async () => {
    const listed = (await call(client, listDashboards, {})).result();
    const boards: Board[] = [];
    for (const { id } of listed) boards.push(await readBoard(client, id));
    return boards;
  });
}

function fieldsOf({ title: _title, ...document }: BoardDocument): DefinitionFields {
  return setFields(document, FIELDS);
}

/** A board that no server would take stays as it is: it is refused when it is applied. */
function normalFields(fields: DefinitionFields): DefinitionFields {
  const { data } = boardDocument.safeParse(bodyOf({ name: "-", fields }));
  if (data === undefined) return setFields(fields, FIELDS);
  const rows = data.rows.map(({ cells, ...row }) => ({
    ...row,
    cells: cells.map(({ width, ...shows }) => ({ width, ...savable(shows) })),
  }));
  return setFields({ ...data, rows }, FIELDS);
}

function bodyOf({ name, fields }: WantedThing): object {
  return { title: name, rows: [], ...fields };
}

/** One that is not there is made, however many have its title. */
async function apply({ client, signal }: PlanProject, wanted: WantedThing, boardId?: ServerId) {
  const document = checkAgainst(boardDocument, bodyOf(wanted), `apply boards/${wanted.name}`, (key) => key);
  return await applyBoard(client, document, { boardId: boardId ?? null, prune: true, signal });
}
