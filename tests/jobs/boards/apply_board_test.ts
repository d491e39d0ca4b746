import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { applyBoard, readBoard } from "../../../src/jobs/boards/apply_board.ts";
import { seededRandom } from "../../helpers/random.ts";
import { BoardLab, Cut, randomDocument } from "./board_lab.ts";

const SEEDS = Array.from({ length: 25 }, (_, index) => index + 1);

describe("applying a board document", () => {
  it("makes the board with all that it shows in one request, and lays it out", async () => {
    const lab = new BoardLab();
    const client = lab.client();
    const document = randomDocument(seededRandom(7));
    const { id, isNew } = await applyBoard(client, document);
    assert.equal(isNew, true);
    assert.deepEqual(await lab.documentOf(client, id), document);
    assert.equal(lab.sent.filter(({ method }) => method === "POST").length, 1);
  });

  it("turns any board into any other, and then has nothing to change", async () => {
    for (const seed of SEEDS) {
      const random = seededRandom(seed);
      const lab = new BoardLab();
      const client = lab.client();
      const { id } = await applyBoard(client, randomDocument(random));
      const document = randomDocument(random);
      const changed = await applyBoard(client, document, { prune: true });
      assert.deepEqual([changed.id, changed.isNew], [id, false], `seed ${seed}`);
      assert.deepEqual(await lab.documentOf(client, id), document, `seed ${seed}`);
      lab.sent = [];
      assert.equal((await applyBoard(client, document, { prune: true })).changes, 0, `seed ${seed}`);
      assert.ok(lab.sent.every(({ method }) => method === "GET"), `seed ${seed}`);
    }
  });

  it("ends the same when it is stopped at any request and run again, whether or not the request was done", async () => {
    for (const seed of SEEDS.slice(0, 3)) {
      for (const losesAnswer of [false, true]) {
        for (let requests = 1;; requests++) {
          const random = seededRandom(seed);
          const lab = new BoardLab();
          const client = lab.client();
          const { id } = await applyBoard(client, randomDocument(random));
          const document = randomDocument(random);
          lab.left = requests;
          lab.losesAnswer = losesAnswer;
          const isDone = await applyBoard(client, document, { prune: true }).then(() => true, (error) => {
            if (error instanceof Cut) return false;
            throw error;
          });
          lab.left = Infinity;
          await applyBoard(client, document, { prune: true });
          assert.deepEqual(await lab.documentOf(client, id), document, `seed ${seed}, request ${requests}`);
          if (isDone) break;
        }
      }
    }
  });

  it("splits full rows into rows of their own and joins them again, without making any content anew", async () => {
    const lab = new BoardLab();
    const client = lab.client();
    const names = ["A", "B", "C", "D", "E", "F", "G", "H"];
    const cell = (name: string, width: number) => ({
      width,
      report: { name, type: "insights" as const, description: "", params: {} },
    });
    const board = (...rows: string[][]) => ({
      title: "B",
      description: "",
      filters: [],
      breakdowns: [],
      time_filter: null,
      rows: rows.map((own) => ({ height: 336, cells: own.map((name) => cell(name, 12 / own.length)) })),
    });
    const ids = async () => Object.keys((await readBoard(client, id)).contents!.report!).sort();
    const full = board(names.slice(0, 4), names.slice(4));
    const { id } = await applyBoard(client, full);
    const before = await ids();
    const shapes = [
      board(...names.map((name) => [name])),
      full,
      board(["H", "A"], ["B", "G", "C"], ["D", "F", "E"]),
      board(["A", "E", "B", "F"], ["C", "G", "D", "H"]),
      full,
    ];
    for (const shape of shapes) {
      await applyBoard(client, shape, { prune: true });
      assert.deepEqual(await lab.documentOf(client, id), shape);
      assert.deepEqual(await ids(), before);
    }
  });

  it("keeps what the document does not have at the bottom, unless it is told to delete it", async () => {
    const lab = new BoardLab();
    const client = lab.client();
    const text = (html: string) => ({ height: 0, cells: [{ width: 12, text: html }] });
    const empty = { title: "B", description: "", filters: [], breakdowns: [], time_filter: null };
    const report = { name: "R", type: "insights" as const, description: "", params: {} };
    const own = { height: 336, cells: [{ width: 12, report }] };
    const { id } = await applyBoard(client, { ...empty, rows: [text("<p>a</p>"), own] });
    const wanted = { ...empty, rows: [text("<p>b</p>")] };
    await applyBoard(client, wanted);
    assert.deepEqual((await lab.documentOf(client, id)).rows, [text("<p>b</p>"), own]);
    await applyBoard(client, wanted, { prune: true });
    assert.deepEqual((await lab.documentOf(client, id)).rows, [text("<p>b</p>")]);
  });

  it("keeps the ids of reports whose question changes", async () => {
    const lab = new BoardLab();
    const client = lab.client();
    const document = (n: number) => ({
      title: "B",
      description: "",
      filters: [],
      breakdowns: [],
      time_filter: null,
      rows: [{
        height: 336,
        cells: [{ width: 12, report: { name: "R", type: "insights" as const, description: "", params: { n } } }],
      }],
    });
    await applyBoard(client, document(1));
    lab.sent = [];
    const { changes } = await applyBoard(client, document(2));
    const writes = lab.sent.filter(({ method }) => method !== "GET");
    assert.deepEqual([changes, writes.map(({ method, path }) => `${method} ${path.replace(/\d+/g, "N")}`)], [1, [
      "PATCH /projects/N/bookmarks/N",
    ]]);
  });

  it("saves reports of retention with what the web page needs, and changes them no more", async () => {
    const lab = new BoardLab();
    const client = lab.client();
    const report = { name: "R", type: "retention" as const, description: "", params: { sections: {} } };
    const rows = [{ height: 336, cells: [{ width: 12, report }] }];
    const document = { title: "B", description: "", filters: [], breakdowns: [], time_filter: null, rows };
    const { id, changes } = await applyBoard(client, document);
    assert.equal(changes, 0);
    const [saved] = Object.values((await readBoard(client, id)).contents!.report!);
    assert.deepEqual(Object.keys(saved!.params as object).sort(), ["columnWidths", "sections", "sorting"]);
  });

  it("cannot tell boards of one title apart, and takes the one that is named", async () => {
    const lab = new BoardLab();
    const client = lab.client();
    const document = { ...randomDocument(seededRandom(1)), title: "Twice" };
    const { id } = await applyBoard(client, { ...document, title: "Other" });
    await applyBoard(client, document);
    await applyBoard(client, document, { boardId: id });
    await assert.rejects(applyBoard(client, document), /2 have the title "Twice"/);
  });

  it("sends a change once that the server writes down in other words", async () => {
    const lab = new BoardLab();
    const client = lab.client();
    const rows = [{ height: 0, cells: [{ width: 12, text: "<p>a <b>b</b></p>" }] }];
    const document = { title: "B", description: "", filters: [], breakdowns: [], time_filter: null, rows };
    const { id } = await applyBoard(client, document);
    assert.deepEqual((await lab.documentOf(client, id)).rows[0]!.cells, [{ width: 12, text: "<p>a b</p>" }]);
  });

  it("makes a board of another project that looks the same", async () => {
    const lab = new BoardLab();
    const here = lab.client();
    const there = lab.client(lab.addProject());
    const document = randomDocument(seededRandom(3));
    const source = await applyBoard(here, document);
    const copy = await applyBoard(there, await lab.documentOf(here, source.id));
    assert.notEqual(copy.id, source.id);
    assert.deepEqual(await lab.documentOf(there, copy.id), document);
  });
});
