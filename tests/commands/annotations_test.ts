import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { SANDBOX } from "../../src/sandbox/defaults.ts";
import { loadManagedObjects } from "../../src/sandbox/demo/managed_objects.ts";
import { openProgramLab, type ProgramLab } from "../helpers/program_lab.ts";
import { NOW_MS } from "../helpers/world.ts";

const PATH = `/api/app/projects/${SANDBOX.projectId}/annotations`;
let lab: ProgramLab;
before(() => {
  lab = openProgramLab();
  loadManagedObjects(lab.store, SANDBOX.projectId, NOW_MS);
});
after(() => lab.stop());

const sends = (...argv: string[]) => lab.sends(["annotations", ...argv]);

describe("mp annotations", () => {
  it("lists notes of a range of days, with tags and authors", async () => {
    const { method, path, query, stdout } = await sends("list", "--from", "2026-11-01", "--to", "today", "-f", "csv");
    assert.deepEqual([method, path], ["GET", PATH]);
    assert.deepEqual(query, { fromDate: "2026-11-01", toDate: "2026-11-23" });
    assert.equal(
      stdout,
      "id,date,description,tags,by\n" +
        "9002,2026-11-02 09:00:00,Price test begins,prices,Ada Roaster\n" +
        "9003,2026-11-03 09:00:00,Price test begins (entered twice),,Ada Roaster\n",
    );
  });

  it("makes a note at a moment of the project's clock", async () => {
    const { method, path, text, stdout, stderr } = await sends(
      ...["create", "Outage", "--date", "yesterday 14:30", "--tag-id", "9101", "--tag-id", "9102"],
    );
    assert.deepEqual([method, path], ["POST", PATH]);
    assert.deepEqual(JSON.parse(text), { description: "Outage", date: "2026-11-22 14:30:00", tags: [9101, 9102] });
    const { id, tags } = JSON.parse(stdout).results;
    assert.deepEqual(tags.map((tag: { name: string }) => tag.name), ["release", "prices"]);
    assert.equal(stderr, `Made annotation ${id} on 2026-11-22 14:30:00\n`);
  });

  it("takes a body as it is, and flags before it", async () => {
    const body = '{"description": "from the body", "date": "2026-11-20 10:00:00"}';
    const { text } = await sends("create", "typed", "--data", body);
    assert.deepEqual(JSON.parse(text), { description: "typed", date: "2026-11-20 10:00:00" });
  });

  it("refuses bodies with fields that there are not, days that there are not, and ids that are none", async () => {
    const cases: [string[], RegExp][] = [
      [["create", "--data", '{"descripton": "x"}'], /there is no field "descripton"\n.*did you mean "description"/s],
      [["create", "x", "--date", "2026-02-30"], /--date "2026-02-30": no such day/],
      [["create", "x", "--date", "2026-02-03 25:00"], /--date: "2026-02-03T25:00" is no time/],
      [["create", "x"], /--date/],
      [["get", "x"], /annotation.id.*"x" is not a numeric id/],
      [["update", "9001"], /nothing to change is given/],
      [["delete", "9001"], /add --yes/],
    ];
    const before = lab.requests.length;
    for (const [argv, message] of cases) {
      const { code, stderr } = await lab.mp(["annotations", ...argv]);
      assert.deepEqual([code, message.test(stderr) ? "" : stderr], [3, ""], argv.join(" "));
    }
    assert.equal(lab.requests.length, before);
  });

  it("shows, changes and deletes one", async () => {
    assert.equal((await sends("get", "9001")).path, `${PATH}/9001`);
    const changed = await sends("update", "9002", "--description", "Second week");
    assert.deepEqual([changed.method, changed.path], ["PATCH", `${PATH}/9002`]);
    assert.deepEqual(JSON.parse(changed.text), { description: "Second week" });
    assert.equal(JSON.parse(changed.stdout).results.tags.length, 1);
    const gone = await sends("delete", "9003", "--yes");
    assert.deepEqual([gone.method, gone.path, gone.text], ["DELETE", `${PATH}/9003`, ""]);
    assert.equal(gone.stderr, "Deleted annotation 9003\n");
    const { code, stderr } = await lab.mp(["annotations", "get", "9003"]);
    assert.equal(code, 4);
    assert.match(stderr, /Annotation not found/);
  });

  it("lists and makes tags", async () => {
    const { method, path, text, stderr } = await sends("tags", "create", "app");
    assert.deepEqual([method, path, JSON.parse(text)], ["POST", `${PATH}/tags`, { name: "app" }]);
    assert.equal(stderr, 'Made tag 9103, "app"\n');
    const list = await sends("tags", "list", "-f", "tsv");
    assert.equal(list.path, `${PATH}/tags`);
    assert.match(list.stdout, /^id\tname\tused\n9101\trelease\ttrue\n/);
  });

  it("shows the commands on tags when none of them is named", async () => {
    const { code, stdout } = await lab.mp(["annotations", "tags"]);
    assert.equal(code, 0);
    assert.match(stdout, /tags list/);
    assert.doesNotMatch(stdout, /update/);
  });

  it("goes by the reference's path and names when the published path is not there", async () => {
    const { openStubbed } = await import("./stubbed.ts");
    const stubbed = await openStubbed();
    stubbed.server.on("GET", `${PATH}?fromDate=2026-11-01&toDate=2026-11-23`, { status: 404, body: "<html></html>" });
    stubbed.server.on("GET", "/api/app/annotations?from_date=2026-11-01&to_date=2026-11-23", {
      json: [{ id: 123, date: "2026-11-01", description: "Product launch" }],
    });
    const { code, stdout } = await stubbed.mp(["annotations", "list", "--from", "2026-11-01", "-f", "csv"]);
    assert.deepEqual([code, stdout], [0, "id,date,description,tags,by\n123,2026-11-01,Product launch,,\n"]);
    await stubbed.server.finish();
  });
});
