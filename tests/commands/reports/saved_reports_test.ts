import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { SANDBOX } from "../../../src/sandbox/defaults.ts";
import { loadManagedObjects } from "../../../src/sandbox/demo/managed_objects.ts";
import { openProgramLab, type ProgramLab } from "../../helpers/program_lab.ts";
import { NOW_MS } from "../../helpers/world.ts";
import { openStubbed } from "../stubbed.ts";

const PATH = `/api/app/projects/${SANDBOX.projectId}/bookmarks`;
let lab: ProgramLab;
before(() => {
  lab = openProgramLab();
  loadManagedObjects(lab.store, SANDBOX.projectId, NOW_MS);
});
after(() => lab.stop());

const sends = (...argv: string[]) => lab.sends(["reports", ...argv]);

describe("mp reports", () => {
  it("lists reports, by kind and by ids", async () => {
    const { method, path, query, stdout } = await sends("list", "--type", "funnels", "-f", "csv");
    assert.deepEqual([method, path, query], ["GET", PATH, { v: "2", type: "funnels" }]);
    assert.equal(
      stdout,
      "id,name,type,board,by,modified\n9003,From product to purchase,funnels,9501,Ada Roaster,2026-10-04T12:00:00\n",
    );
    const two = await sends("list", "--ids", "9001,9002", "-f", "json");
    assert.deepEqual(two.query, { v: "2", ids: "9001,9002" });
    assert.equal(JSON.parse(two.stdout).results.results.length, 2);
  });

  it("lists reports that come without the second envelope, too", async () => {
    const stubbed = await openStubbed();
    stubbed.server.on("GET", `${PATH}?v=2`, { json: { status: "ok", results: [{ id: 1, name: "A", type: "flows" }] } });
    const { code, stdout } = await stubbed.mp(["reports", "list", "-f", "csv"]);
    assert.deepEqual([code, stdout], [0, "id,name,type,board,by,modified\n1,A,flows,,,\n"]);
    await stubbed.server.finish();
  });

  it("shows one, and what it asks as the server has it", async () => {
    const { path, query, stdout } = await sends("get", "9001", "-f", "json");
    assert.deepEqual([path, query], [`${PATH}/9001`, { v: "2" }]);
    assert.equal(JSON.parse(stdout).results.params.displayOptions.chartType, "line");
  });

  it("saves one of a board; of retention with what the web page needs to show it", async () => {
    const params = { sections: { show: [] }, displayOptions: { chartType: "retention-curve" } };
    const create = ["create", "Again", "--board", "9501", "--params", JSON.stringify(params)];
    const retention = await sends(...create, "--type", "retention");
    assert.deepEqual([retention.method, retention.path], ["POST", PATH]);
    const body = JSON.parse(retention.text);
    assert.deepEqual([body.name, body.type, body.dashboard_id, body.v], ["Again", "retention", 9501, 2]);
    assert.deepEqual([body.params.columnWidths, body.params.sorting.bar.sortBy], [{ bar: {} }, "column"]);
    assert.ok(Array.isArray(body.params.sorting.bar.colSortAttrs));
    const own = { ...params, sorting: { line: { sortBy: "label" } }, columnWidths: { line: {} } };
    const kept = await sends(
      "create",
      "Own",
      "--board",
      "9501",
      "--type",
      "retention",
      "--params",
      JSON.stringify(own),
    );
    assert.deepEqual(JSON.parse(kept.text).params, own);
    const plain = await sends(...create, "--type", "insights");
    assert.deepEqual(JSON.parse(plain.text).params, params);
    assert.match(plain.stderr, /^Made report \d+, "Again", of board 9501\n$/);
  });

  it("changes what is named, and many at once", async () => {
    const one = await sends("update", "9002", "--name", "Buyers");
    assert.deepEqual([one.method, one.path], ["PATCH", `${PATH}/9002`]);
    assert.deepEqual(JSON.parse(one.text), { name: "Buyers", v: 2 });
    const many = await sends("update-many", "--changes", '[{"id": 9001, "name": "A"}, {"id": 9002, "name": "B"}]');
    assert.deepEqual([many.method, many.path], ["POST", `${PATH}/bulk-update`]);
    assert.deepEqual(JSON.parse(many.text).bookmarks, [{ id: 9001, name: "A" }, { id: 9002, name: "B" }]);
    assert.equal(many.stderr, "Changed 2 reports\n");
  });

  it("changes what one of retention asks, and keeps what the web page needs", async () => {
    const before = lab.requests.length;
    assert.equal((await lab.mp(["reports", "update", "9004", "--params", '{"sections": {}}'])).code, 0);
    const [read, written] = lab.requests.slice(before);
    assert.deepEqual([read!.method, read!.path], ["GET", `${PATH}/9004`]);
    const { params } = JSON.parse(written!.text);
    assert.deepEqual([params.sections, params.columnWidths], [{}, { bar: {} }]);
  });

  it("follows the pages of what a report was", async () => {
    for (const name of ["X", "Y", "Z"]) await sends("update", "9004", "--name", name);
    const { code, stdout } = await lab.mp(["reports", "history", "9004", "--page-size", "2", "-f", "json"]);
    assert.equal(code, 0);
    const names = JSON.parse(stdout).results.map(({ name }: { name: string }) => name);
    assert.deepEqual(names.slice(0, 3), ["Y", "X", "Buying again"]);
  });

  it("names the boards that show it, by both paths", async () => {
    const linked = await sends("boards", "9001", "-f", "csv");
    assert.deepEqual([linked.path, linked.stdout], [`${PATH}/9001/linked-dashboard-ids`, "board\n9501\n9502\n"]);
    const placed = await sends("boards", "9001", "--placed");
    assert.equal(placed.path, PATH.replace("bookmarks", "dashboards/bookmarks/9001/dashboard-ids"));
  });

  it("prints the address of each kind's page", async () => {
    for (const [id, page] of [["9001", "insights#report"], ["9003", "funnels#view"], ["9006", "flows#report"]]) {
      const { stdout } = await sends("link", id!);
      assert.ok(stdout.endsWith(`/project/${SANDBOX.projectId}/app/${page}/${id}\n`), stdout);
    }
  });

  it("runs each kind where its numbers are: flows at an endpoint of their own", async () => {
    const asked: [string, string, Record<string, string>][] = [
      ["9001", "/api/query/insights", { bookmark_id: "9001" }],
      ["9003", "/api/query/insights", { bookmark_id: "9003" }],
      ["9006", "/api/query/arb_funnels", { bookmark_id: "9006", query_type: "flows_sankey" }],
    ];
    for (const [id, path, query] of asked) {
      const before = lab.requests.length;
      assert.equal((await lab.mp(["reports", "run", id, "-f", "json"])).code, 0, id);
      const [looked, ran] = lab.requests.slice(before);
      assert.equal(looked!.path, `${PATH}/${id}`);
      const { project_id: _project, ...rest } = ran!.query;
      assert.deepEqual([ran!.path, rest], [path, query]);
    }
  });

  it("deletes one by its own path, several in one request, and asks before", async () => {
    const one = await sends("delete", "9005", "--yes");
    assert.deepEqual([one.method, one.path, one.stderr], ["DELETE", `${PATH}/9005`, "Deleted report 9005\n"]);
    const several = await sends("delete", "9001", "9002", "9001", "--yes");
    assert.deepEqual([several.method, several.path], ["POST", `${PATH}/bulk-delete`]);
    assert.deepEqual(JSON.parse(several.text), { bookmark_ids: [9001, 9002] });
    assert.equal(several.stderr, "Deleted 2 reports: 9001, 9002\n");
    const gone = await lab.mp(["reports", "get", "9001"]);
    assert.deepEqual([gone.code, /mp reports list/.test(gone.stderr)], [4, true]);
  });

  it("refuses what cannot be meant before anything is sent", async () => {
    const cases: [string[], RegExp][] = [
      [["delete", "9003"], /add --yes/],
      [["delete"], /id/],
      [["get", "x"], /"x" is not a numeric id/],
      [["update", "9003"], /nothing to change is given\nhint: add --name/],
      [["create", "A", "--type", "insights", "--params", "{}"], /--board/],
      [["create", "A", "--type", "pie", "--params", "{}", "--board", "1"], /--type/],
      [["create", "A", "--type", "insights", "--params", "[]", "--board", "1"], /--params/],
      [["update-many", "--changes", '[{"name": "A"}]'], /changes/],
    ];
    const before = lab.requests.length;
    for (const [argv, message] of cases) {
      const { code, stderr } = await lab.mp(["reports", ...argv]);
      assert.deepEqual([code, message.test(stderr) ? "" : stderr], [3, ""], argv.join(" "));
    }
    assert.equal(lab.requests.length, before);
  });
});
