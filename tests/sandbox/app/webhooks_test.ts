import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SANDBOX } from "../../../src/sandbox/defaults.ts";
import { AppLab } from "./app_lab.ts";

const PATH = `/projects/${SANDBOX.projectId}/webhooks/`;
const HOOK = { name: "Pager", url: "https://pager.example.com/hook" };

describe("webhooks", () => {
  it("are made with little said, and listed without their password", async () => {
    const lab = new AppLab();
    const made = await lab.post(PATH, { ...HOOK, auth_type: "basic", username: "u", password: "hunter2" });
    const { id, ...rest } = made.json.results;
    assert.match(id, /^[0-9a-f-]{36}$/);
    assert.deepEqual(rest, { name: "Pager" });
    const list = await lab.get(PATH);
    const [{ created, modified, creator_id, creator_name, ...hook }] = list.json.results;
    assert.deepEqual(hook, { id, ...HOOK, is_enabled: true, auth_type: "basic" });
    assert.deepEqual([created, modified], ["2026-11-23T12:00:00Z", "2026-11-23T12:00:00Z"]);
    assert.deepEqual([creator_id, creator_name], [1, SANDBOX.username]);
    assert.doesNotMatch(list.text, /hunter2/);
  });

  it("change in what is named, cannot be asked for alone, and go", async () => {
    const lab = new AppLab();
    const { id } = (await lab.post(PATH, HOOK)).json.results;
    assert.equal((await lab.send("PATCH", `${PATH}${id}/`, { is_enabled: false })).status, 200);
    const [hook] = (await lab.get(PATH)).json.results;
    assert.deepEqual([hook.is_enabled, hook.name, hook.auth_type], [false, "Pager", null]);
    assert.equal((await lab.get(`${PATH}${id}/`)).status, 405);
    assert.equal((await lab.send("DELETE", `${PATH}${id}/`)).status, 200);
    assert.equal((await lab.send("PATCH", `${PATH}${id}/`, {})).status, 404);
    assert.deepEqual((await lab.get(PATH)).json.results, []);
  });

  it("are refused with a long name, an address that is none, or half a sign-in; a test calls nothing", async () => {
    const lab = new AppLab();
    const bad = [{ name: "" }, { name: "x".repeat(101) }, { url: "ftp://x" }, { url: "x" }, {
      auth_type: "basic",
      username: "u",
    }];
    for (const change of bad) assert.equal((await lab.post(PATH, { ...HOOK, ...change })).status, 400);
    const { success, status_code } = (await lab.post(`${PATH}test/`, HOOK)).json.results;
    assert.deepEqual([success, status_code], [true, 200]);
    assert.equal((await lab.post(`${PATH}test/`, {})).status, 400);
  });
});
