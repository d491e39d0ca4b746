import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { SANDBOX } from "../../src/sandbox/defaults.ts";
import { loadManagedObjects } from "../../src/sandbox/demo/managed_objects.ts";
import { loadRecordingEvents } from "../../src/sandbox/demo/recordings.ts";
import { openProgramLab, type ProgramLab } from "../helpers/program_lab.ts";
import type { StubRequest } from "../helpers/stub_server.ts";
import { temporaryFolder } from "../helpers/temporary_folder.ts";
import { NOW_MS } from "../helpers/world.ts";
import { openStubbed, type Stubbed } from "./stubbed.ts";

const SIGN = `/api/app/projects/${SANDBOX.projectId}/replays/sign/bulk`;
const folder = temporaryFolder();

let lab: ProgramLab;
before(() => {
  lab = openProgramLab();
  loadManagedObjects(lab.store, SANDBOX.projectId, NOW_MS);
  loadRecordingEvents(lab.store, SANDBOX.projectId, NOW_MS);
});
after(() => lab.stop());

const DAYS = ["--from", "2026-11-01", "--to", "2026-11-23", "--no-pacing"];

describe("mp replays find", () => {
  it("asks when each recording began, by its id and how long it is kept", async () => {
    const { path, text, stdout } = await lab.sends(
      ["replays", "find", "--distinct-id", 'cust"omer', ...DAYS, "-f", "csv"],
    );
    assert.equal(path, "/api/query/insights");
    assert.equal(stdout, "replay_id,started,retention_days\n");
    const { bookmark: { sections, displayOptions }, queryLimits } = JSON.parse(text);
    assert.deepEqual(sections.show[0].behavior.name, "$mp_session_record");
    assert.deepEqual(
      [sections.show[0].measurement.math, sections.show[0].measurement.property.name],
      ["min", "$time"],
    );
    assert.deepEqual(sections.time[0].value, ["2026-11-01", "2026-11-23"]);
    const [{ value, filterOperator, filterValue }] = sections.filter;
    assert.deepEqual([value, filterOperator, filterValue], ["$distinct_id", "equals", ['cust"omer']]);
    const groups = sections.group.map((one: { value: string }) => one.value);
    assert.deepEqual(groups, ["$mp_replay_id", "$mp_replay_retention_period"]);
    assert.deepEqual([displayOptions.chartType, queryLimits], ["table", { limit: 100 }]);
  });

  it("finds those of a user and those of an id, the last first", async () => {
    const find = async (...argv: string[]) =>
      (await lab.sends(["replays", "find", ...argv, ...DAYS, "-f", "csv"])).stdout;
    assert.equal(
      await find("--distinct-id", "customer-10001"),
      "replay_id,started,retention_days\n" +
        "replay-2,2026-11-22T12:00:00Z,7\n" +
        "replay-1,2026-11-21T12:00:00Z,30\n",
    );
    assert.match(await find("--replay-id", "replay-1"), /^replay_id.*\nreplay-1,[^\n]*\n$/);
    const nothing = await lab.mp(["replays", "find", ...DAYS]);
    assert.equal(nothing.code, 3);
    assert.match(nothing.stderr, /neither a user nor a recording/);
  });
});

describe("mp replays download", () => {
  it("writes all files of several recordings, each in a folder, and finds out how long they are kept", async () => {
    const output = folder.path("all");
    const { code, stderr } = await lab.mp(["replays", "download", "replay-1", "replay-2", "-o", output]);
    assert.equal(code, 0, stderr);
    assert.deepEqual(readdirSync(`${output}/replay-1`).sort(), ["0000.json", "0001.json", "0002.json", "replay.json"]);
    assert.deepEqual(readdirSync(`${output}/replay-2`).sort(), ["0000.json", "replay.json"]);
    assert.equal(JSON.parse(readFileSync(`${output}/replay-1/0000.json`, "utf8"))[0].type, 4);
    assert.deepEqual(JSON.parse(readFileSync(`${output}/replay-2/replay.json`, "utf8")), {
      mp_replay: 1,
      replay_id: "replay-2",
      retention: 7,
      files: 1,
    });
  });

  it("asks for nothing again that is whole, and for all with --restart", async () => {
    const argv = ["replays", "download", "replay-1", "-o", folder.path("all")];
    const before = lab.requests.length;
    assert.match((await lab.mp(argv)).stderr, /3 files, was whole already/);
    assert.equal(lab.requests.length, before);
    writeFileSync(folder.path("all/replay-1/0001.json"), "broken");
    assert.equal((await lab.mp([...argv, "--restart"])).code, 0);
    assert.equal(JSON.parse(readFileSync(folder.path("all/replay-1/0001.json"), "utf8")).length, 3);
  });

  it("says which recording has no files, by the path and by the retention that was named", async () => {
    const missing = await lab.mp(["replays", "download", "nope", "-o", folder.path("none")]);
    assert.deepEqual([missing.code, /Cannot find recording "nope"/.test(missing.stderr)], [4, true]);
    const other = await lab.mp(["replays", "download", "replay-1", "--retention", "7", "-o", folder.path("none")]);
    assert.equal(other.code, 4);
    assert.equal((await lab.mp(["replays", "download", "replay-1", "--retention", "8"])).code, 3);
    assert.equal((await lab.mp(["replays", "download", "replay-1", "-o", "-"])).code, 3);
  });
});

