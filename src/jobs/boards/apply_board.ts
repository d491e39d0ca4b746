/** Makes a board what a document says it is. */
import { updateBookmark } from "../../api/bookmarks.ts";
import { call } from "../../api/call.ts";
import {
  type Board,
  createDashboard,
  getDashboard,
  listDashboards,
  updateDashboard,
  updateTextCard,
} from "../../api/dashboards.ts";
import type { Client } from "../../client/types.ts";
import { inputError, MpError } from "../../errors.ts";
import { stringifyJson } from "../../streams/json/json.ts";
import { type BoardDocument, newContentOf, savable } from "./board_document.ts";
import { type BoardStep, boardSteps } from "./board_steps.ts";

export type BoardId = string | number | bigint;

export interface ApplyBoardOptions {
  /** The board to change; null: a new one. Default: the one of the document's title; where there is none, it is made. */
  boardId?: BoardId | null;
  /** Deletes what the document does not have. */
  prune?: boolean;
  signal?: AbortSignal;
  /** Called after each change, with what was done in words. */
  onDone?(says: string): Promise<void>;
}

export interface AppliedBoard {
  id: BoardId;
  isNew: boolean;
  changes: number;
}

/** More than any board can need: a row and a content take a few steps each. */
const MOST_STEPS = 1000;

/**
 * Makes or changes a board. Done again after it was stopped, it goes on from what is there; where nothing differs, nothing
 * is sent but questions.
 *
 * @throws MpError (input) when several boards have the title; (server) when the board does not become what was sent.
 */
export async function applyBoard(
  client: Client,
  document: BoardDocument,
  { boardId, prune = false, signal, onDone = async () => {} }: ApplyBoardOptions = {},
): Promise<AppliedBoard> {
  const known = boardId === undefined ? await boardOfTitle(client, document.title) : boardId ?? undefined;
  const id = known ?? await makeBoard(client, document);
  if (known === undefined) await onDone(`Made board ${id}`);
  const done = new Set<string>();
  for (let changes = 0; changes < MOST_STEPS; changes++) {
    signal?.throwIfAborted();
    // What the server shows otherwise than it was sent is not sent twice.
    const left = boardSteps(document, await readBoard(client, id), prune).filter((step) =>
      !done.has(stringifyJson(step))
    );
    const [step] = left;
    if (step === undefined) return { id, isNew: known === undefined, changes };
    await take(client, id, step);
    done.add(stringifyJson(step));
    await onDone(step.says);
  }
  throw new MpError(`Cannot lay out board ${id}: it does not become what it was told to be`, {
    category: "server",
    code: "unexpected_answer",
    hint: `see it with 'mp boards get ${id}'`,
  });
}

export async function readBoard(client: Client, dashboard_id: BoardId): Promise<Board> {
  return (await call(client, getDashboard, { dashboard_id })).result();
}

async function boardOfTitle(client: Client, title: string): Promise<BoardId | undefined> {
  const boards = (await call(client, listDashboards, {})).result();
  const same = boards.filter((one) => one.title === title);
  if (same.length < 2) return same[0]?.id;
  throw inputError(
    `Cannot tell which board is meant: ${same.length} have the title ${JSON.stringify(title)}`,
    `name it: --into ${same.map(({ id }) => id).join(" or --into ")}`,
    "ambiguous_board",
  );
}

/** The board and all that it shows in one request. */
async function makeBoard(client: Client, document: BoardDocument): Promise<BoardId> {
  const { title, description, filters, breakdowns, time_filter, rows } = document;
  const made = await call(client, createDashboard, {
    title,
    description,
    ...(filters.length > 0 && { filters }),
    ...(breakdowns.length > 0 && { breakdowns }),
    ...(time_filter !== null && { time_filter }),
    rows: rows.map(({ cells }) => ({ contents: cells.map((cell) => newContentOf(savable(cell))) })),
  });
  return made.result().id;
}

async function take(client: Client, dashboard_id: BoardId, step: BoardStep): Promise<void> {
  if ("board" in step) await call(client, updateDashboard, { dashboard_id, ...step.board });
  else if ("text" in step) {
    await call(client, updateTextCard, { dashboard_id, content_id: step.text, markdown: step.html });
  } else {
    const { report: bookmark_id, params, description } = step;
    await call(client, updateBookmark, { bookmark_id, params, description });
  }
}
