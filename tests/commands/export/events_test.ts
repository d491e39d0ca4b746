import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";
import exportCommand from "../../../src/commands/export/events.ts";
import { temporaryFolder } from "../../jobs/temporary_folder.ts";
import { runWithFakes } from "../run_with_fakes.ts";

const folder = temporaryFolder();
const event = '{"event":"E","properties":{"time":1780000000}}\n';
const october = ["--from", "2026-10-01", "--to", "2026-10-31"];

describe("mp export events", () => {
  it("writes the events to standard output and the summary elsewhere", async () => {
    const { stdout, notes, exitCode } = await runWithFakes(exportCommand, october, { respond: () => event.repeat(2) });
    assert.equal(stdout, event.repeat(2));
    assert.deepEqual(notes, ["Exported 2 events (2026-10-01 to 2026-10-31), 94 B in 0 ms"]);
    assert.equal(exitCode, 0);
  });

  it("writes to a file", async () => {
    const path = folder.path("events.jsonl");
    const { stdout, notes } = await runWithFakes(exportCommand, ["--last", "1d", "-o", path], { respond: () => event });
    assert.equal(readFileSync(path, "utf8"), event);
    assert.equal(stdout, "");
    assert.deepEqual(notes, [`Exported 1 event (2026-11-01), 47 B in 0 ms to ${path}`]);
  });

  it("asks for what was typed", async () => {
    const argv = [...october, "--event", "Sign Up", "--event", "E", "--where", "true", "--limit", "5", "--time-in-ms"];
    const { client } = await runWithFakes(exportCommand, argv, { respond: () => "" });
    assert.deepEqual(Object.fromEntries(client.requests[0]?.query ?? []), {
      from_date: "2026-10-01",
      to_date: "2026-10-31",
      event: '["Sign Up","E"]',
      where: "true",
      limit: "5",
      time_in_ms: "true",
    });
  });

  it("fails with what came before it in the file's place", async () => {
    const path = folder.path("cut.jsonl");
    const respond = () => event + '{"event":"E","prop';
    const { exitCode, error, notes } = await runWithFakes(exportCommand, [...october, "-o", path], { respond });
    assert.equal(exitCode, 7);
    assert.match(error?.message ?? "", /in the middle of a line, after 1 event$/);
    assert.match(error?.hint ?? "", /cut\.jsonl\.part"/);
    assert.deepEqual([existsSync(path), readFileSync(`${path}.part`, "utf8")], [false, event]);
    assert.deepEqual(notes, []);
  });

  it("refuses what a stream of events cannot be, and touches no file in a dry run", async () => {
    const refused = [
      [["-f", "table"], /as table/],
      [["-o", folder.path("events.csv")], /as csv/],
      [["-o", folder.path("events.tsv.gz")], /as tsv/],
      [["--jq", "."], /--jq: it is a stream/],
    ] as const;
    for (const [argv, message] of refused) {
      const { error, client } = await runWithFakes(exportCommand, [...october, ...argv]);
      assert.match(error?.message ?? "", message);
      assert.deepEqual([error?.exitCode, client.requests.length], [3, 0]);
    }
    const path = folder.path("dry.jsonl");
    await runWithFakes(exportCommand, [...october, "-o", path, "--dry-run"], { respond: () => "" });
    assert.deepEqual([existsSync(path), existsSync(`${path}.part`)], [false, false]);
  });
});