/** A content network of two files, whose addresses are good for so many requests. */
function network({ server }: Stubbed, options: { files: number; id?: string; good?: number }): string[] {
  const { files, id = "r", good = Infinity } = options;
  const seen: string[] = [];
  let signatures = 0;
  let left = 0;
  server.on("POST", SIGN, () => {
    left = good;
    seen.push(`sign ${++signatures}`);
    const signed = { replay_id: id, url: `${server.url}/cdn/`, query_string: `Signature=secret-${signatures}` };
    return { json: { status: "ok", results: [signed] } };
  }, 50);
  for (let number = 0; number <= files; number++) {
    const path = `/cdn/${String(number).padStart(4, "0")}-30.json`;
    server.on("GET", path, (request: StubRequest) => {
      assert.equal(request.headers.get("authorization"), null);
      const isGood = left-- > 0 && request.query.get("Signature") === `secret-${signatures}`;
      seen.push(`${request.path.slice(5, 9)} ${isGood ? "" : "403"}`.trim());
      if (!isGood) return { status: 403, body: "expired" };
      return number === files ? { status: 404, body: "" } : { json: [{ type: 3, data: {}, timestamp: number }] };
    }, 50);
  }
  return seen;
}

/** Announced requests that did not come are no fault here. */
const finish = ({ server }: Stubbed) => server.finish().catch(() => {});

const download = (stubbed: Stubbed, output: string, ...flags: string[]) =>
  stubbed.mp(["replays", "download", "r", "--retention", "30", "-o", folder.path(output), ...flags]);

describe("an address that runs out", () => {
  it("is renewed at the file that it was refused for, and is never shown", async () => {
    const stubbed = await openStubbed();
    const seen = network(stubbed, { files: 3, good: 2 });
    const { code, stdout, stderr } = await download(stubbed, "renewed", "-v");
    assert.equal(code, 0, stderr);
    assert.deepEqual(seen, ["sign 1", "0000", "0001", "0002 403", "sign 2", "0002", "0003"]);
    assert.doesNotMatch(stdout + stderr, /secret-/);
    await finish(stubbed);
  });

  it("is not renewed forever", async () => {
    const stubbed = await openStubbed();
    const seen = network(stubbed, { files: 3, good: 0 });
    const { code, stderr } = await download(stubbed, "refused");
    assert.equal(code, 2);
    assert.match(stderr, /a new address was refused, too/);
    assert.deepEqual(seen, ["sign 1", "0000 403"]);
    await finish(stubbed);
  });
});

describe("a download that breaks off", () => {
  it("tries again what passes, and continues after the last whole file", async () => {
    const stubbed = await openStubbed();
    let failures = 0;
    stubbed.server.on("POST", SIGN, () => ({
      json: [{ replay_id: "r", url: `${stubbed.server.url}/cdn/`, query_string: "Signature=secret-1" }],
    }), 2);
    stubbed.server.on("GET", "/cdn/0000-30.json", { json: [] });
    stubbed.server.on("GET", "/cdn/0001-30.json", () => {
      if (++failures <= 6) return { status: 503, body: "later" };
      return { json: [{ type: 3 }] };
    }, 7);
    stubbed.server.on("GET", "/cdn/0002-30.json", { status: 404, body: "" });
    const broken = await download(stubbed, "resumed");
    assert.deepEqual([broken.code, failures], [6, 5]);
    assert.deepEqual(readdirSync(folder.path("resumed/r")).sort(), ["0000.json", "replay.json"]);
    const { code, stderr } = await download(stubbed, "resumed");
    assert.equal(code, 0, stderr);
    assert.match(stderr, /2 files/);
    await stubbed.server.finish();
  });

  it("leaves no file of half a body", async () => {
    const stubbed = await openStubbed();
    stubbed.server.on("POST", SIGN, () => ({
      json: [{ replay_id: "../r", url: `${stubbed.server.url}/cdn/`, query_string: "Signature=secret-1" }],
    }));
    const half = "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n[{";
    stubbed.server.on("GET", "/cdn/0000-30.json", { raw: [half], then: "close" }, 5);
    const argv = ["replays", "download", "../r", "--retention", "30", "-o", folder.path("half")];
    const { code, stderr } = await stubbed.mp(argv);
    assert.equal(code, 7);
    assert.doesNotMatch(stderr, /secret-1/);
    assert.deepEqual(
      readdirSync(folder.path("."), { recursive: true }).filter((one) => /half.*json$/.test(`${one}`)),
      [],
    );
    await stubbed.server.finish();
  });
});

describe("mp replays sign", () => {
  it("signs several at once, for the environment that is named", async () => {
    const { path, text, stdout } = await lab.sends(["replays", "sign", "a", "b", "--env", "dev"]);
    assert.equal(path, SIGN);
    assert.deepEqual(JSON.parse(text), {
      replays: [{ replay_id: "a", replay_env: "dev" }, { replay_id: "b", replay_env: "dev" }],
    });
    assert.equal(JSON.parse(stdout).results.length, 2);
    const many = Array.from({ length: 51 }, (_, index) => `r${index}`);
    const before = lab.requests.length;
    assert.equal((await lab.mp(["replays", "sign", ...many])).code, 3);
    assert.equal(lab.requests.length, before);
  });

  it("repeats what the server says of a missing right", async () => {
    const { server, mp } = await openStubbed();
    const refusal = { status: "error", error: "SESSION_RECORDING_SENSITIVE_DATA" };
    server.on("POST", SIGN, { status: 403, json: refusal });
    const { code, stderr } = await mp(["replays", "sign", "a"]);
    assert.equal(code, 2);
    assert.match(stderr, /SESSION_RECORDING_SENSITIVE_DATA/);
    await server.finish();
  });
});
