import assert from "node:assert/strict";
import { mkdirSync, readFileSync, renameSync, symlinkSync } from "node:fs";
import { describe, it } from "node:test";
import { RejectedRecordsError } from "../../src/client/rejected_records.ts";
import importCommand from "../../src/commands/import.ts";
import { MpError } from "../../src/errors.ts";
import { linesOf, type Responder } from "../jobs/fake_client.ts";
import { fakeClock } from "../helpers/fake_clock.ts";
import { temporaryFolder } from "../helpers/temporary_folder.ts";
import { runWithFakes } from "./run_with_fakes.ts";

const folder = temporaryFolder();
const event = (number: number) =>
  `{"event":"E","properties":{"time":1780000000,"distinct_id":"u-${number}","$insert_id":"i-${number}"}}`;
const eventLines = (count: number) => Array.from({ length: count }, (_, index) => event(index)).join("\n") + "\n";
const ok: Responder = (request) => `{"code":200,"num_records_imported":${linesOf(request).length},"status":"OK"}`;

describe("mp import", () => {
  it("imports a file and says so", async () => {
    const path = folder.write("events.jsonl", eventLines(3));
    const { exitCode, notes, stdout, printed } = await runWithFakes(importCommand, [path], { respond: ok });
    assert.equal(exitCode, 0);
    assert.deepEqual(notes, [`Imported 3 events, ${eventLines(3).length} B in 0 ms`]);
    assert.deepEqual([stdout, printed], ["", []]);
  });

  it("prints the numbers when a format is asked for", async () => {
    const { printed } = await runWithFakes(importCommand, ["-f", "json"], {
      respond: ok,
      stdin: eventLines(3) + "x\n",
    });
    assert.deepEqual(printed, [
      {
        read: 4,
        accepted: 3,
        rejected: 1,
        requests: 1,
        bytes: eventLines(3).length,
        in_doubt: 0,
        not_sent: 0,
        seconds: 0,
        skipped: 0,
        fixed: {},
        columns: [
          ["event", "text", "E"],
          ["time", "time", 1780000000],
          ["distinct_id", "text", "u-0"],
          ["$insert_id", "text", "i-0"],
        ].map(([column, type, value]) => ({
          source: "standard input",
          column,
          becomes: column,
          type,
          written: value,
          sent: value,
          line: 1,
        })),
        missing_columns: [],
        warnings: [],
        unreadable: [],
        earlier_records: 0,
      },
    ]);
  });

  it("shows ten rejected lines, and writes all of them to a file", async () => {
    const path = folder.write("bad.jsonl", eventLines(1) + "bad\n".repeat(1200));
    const rejects = folder.path("rejects.jsonl");
    const { exitCode, notes } = await runWithFakes(importCommand, [path, "--rejects", rejects], { respond: ok });
    assert.equal(exitCode, 8);
    assert.equal(notes[0], "Imported 1 of 1,201 events, 86 B in 0 ms; 1,200 rejected");
    assert.deepEqual(notes.slice(1), [
      ...Array.from({ length: 10 }, (_, index) => `  line ${index + 2}: not valid JSON`),
      `  … and 1,190 more; all are in ${rejects}`,
      `Fix them in ${rejects}, and send them: mp import ${rejects}`,
    ]);
    assert.equal(readFileSync(rejects, "utf8").trim().split("\n").length, 1200);
    const without = await runWithFakes(importCommand, [path], { respond: ok });
    assert.match(without.notes.at(-1) ?? "", /more; --rejects FILE keeps them all$/);
  });

  it("ends with 3 when all are rejected, by mp or by the server", async () => {
    assert.equal((await runWithFakes(importCommand, ["-"], { respond: ok, stdin: "bad\n" })).exitCode, 3);
    const respond: Responder = (request) => {
      throw new RejectedRecordsError(
        "refused",
        { status: 400 },
        linesOf(request).map((_, index) => ({ index, message: "no" })),
        0,
      );
    };
    const { exitCode, notes } = await runWithFakes(importCommand, ["-"], { respond, stdin: eventLines(2) });
    assert.equal(exitCode, 3);
    assert.deepEqual(notes.slice(1), ["  line 1: no", "  line 2: no", "  --rejects FILE keeps them all"]);
  });

  it("is no success when there is nothing in a pipe", async () => {
    const nothing: [string[], string | undefined, RegExp][] = [
      [[], "", /there is no record in standard input$/],
      [["--check"], "\n\n", /^Cannot check: there is no record in standard input$/],
      [["--dry-run"], "[]", /there is no record in standard input$/],
      [["-", "--input-format", "csv"], "event,time,distinct_id\n", /there is no record in standard input$/],
    ];
    for (const [argv, stdin, message] of nothing) {
      const { exitCode, error, client, notes } = await runWithFakes(importCommand, argv, { respond: ok, stdin });
      assert.deepEqual([exitCode, client.requests.length, notes], [3, 0, []], argv.join(" "));
      assert.match(error?.message ?? "", message);
    }
    // A file may be one of a quiet day.
    const path = folder.write("quiet.jsonl", "");
    assert.equal((await runWithFakes(importCommand, [path], { respond: ok })).exitCode, 0);
  });

  it("says how far it came when it stops, and where to go on", async () => {
    const respond: Responder = (request) => {
      if (linesOf(request).includes(event(250))) throw new MpError("Cannot reach 127.0.0.1", { category: "network" });
      return ok(request, undefined);
    };
    const argv = ["-", "--batch-size", "100", "--concurrency", "1"];
    const { exitCode, notes, error } = await runWithFakes(importCommand, argv, { respond, stdin: eventLines(1000) });
    assert.equal(exitCode, 7);
    assert.match(notes[0] ?? "", /^Imported 200 of 400 events, .*; 200 not sent$/);
    assert.match(error?.hint ?? "", /--skip-lines 200 /);
  });

  it("with --dry-run checks everything and shows the first request", async () => {
    const { client, notes, exitCode } = await runWithFakes(importCommand, ["-", "--dry-run"], {
      respond: ok,
      stdin: eventLines(2500) + "bad\n",
    });
    // The client of a dry run prints what it gets; this one counts.
    assert.deepEqual(client.requests.map((request) => linesOf(request).length), [2000]);
    assert.equal(notes[0], "Checked 2,501 events in 0 ms: 2,500 can be sent, 1 cannot");
    assert.equal(notes[1], "  line 2501: not valid JSON");
    assert.equal(exitCode, 8);
  });

  it("wants a file or a pipe", async () => {
    const { error, exitCode } = await runWithFakes(importCommand, []);
    assert.deepEqual([error?.message, exitCode], ["Cannot import: no file is named", 3]);
    const missing = await runWithFakes(importCommand, [folder.path("nowhere.jsonl")], { respond: ok });
    assert.match(missing.error?.message ?? "", /nowhere\.jsonl": no such file$/);
    assert.equal(missing.client.requests.length, 0);
    const unwritable = await runWithFakes(importCommand, ["-", "--rejects", folder.path("no/where")], { stdin: "" });
    assert.match(unwritable.error?.message ?? "", /^Cannot write .*: no such folder$/);
  });

  it("goes on after a file that vanishes, and begins there when it is run again", async () => {
    mkdirSync(folder.path("many"));
    for (const name of ["a", "b", "c"]) folder.write(`many/${name}.jsonl`, eventLines(4));
    const stateFolder = folder.path("state");
    const argv = [folder.path("many"), "--batch-size", "1", "--concurrency", "1"];
    let requests = 0;
    const options = { stateFolder, clock: { ...fakeClock(Date.UTC(2026, 10, 1)), now: () => nowMs += 2000 } };
    let nowMs = Date.UTC(2026, 10, 1);
    const respond: Responder = (request) => {
      requests++;
      if (requests === 1) renameSync(folder.path("many/b.jsonl"), folder.path("b.jsonl"));
      if (requests === 7) throw new MpError("Cannot reach 127.0.0.1", { category: "network" });
      return ok(request, undefined);
    };
    const first = await runWithFakes(importCommand, argv, { ...options, respond });
    assert.equal(first.exitCode, 7);
    assert.ok(first.notes.includes(`  not read: ${folder.path("many/b.jsonl")}: no such file`), first.notes.join("\n"));
    renameSync(folder.path("b.jsonl"), folder.path("many/b.jsonl"));
    const second = await runWithFakes(importCommand, argv, { ...options, respond: ok });
    assert.equal(second.exitCode, 0);
    assert.deepEqual(second.notes[0], "Resuming after 4 events");
    assert.match(second.notes[1] ?? "", /^Imported 12 events, .*; 4 of them in an earlier run$/);
  });

  it("names what of a folder cannot be read, imports the rest, and ends with 8", async () => {
    mkdirSync(folder.path("some"));
    folder.write("some/a.jsonl", eventLines(2));
    symlinkSync(folder.path("nowhere"), folder.path("some/b.jsonl"));
    const some = folder.path("some");
    const reason = "a link to a file that is not there";
    const named = `  not read: ${some}/b.jsonl: ${reason}`;
    for (const path of [some, `${some}/*.jsonl`, `${folder.path("")}/so*/**`]) {
      const imported = await runWithFakes(importCommand, [path, "-f", "json", "--restart"], { respond: ok });
      assert.equal(imported.exitCode, 8, path);
      assert.deepEqual(imported.notes, [
        `Imported 2 events, ${eventLines(2).length} B in 0 ms; 1 of the sources not read`,
        named,
      ]);
      const { accepted, unreadable } = imported.printed[0] as Record<string, unknown>;
      assert.deepEqual({ accepted, unreadable }, {
        accepted: 2,
        unreadable: [{ source: `${some}/b.jsonl`, reason }],
      });
      const checked = await runWithFakes(importCommand, [path, "--check", "-f", "json"], {});
      assert.equal(checked.exitCode, 8);
      assert.deepEqual(checked.notes, ["Checked 2 records: 2 can be sent", named]);
      assert.deepEqual((checked.printed[0] as typeof unreadable & { unreadable: unknown }).unreadable, unreadable);
      const profiles = await runWithFakes(importCommand, [path, "--kind", "profiles"], { respond: ok });
      assert.equal(profiles.exitCode, 8);
    }
    const table = ["--kind", "lookup-table", "--lookup-table", "x"];
    for (const argv of [[`${some}/b*`], [some, ...table], [`${some}/b.jsonl`]]) {
      const { exitCode, error, client } = await runWithFakes(importCommand, argv, { respond: ok });
      assert.deepEqual([exitCode, client.requests.length], [3, 0]);
      assert.match(
        error?.message ?? "",
        /^Cannot read ".*some\/b\.jsonl": (a link to a file that is not there|no such file)$/,
      );
    }
  });
});
