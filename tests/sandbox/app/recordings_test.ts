import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { RECORDED_SESSION, type SavedRecording } from "../../../src/sandbox/app/recordings.ts";
import { SANDBOX } from "../../../src/sandbox/defaults.ts";
import { AppLab } from "./app_lab.ts";

const SIGN = `/projects/${SANDBOX.projectId}/replays/sign/bulk`;

function labWithRecording(): AppLab {
  const lab = new AppLab();
  const recording: SavedRecording = {
    id: "r/1",
    env: "prod",
    retention: 30,
    files: 2,
    startedMs: lab.clock.now() - 60_000,
    page: "https://shop.example.com/",
  };
  lab.store.savedObjects.put(SANDBOX.projectId, RECORDED_SESSION, 1, recording);
  return lab;
}

async function sign(lab: AppLab, id = "r/1"): Promise<(file: string) => Promise<{ status: number; text: string }>> {
  const { status, json } = await lab.post(SIGN, { replays: [{ replay_id: id, replay_env: "prod" }] });
  assert.equal(status, 200);
  const [{ replay_id, url, query_string }] = json.results;
  assert.equal(replay_id, id);
  assert.match(query_string, /^URLPrefix=.+&Expires=\d+&KeyName=.+&Signature=.+$/);
  return (file) => lab.ask(`${new URL(url).pathname}${file}?${query_string}`, { auth: "" });
}

describe("recordings", () => {
  it("are loaded file by file from a signed address, without credentials, until there is none", async () => {
    const load = await sign(labWithRecording());
    const first = JSON.parse((await load("0000-30.json")).text);
    assert.deepEqual(first.slice(0, 2).map(({ type }: { type: number }) => type), [4, 2]);
    const times = [...first, ...JSON.parse((await load("0001-30.json")).text)].map(({ timestamp }) => timestamp);
    assert.deepEqual(times, times.toSorted((a, b) => a - b));
    for (const file of ["0002-30.json", "0000-90.json", "x"]) assert.equal((await load(file)).status, 404, file);
  });

  it("are refused with 403 after five minutes, and with another signature", async () => {
    const lab = labWithRecording();
    const load = await sign(lab);
    lab.clock.advance(299_000);
    assert.equal((await load("0000-30.json")).status, 200);
    lab.clock.advance(1000);
    assert.equal((await load("0000-30.json")).status, 403);
    const path = `/sandbox/recordings/${SANDBOX.projectId}/r%2F1/0000-30.json`;
    assert.equal((await lab.ask(`${path}?Expires=99999999999&Signature=x`, { auth: "" })).status, 403);
    assert.equal((await lab.ask(path, { auth: "" })).status, 403);
  });

  it("that are not there are signed, and have no files; at most 50 are signed at once", async () => {
    const lab = labWithRecording();
    assert.equal((await (await sign(lab, "nope"))("0000-30.json")).status, 404);
    const replays = Array.from({ length: 51 }, () => ({ replay_id: "r", replay_env: "prod" }));
    assert.equal((await lab.post(SIGN, { replays })).status, 400);
    assert.equal((await lab.post(SIGN, { replays: [{ replay_id: "r", replay_env: "stage" }] })).status, 400);
    assert.equal((await lab.post(SIGN, {})).status, 400);
  });
});
