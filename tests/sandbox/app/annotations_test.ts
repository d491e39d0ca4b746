import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SANDBOX } from "../../../src/sandbox/defaults.ts";
import { AppLab } from "./app_lab.ts";

const PATH = `/projects/${SANDBOX.projectId}/annotations`;
const NOTE = { date: "2026-08-01 10:00:00", description: "Release" };

describe("annotations", () => {
  it("are made with 201, and come back with their author and tags", async () => {
    const lab = new AppLab();
    const tag = await lab.post(`${PATH}/tags`, { name: "app" });
    assert.deepEqual([tag.status, tag.json], [200, {
      id: 1001,
      name: "app",
      project_id: SANDBOX.projectId,
      has_annotations: false,
    }]);
    const made = await lab.post(PATH, { ...NOTE, tags: [1001] });
    const note = {
      id: 1001,
      project_id: SANDBOX.projectId,
      ...NOTE,
      user: { id: 1, first_name: SANDBOX.username, last_name: "" },
      tags: [{ id: 1001, name: "app" }],
    };
    assert.deepEqual([made.status, made.json], [201, { status: "ok", results: note }]);
    assert.deepEqual((await lab.get(`${PATH}/1001`)).json.results, note);
    assert.equal((await lab.get(`${PATH}/tags`)).json[0].has_annotations, true);
  });

  it("are listed by days, both included, in the order of time", async () => {
    const lab = new AppLab();
    for (const date of ["2026-08-03 23:59:59", "2026-08-01 00:00:00", "2026-08-02", "2026-08-04 00:00:00"]) {
      await lab.post(PATH, { date, description: date });
    }
    const listed = async (query: string) =>
      (await lab.get(`${PATH}${query}`)).json.results.map(({ date }: { date: string }) => date.slice(0, 10));
    assert.deepEqual(await listed(""), ["2026-08-01", "2026-08-02", "2026-08-03", "2026-08-04"]);
    assert.deepEqual(await listed("?fromDate=2026-08-01&toDate=2026-08-03"), [
      "2026-08-01",
      "2026-08-02",
      "2026-08-03",
    ]);
    assert.deepEqual(await listed("?fromDate=2026-08-02"), ["2026-08-02", "2026-08-03", "2026-08-04"]);
    assert.equal((await lab.get(`${PATH}?fromDate=soon`)).status, 400);
    const reference = await lab.get("/annotations?from_date=2026-08-04");
    assert.deepEqual(reference.json.results.length, 1);
  });

  it("change in their text and tags, and go", async () => {
    const lab = new AppLab();
    await lab.post(PATH, NOTE);
    const changed = await lab.send("PATCH", `${PATH}/1001`, { description: "Other", date: "2020-01-01 00:00:00" });
    assert.deepEqual([changed.json.results.description, changed.json.results.date], ["Other", NOTE.date]);
    assert.deepEqual((await lab.send("DELETE", `${PATH}/1001`)).json, { status: "ok", results: { id: 1001 } });
    for (const method of ["GET", "PATCH", "DELETE"]) {
      const { status, json } = await lab.send(method, `${PATH}/1001`, method === "PATCH" ? {} : undefined);
      assert.deepEqual([status, json], [404, { status: "error", error: "Annotation not found" }], method);
    }
  });

  it("are refused with a bad day, an unknown tag, or no text", async () => {
    const lab = new AppLab();
    const bodies = [
      { description: "x" },
      { date: "2026-02-30 00:00:00", description: "x" },
      { date: "2026-02-03T00:00:00Z", description: "x" },
      { ...NOTE, tags: [7] },
      { ...NOTE, tags: "x" },
      { date: NOTE.date },
    ];
    for (const body of bodies) assert.equal((await lab.post(PATH, body)).status, 400, JSON.stringify(body));
    await lab.post(`${PATH}/tags`, { name: "app" });
    assert.equal((await lab.post(`${PATH}/tags`, { name: "app" })).status, 400);
    assert.equal((await lab.post(PATH, "nonsense")).status, 400);
  });

  it("are not for those who may only read", async () => {
    const lab = new AppLab();
    lab.store.projects.setRole(1, SANDBOX.projectId, "consumer");
    assert.equal((await lab.get(PATH)).status, 200);
    assert.equal((await lab.post(PATH, NOTE)).status, 403);
    assert.equal((await lab.get(`${PATH}/tags`)).status, 403);
  });

  it("of other projects are not seen", async () => {
    const lab = new AppLab();
    lab.addProject();
    await lab.post(PATH, NOTE);
    assert.deepEqual((await lab.get("/projects/2000001/annotations")).json.results, []);
    assert.equal((await lab.get("/projects/2000001/annotations/1001")).status, 404);
    assert.equal((await lab.get("/projects/7/annotations")).status, 403);
  });
});
