import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import { demoData } from "../../src/sandbox/demo/demo_data.ts";
import { historicalLines } from "../../src/sandbox/demo/history.ts";
import { parseJson, stringifyJson } from "../../src/streams/json/json.ts";
import { temporaryFolder } from "../helpers/binary.ts";
import { succeeded } from "./expectations.ts";
import { startSandboxProcess } from "./sandbox_process.ts";

const DAYS = 31;
const demo = { events: 6000, days: DAYS };
const sandbox = await startSandboxProcess(demo);
const folder = temporaryFolder();
after(async () => {
  await sandbox.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** What the sandbox says that it has loaded, so that no clock is read twice. */
const [, loadedEvents = "", firstDay = "", lastDay = ""] =
  /^Loaded ([\d,]+) events and .* \((\S+) to (\S+)\)/.exec(sandbox.notes) ?? assert.fail(sandbox.notes);

/** A record with its keys in one order, whatever order they came in. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1).map(([key, inner]) => [key, canonical(inner)]),
  );
}

/** One checksum for a whole set of records, in which order does not count and repetition does. */
function checksum(lines: Iterable<string>): { records: number; sha256: string } {
  const hashes = [...lines].map((line) =>
    createHash("sha256").update(stringifyJson(canonical(parseJson(line)))).digest("hex")
  );
  return { records: hashes.length, sha256: createHash("sha256").update(hashes.sort().join("\n")).digest("hex") };
}

const linesOf = (text: string): string[] => text.split("\n").filter((line) => line !== "");

async function exported(from: string, to: string, ...flags: string[]): Promise<string[]> {
  const result = await sandbox.mp(["export", "events", "--from", from, "--to", to, ...flags]);
  return linesOf(succeeded(result));
}

function daysAfter(day: string, days: number): string {
  return new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);
}

describe("what goes in comes out", () => {
  it("for the demo's own month, record by record", async () => {
    const all = await exported(firstDay, lastDay);
    assert.equal(all.length, Number(loadedEvents.replaceAll(",", "")));
    // Those of recorded sessions are no part of the simulation.
    const simulated = all.filter((line) => !line.includes('"$mp_session_record"'));
    const made = [...demoData({ endDay: lastDay, ...demo }).events].slice(0, simulated.length);
    const expected = checksum(made.map((event) => JSON.stringify(event)));
    assert.ok(expected.records > 5000);
    assert.deepEqual(checksum(simulated), expected);
  });

  it("for an imported file, record by record", async () => {
    const lines = [...historicalLines({ endDay: lastDay, days: DAYS })];
    const path = join(folder, "history.jsonl");
    writeFileSync(path, lines.join(""));
    const imported = await sandbox.mp(["import", path, "-f", "json"]);
    const { read, accepted } = JSON.parse(succeeded(imported));
    assert.deepEqual([read, accepted], [lines.length, lines.length]);
    const before = await exported(daysAfter(firstDay, -91), daysAfter(firstDay, -1));
    assert.deepEqual(checksum(before), checksum(lines));
    // The rest is as it was.
    assert.equal(checksum(await exported(firstDay, lastDay)).records, Number(loadedEvents.replaceAll(",", "")));
  });

  it("in slices of days that together are the whole, byte by byte when sorted", async () => {
    const middle = daysAfter(firstDay, 14);
    const [whole, first, second] = await Promise.all([
      exported(firstDay, lastDay),
      exported(firstDay, middle),
      exported(daysAfter(middle, 1), lastDay),
    ]);
    assert.ok(first!.length > 0 && second!.length > 0);
    assert.deepEqual([...first!, ...second!].sort(), whole!.toSorted());
  });

  it("into another project's sandbox through a pipe of gzip, with every digit and every script", async () => {
    const other = await startSandboxProcess();
    try {
      const awkward = [
        {
          event: "Käufe 東京 🛒",
          properties: { time: 1780000000, distinct_id: "ü-1", $insert_id: "a", note: 'q"\\\n\u2028' },
        },
        '{"event":"Big","properties":{"time":1780000001,"distinct_id":"u-2","$insert_id":"b","group":1234567890123456789}}',
        {
          event: "Nested",
          properties: { time: 1780000002, distinct_id: "", $insert_id: "c", list: [1, { a: null }], x: 1.5e-7 },
        },
        { event: "__proto__", properties: { time: 1780000003, distinct_id: "u-4", $insert_id: "d", constructor: "x" } },
      ].map((one) => typeof one === "string" ? one : JSON.stringify(one));
      const packed = gzipSync(awkward.join("\n"));
      const imported = await other.mp(["import", "-", "-f", "json"], { stdin: packed });
      assert.equal(JSON.parse(succeeded(imported)).accepted, awkward.length);
      const days = ["--from", "2026-05-28", "--to", "2026-05-29"];
      const path = join(folder, "copy", "events.jsonl");
      mkdirSync(join(folder, "copy"));
      succeeded(await other.mp(["export", "events", ...days, "-o", path]));
      assert.deepEqual(checksum(linesOf(readFileSync(path, "utf8"))), checksum(awkward));
    } finally {
      await other.stop();
    }
  });

  it("for a profile that was set", async () => {
    const values = '{"$email": "ada@example.com", "seats": 1234567890123456789, "tags": ["a", "b"]}';
    succeeded(await sandbox.mp(["profiles", "set", "ada", "plan=pro", "--properties", values]));
    const result = await sandbox.mp(["profiles", "get", "ada", "-f", "jsonl"]);
    // When it was last changed is Mixpanel's to say.
    const { $last_seen: _, ...profile } = parseJson(succeeded(result)) as Record<string, unknown>;
    assert.deepEqual(canonical(profile), {
      $distinct_id: "ada",
      $email: "ada@example.com",
      plan: "pro",
      seats: 1234567890123456789n,
      tags: ["a", "b"],
    });
  });
});
