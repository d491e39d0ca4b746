/** Boards of a sandbox, reached by a client whose connection can break at any request. */
import type { Client, WireRequest } from "../../../src/client/types.ts";
import { MpError } from "../../../src/errors.ts";
import { readBoard } from "../../../src/jobs/boards/apply_board.ts";
import { type BoardDocument, documentOf } from "../../../src/jobs/boards/board_document.ts";
import { SANDBOX } from "../../../src/sandbox/defaults.ts";
import type { Random } from "../../helpers/random.ts";
import { Lab } from "../../sandbox/lab.ts";
import { fakeClient } from "../fake_client.ts";

/** The connection is gone, after the request or before it. */
export class Cut extends Error {}

export class BoardLab {
  readonly #lab = new Lab();
  /** How many requests are answered before the connection is gone. */
  left = Infinity;
  /** Whether the last request is done although its answer is lost. */
  losesAnswer = false;
  sent: WireRequest[] = [];

  /** A client of the sandbox's project. */
  client(projectId: number = SANDBOX.projectId): Client {
    return fakeClient((request) => this.#answer(request), { projectId: String(projectId) });
  }

  addProject(): number {
    return this.#lab.addProject().id;
  }

  async #answer(request: WireRequest): Promise<string> {
    const isCut = this.left-- <= 0;
    if (isCut && !this.losesAnswer) throw new Cut();
    this.sent.push(request);
    const { method, path, query, body } = request;
    const init = body?.kind === "json" ? { body: body.text, headers: { "content-type": "application/json" } } : {};
    const reply = await this.#lab.send(`/api/app${path}?${new URLSearchParams(query)}`, { method, ...init });
    if (isCut) throw new Cut();
    if (reply.status >= 300) throw new MpError(reply.text, { category: "input", status: reply.status });
    return reply.text;
  }

  /** What a board has become. */
  async documentOf(client: Client, id: string | number | bigint): Promise<BoardDocument> {
    return documentOf(await readBoard(client, id)).document;
  }
}

const WIDTHS = [[12], [6, 6], [8, 4], [4, 4, 4], [3, 6, 3], [3, 3, 3, 3]];

/** A board of a few contents; another of the same random source has some of them, too. */
export function randomDocument(random: Random, title = "Board"): BoardDocument {
  const names = ["A", "B", "C", "D", "E", "F", "G", "H"].filter(() => random.chance(0.7));
  const cells = names.map((name) => {
    if (random.chance(0.3)) return { text: `<p>${name}</p>` };
    const params = { sections: { show: [{ n: random.below(2) }] }, displayOptions: { chartType: "line" } };
    return { report: { name, type: "insights" as const, description: "", params } };
  });
  cells.sort(() => random.next() - 0.5);
  const rows: BoardDocument["rows"] = [];
  while (cells.length > 0) {
    const widths = random.pick(WIDTHS.filter(({ length }) => length <= cells.length));
    rows.push({ height: random.pick([0, 336, 418]), cells: widths.map((width) => ({ width, ...cells.pop()! })) });
  }
  const time_filter = random.chance(0.3)
    ? { dateRange: { type: "in the last", window: { unit: "day", value: 30 } } }
    : null;
  return { title, description: random.pick(["", "For Monday"]), filters: [], breakdowns: [], time_filter, rows };
}
