import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { SANDBOX } from "../../src/sandbox/defaults.ts";
import { fakeClock } from "../helpers/fake_clock.ts";
import { openProgramLab, type ProgramLab } from "../helpers/program_lab.ts";
import { temporaryFolder } from "../helpers/temporary_folder.ts";
import { NOW_MS } from "../helpers/world.ts";
import { openStubbed } from "./stubbed.ts";

const T = `/api/app/projects/${SANDBOX.projectId}/data-definitions/lookup-tables/`;
const CSV = "plan,price\npro,20\nfree,0\n";
const files = temporaryFolder();
let lab: ProgramLab;
before(() => void (lab = openProgramLab()));
after(() => lab.stop());

const sends = (...argv: string[]) => lab.sends(["lookup-tables", ...argv]);
const idOf = async (name: string): Promise<string> => {
  const { stdout } = await lab.mp(["lookup-tables", "groups"]);
  return String(JSON.parse(stdout).results.find((one: { name: string }) => one.name === name).id);
};

describe("mp lookup-tables create", () => {
  it("asks for an address, uploads the CSV without credentials, and registers it by a form", async () => {
    const before = lab.requests.length;
    const { code, stderr } = await lab.mp(["lookup-tables", "create", "Plans", files.write("plans.csv", CSV)]);
    assert.equal(code, 0, stderr);
    const [address, upload, form, ...others] = lab.requests.slice(before);
    assert.deepEqual([address!.method, address!.path, address!.query], ["GET", `${T}upload-url/`, {
      "content-type": "text/csv",
    }]);
    assert.deepEqual([upload!.method, upload!.text, upload!.headers.get("content-type")], ["PUT", CSV, "text/csv"]);
    for (const name of ["authorization", "cookie"]) assert.equal(upload!.headers.get(name), null);
    assert.doesNotMatch([...upload!.headers].join("\n"), /sandbox-service-secret|Basic|Bearer/);
    assert.deepEqual([form!.method, form!.path, others], ["POST", T, []]);
    assert.match(form!.headers.get("content-type")!, /^application\/x-www-form-urlencoded/);
    const fields = new URLSearchParams(form!.text);
    assert.deepEqual([...fields.keys()], ["name", "path", "key"]);
    const id = await idOf("Plans");
    assert.equal(stderr, `Made lookup table "Plans" (${id}): 2 rows of plan, price\n`);
  });

  it("waits for a large table, and asks less and less often", async () => {
    const clock = fakeClock(NOW_MS);
    const slow = openProgramLab({ gdprStageMs: 10_000 }, clock);
    try {
      const large = "k,v\n" + Array.from({ length: 60 }, (_, row) => `${row},${"x".repeat(100_000)}\n`).join("");
      const { code, stderr } = await slow.mp(["lookup-tables", "create", "Large", "-"], { stdin: large });
      assert.equal(code, 0, stderr);
      assert.match(
        stderr,
        /^Mixpanel reads the table \(upload \d+\); waiting\nMade lookup table "Large" \(\d+\): 60 rows/,
      );
      assert.deepEqual(clock.sleeps, [1000, 2000, 4000, 8000]);
      const early = await slow.mp(["lookup-tables", "create", "L2", "-", "--give-up-after", "2s"], { stdin: large });
      assert.equal(early.code, 1);
      assert.match(early.stderr, /still being read\nhint: 'mp lookup-tables list' shows whether it is there/);
      const broken = await slow.mp(["lookup-tables", "create", "L3", "-"], { stdin: large.replace("59,", "59,,") });
      assert.equal(broken.code, 3);
    } finally {
      await slow.stop();
    }
  });

  it("replaces a table after a question, and refuses a table that is no good before anything is sent", async () => {
    const before = lab.requests.length;
    const refused: [string[], RegExp][] = [
      [
        ["create", "P", "--data", CSV, "--into", "1001"],
        /Replace lookup table 1001 by 2 rows of plan, price\?.*\nhint: add --yes/,
      ],
      [["create", "P", "--data", "k,v\n1\n"], /line 2 has 1 fields, and the header 2/],
      [["create", "P"], /<file> is missing/],
      [["create", "x".repeat(256), "--data", CSV], /<name> must have at most 255 characters/],
    ];
    for (const [argv, message] of refused) {
      const { code, stderr } = await lab.mp(["lookup-tables", ...argv]);
      assert.deepEqual([code, message.test(stderr) ? "" : stderr], [3, ""], argv.join(" "));
    }
    assert.equal(lab.requests.length, before);
    const id = await idOf("Products");
    const { code } = await lab.mp(["lookup-tables", "create", "Products", "--data", CSV, "--into", id, "--yes"]);
    assert.equal(code, 0);
    assert.equal(lab.store.lookupTables.csv(SANDBOX.projectId, SANDBOX.lookupTableId), CSV);
  });

  it("sends nothing to an address that is neither https nor this machine's, and follows no base address there", async () => {
    const stub = await openStubbed();
    const results = { url: "http://storage.example.com/x?signature=s3cret", path: "p", key: "k" };
    stub.server.on("GET", `${T}upload-url/`, { json: { status: "ok", results } });
    const { code, stderr } = await stub.mp(["lookup-tables", "create", "P", "--data", CSV]);
    assert.deepEqual([code, stderr.includes("s3cret")], [6, false]);
    assert.match(stderr, /Cannot upload the table: the server's link is not an https address/);
    await stub.server.finish();
  });

  it("says that the storage refuses, without the signature", async () => {
    const stub = await openStubbed();
    const url = `${stub.server.url}/storage?signature=s3cret`;
    stub.server.on("GET", `${T}upload-url/`, { json: { status: "ok", results: { url, path: "p", key: "k" } } });
    stub.server.on("PUT", "/storage?signature=s3cret", { status: 403, body: "<Error/>" });
    const { code, stderr } = await stub.mp(["lookup-tables", "create", "P", "--data", CSV]);
    assert.deepEqual([code, stderr.includes("s3cret")], [1, false]);
    assert.match(stderr, /it answered 403\nhint: no table was made/);
    assert.equal(stub.server.requests[1]!.headers.get("authorization"), null);
    await stub.server.finish();
  });
});

describe("mp lookup-tables", () => {
  it("lists data groups, renames and deletes by their ids", async () => {
    const listed = await sends("groups", "-f", "csv");
    assert.deepEqual([listed.path, listed.query], [T, {}]);
    assert.match(listed.stdout, /^id,name,token,createdAt,lastModifiedAt\n/);
    const id = await idOf("Plans");
    assert.deepEqual((await sends("groups", "--group-id", id)).query, { "data-group-id": id });
    const renamed = await sends("rename", id, "Prices");
    assert.deepEqual([renamed.method, renamed.path], ["PATCH", T]);
    assert.deepEqual(JSON.parse(renamed.text), { "data-group-id": Number(id), name: "Prices" });
    const unconfirmed = await lab.mp(["lookup-tables", "delete", id]);
    assert.deepEqual([unconfirmed.code, /Delete lookup table \d+\?/.test(unconfirmed.stderr)], [3, true]);
    const deleted = await sends("delete", id, "--yes");
    assert.deepEqual([deleted.method, JSON.parse(deleted.text)], ["DELETE", { "data-group-ids": [Number(id)] }]);
  });

  it("keeps ids of nineteen digits", async () => {
    const { stdout } = await lab.mp(["lookup-tables", "delete", "1234567890123456789", "--yes", "--dry-run"]);
    assert.match(stdout, /"data-group-ids":\[1234567890123456789\]/);
  });

  it("downloads a table to standard output and to a file, and prints its address", async () => {
    const id = await idOf("Products");
    assert.equal((await sends("download", id)).stdout, CSV);
    const part = await sends("download", id, "--limit", "1");
    assert.deepEqual([part.query, part.stdout], [{ "data-group-id": id, limit: "1" }, "plan,price\npro,20\n"]);
    const { stdout } = await sends("link", id, "-f", "csv");
    assert.match(stdout, /^url\nhttp:\/\/127\.0\.0\.1:\d+\/sandbox\/storage\//);
    assert.equal((await lab.mp(["lookup-tables", "download", "7"])).code, 4);
  });
});
