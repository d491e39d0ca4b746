/** What an import says when it waits for long, and when its file of rejected records cannot be written. */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { globalFlags, globalInput } from "../../src/cli/globals.ts";
import { createContext } from "../../src/cli/run_command.ts";
import { watchDelivery } from "../../src/commands/import/shared/delivery_report.ts";
import { itUnless } from "../helpers/needs.ts";
import { startStubServer } from "../helpers/stub_server.ts";
import { runProgram, testWorld } from "../helpers/world.ts";

const event = (id: number) =>
  JSON.stringify({
    event: "Seen",
    properties: { time: 1763800000 + id, distinct_id: `u-${id}`, $insert_id: `id-${id}` },
  });

describe("an import", () => {
  let folder = "";
  before(() => folder = mkdtempSync(join(tmpdir(), "mp-import-troubles-")));
  after(() => rmSync(folder, { recursive: true, force: true }));

  const environment = (url: string) => ({
    MP_API_BASE_URL: url,
    MP_USERNAME: "ana",
    MP_SECRET: "s3cr3t-of-the-lab",
    MP_PROJECT_ID: "1",
    XDG_STATE_HOME: join(folder, "state"),
  });

  it("says without a terminal that it waits for long, and for what", async () => {
    const server = await startStubServer();
    try {
      server.on("POST", "/import", { status: 503, headers: { "retry-after": "120" }, body: "busy" });
      const accepted = { code: 200, num_records_imported: 1, status: "OK" };
      server.on("POST", "/import", { json: accepted });
      const { code, stderr } = await runProgram(["import", "-"], {
        stdin: `${event(1)}\n`,
        env: environment(server.url),
      });
      assert.equal(code, 0, stderr);
      assert.match(stderr, /^the server answered 503; again in 2 m 00 s$/m);
    } finally {
      await server.finish();
    }
  });

  itUnless(
    !existsSync("/dev/full") && "no /dev/full",
    "does not say that records are in a file on a full disk",
    async () => {
      const file = join(folder, "bad.jsonl");
      writeFileSync(file, Array.from({ length: 30 }, (_, index) => `{"event": ${index}}\n`).join(""));
      const { code, stderr } = await runProgram(["import", file, "--rejects", "/dev/full", "--no-checkpoint"], {
        env: environment("http://127.0.0.1:9"),
      });
      assert.equal(code, 1);
      assert.match(stderr, /^mp: Cannot write "\/dev\/full": the disk is full$/m);
      assert.doesNotMatch(stderr, /all are in \/dev\/full/);
    },
  );

  it("says of no record that it is in a file that broke", async () => {
    for (const breaks of [false, true]) {
      const world = testWorld();
      const context = createContext(globalFlags(globalInput.parse({})), world);
      const report = watchDelivery(context, [], { doing: "Importing", done: "Imported", rejects: "bad.jsonl" });
      for (let line = 1; line <= 12; line++) report.reject({ source: "a", line, count: 1, reason: "no" });
      const full = new Error("the disk is full");
      const writing = breaks ? Promise.reject(full) : Promise.resolve();
      if (breaks) await assert.rejects(report.keep(writing), full);
      else await report.keep(writing);
      await assert.rejects(report.finish(Promise.reject(full)), full);
      const where = breaks ? "not all are in bad.jsonl, which could not be written" : "all are in bad.jsonl";
      assert.ok(world.stderr.text().includes(`  … and 2 more; ${where}\n`), world.stderr.text());
    }
  });
});
