import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { ProgramLab } from "../helpers/program_lab.ts";
import { cells, openQueryLab, PROJECT_ID } from "./query_lab.ts";
import { openStubbed } from "./stubbed.ts";

let lab: ProgramLab;
before(() => void (lab = openQueryLab()));
after(() => lab.stop());

const P = `/api/app/projects/${PROJECT_ID}`;
const run = (...argv: string[]) => lab.sends(["custom-events", ...argv]);
let id = "";

describe("custom events", () => {
  it("are made by a form", async () => {
    const sent = await run("create", "Any", "--event", "Sign Up", "--event", "Purchase");
    assert.deepEqual([sent.method, sent.path], ["POST", `${P}/custom_events/`]);
    assert.match(sent.headers.get("content-type")!, /^application\/x-www-form-urlencoded/);
    assert.deepEqual(Object.fromEntries(new URLSearchParams(sent.text)), {
      name: "Any",
      alternatives: '[{"event":"Sign Up"},{"event":"Purchase"}]',
    });
    id = String(JSON.parse(sent.stdout).custom_event.id);
    assert.equal(sent.stderr, `Made the custom event "Any": $custom_event:${id}\n`);
    const raw = await run("create", "Filtered", "--alternatives", '[{"event":"A","valid_segfilter":{}}]');
    assert.equal(new URLSearchParams(raw.text).get("alternatives"), '[{"event":"A","valid_segfilter":{}}]');
  });

  it("are listed by the Lexicon, and shown with their events", async () => {
    const list = await run("list", "-f", "table");
    assert.deepEqual([list.path, list.query], [`${P}/data-definitions/events/`, { custom_event: "true" }]);
    assert.deepEqual(cells(list.stdout)[0]!.slice(0, 2), [id, "Any"]);
    const get = await run("get", id, "-f", "csv");
    assert.equal(get.path, `/api/app/custom_events/${PROJECT_ID}/${id}/`);
    assert.equal(get.stdout, `id,name,events\n${id},Any,"Sign Up, Purchase"\n`);
  });

  it("are described by the Lexicon under their id", async () => {
    const sent = await run("update", id, "--description", "Either", "--hidden", "--tag", "core");
    assert.deepEqual([sent.method, sent.path], ["PATCH", `${P}/data-definitions/events/`]);
    assert.deepEqual(JSON.parse(sent.text), {
      customEventId: Number(id),
      description: "Either",
      hidden: true,
      tags: ["core"],
    });
    assert.match((await lab.mp(["custom-events", "update", id])).stderr, /nothing to change is given/);
  });

  it("have their events replaced, with the name that they have", async () => {
    const count = lab.requests.length;
    const { code } = await lab.mp(["custom-events", "update", id, "--event", "Purchase"]);
    assert.equal(code, 0);
    const [get, put] = lab.requests.slice(count);
    assert.deepEqual([get!.method, put!.method], ["GET", "PUT"]);
    assert.deepEqual(Object.fromEntries(new URLSearchParams(put!.text)), {
      name: "Any",
      alternatives: '[{"event":"Purchase"}]',
    });
  });

  it("are not said to be changed when the server changed another entry", async () => {
    const { server, mp } = await openStubbed();
    server.on("PATCH", `${P}/data-definitions/events/`, {
      json: { status: "ok", results: { id: 9, name: "x", customEventId: 8 } },
    });
    const { code, stderr } = await mp(["custom-events", "update", "7", "--hidden"]);
    await server.finish();
    assert.equal(code, 6);
    assert.match(stderr, /the server changed the entry of 8/);
  });

  it("are deleted by their id in a body, after a question", async () => {
    assert.notEqual((await lab.mp(["custom-events", "delete", id])).code, 0);
    const sent = await run("delete", id, "--yes");
    assert.deepEqual([sent.method, sent.path, sent.text], [
      "DELETE",
      `${P}/data-definitions/events/`,
      `{"customEventId":${id}}`,
    ]);
    assert.equal((await lab.mp(["custom-events", "get", id])).code, 4);
  });

  it("are not made of nothing", async () => {
    assert.match((await lab.mp(["custom-events", "create", "None"])).stderr, /add --event EVENT/);
  });
});
