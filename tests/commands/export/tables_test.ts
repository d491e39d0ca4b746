/** Exports of events to CSV, TSV and Parquet. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { parquetReadObjects } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { days, openEventsLab } from "./events_lab.ts";

const lab = openEventsLab();
const { newPath } = lab;
const mp = (...words: string[]) => lab.mp(words);
const exported = () => lab.requests.filter(({ path }) => path === "/api/2.0/export");

describe("mp export events to tables", () => {
  it("writes five columns with --layout json, of which the last has all properties", async () => {
    const rows = [
      ["E", "2026-11-20", "i-1"],
      ["E", "2026-11-21", "i-2"],
      ["F", "2026-11-21", "i-3"],
      ["F", "2026-11-21", "i-3"],
    ].map(([event, day, insert_id]) => ({
      event,
      time: new Date(`${day}T10:00:00Z`),
      distinct_id: "a",
      insert_id,
      properties: '{"n":12345678901234567}',
    }));
    const path = newPath("j.parquet");
    const { code, stderr } = await mp("events", ...days, "--layout", "json", "--slice", "1", "-o", path);
    assert.equal(code, 0, stderr);
    const bytes = new Uint8Array(readFileSync(path));
    assert.deepEqual(await parquetReadObjects({ file: bytes.slice().buffer, compressors }), rows);
    const { stdout } = await mp(
      "events",
      ...days,
      "--layout",
      "json",
      "--slice",
      "1",
      "-f",
      "csv",
      "--time-format",
      "iso",
    );
    assert.equal(
      stdout.split("\n").slice(0, 2).join("\n"),
      'event,time,distinct_id,insert_id,properties\nE,2026-11-20T10:00:00.000Z,a,i-1,"{""n"":12345678901234567}"',
    );
  });

  it("asks for milliseconds where times are written with them", async () => {
    const asked = async (...words: string[]) => {
      lab.requests.length = 0;
      await mp("events", ...days, "-o", newPath("t"), ...words);
      return exported().map(({ query }) => query.time_in_ms)[0];
    };
    assert.equal(await asked("-f", "parquet"), "true");
    assert.equal(await asked("-f", "csv", "--time-format", "iso"), "true");
    assert.equal(await asked("-f", "csv"), undefined);
    assert.equal(await asked(), undefined);
  });

  it("keeps the manifest and the lock of tables beside their folder", async () => {
    const lake = newPath("lake");
    await mp("events", ...days, "-f", "parquet", "--split", "day", "-o", lake);
    assert.deepEqual(readdirSync(lake).sort(), ["events_2026-11-20.parquet", "events_2026-11-21.parquet"]);
    assert.deepEqual(readdirSync(`${lake}.mp`).sort(), [".mp.lock", "_mp_manifest.json"]);
    assert.equal((await mp("verify", lake)).code, 0);
    lab.requests.length = 0;
    await mp("events", ...days, "-f", "parquet", "--split", "day", "-o", lake);
    assert.equal(exported().length, 0);
    const alone = await mp("verify", newPath("elsewhere"));
    assert.equal(alone.code, 4);
    assert.match(alone.stderr, /that of tables is beside the folder, in FOLDER\.mp/);
  });

  it("refuses options of tables where they make no sense, before any request", async () => {
    for (
      const [words, message] of [
        [["--layout", "json", "-o", "x.jsonl"], /Cannot use --layout json for JSON Lines/],
        [["--names", "safe"], /Cannot use --names safe for JSON Lines/],
        [["--layout", "json", "--columns", "a", "-f", "csv"], /Cannot use --columns with --layout json/],
        [["--time-format", "iso", "-o", "x.parquet"], /Cannot use --time-format for parquet/],
        [["--null", "\\N"], /Cannot use --null for jsonl/],
        [["--null", "0", "-f", "csv"], /Cannot use --null "0": it could be a value/],
        [["--add-columns", "-f", "parquet", "-o", "x.parquet"], /Cannot use --add-columns/],
        [["--add-columns", "-f", "parquet", "--layout", "json", "-o", "x/"], /Cannot use --add-columns/],
      ] as const
    ) {
      const { code, stderr } = await mp("events", ...days, ...words);
      assert.equal(code, 3, words.join(" "));
      assert.match(stderr, message);
    }
    assert.equal(exported().length, 0);
  });

  it("refuses to put another form beside a table, or a table beside files that no manifest knows", async () => {
    const lake = newPath("form");
    const table = ["events", ...days, "-f", "parquet", "--split", "day"];
    await mp(...table, "-o", lake);
    const lines = await mp("events", ...days, "-o", `${lake}/`);
    assert.equal(lines.code, 3);
    assert.match(lines.stderr, /with format parquet, and not jsonl/);
    assert.deepEqual(readdirSync(lake).sort(), ["events_2026-11-20.parquet", "events_2026-11-21.parquet"]);
    // Moved without its manifest.
    const moved = newPath("moved");
    renameSync(lake, moved);
    const alone = await mp("events", "--from", "2026-11-22", "--to", "2026-11-22", ...table.slice(5), "-o", moved);
    assert.equal(alone.code, 3);
    assert.match(alone.stderr, /which no manifest knows\nhint: .* move its manifest too, to .*moved\.mp\n/);
    const since = await mp("events", "--since-last", "-f", "parquet", "-o", moved);
    assert.match(since.stderr, /if the folder was moved, move .*moved\.mp too/);
    renameSync(`${lake}.mp`, `${moved}.mp`);
    assert.equal((await mp(...table, "-o", moved)).code, 0);
    // A file of somebody else's is read as a part of the table.
    writeFileSync(join(moved, "mine.parquet"), "");
    const verified = await mp("verify", moved, "-f", "json");
    assert.equal(verified.code, 1);
    assert.match(verified.stdout, /"problem":"stray"/);
  });

  it("replaces an export in another form, and leaves nothing of it", async () => {
    const out = newPath("other");
    await mp("events", ...days, "-o", `${out}/`);
    const table = ["events", ...days, "-f", "parquet", "--split", "day", "-o", out];
    assert.equal((await mp(...table)).code, 3);
    assert.equal((await mp(...table, "--restart")).code, 0);
    assert.deepEqual(readdirSync(out).sort(), ["events_2026-11-20.parquet", "events_2026-11-21.parquet"]);
    assert.equal((await mp("events", ...days, "-o", `${out}/`, "--restart")).code, 0);
    assert.deepEqual(readdirSync(out).filter((name) => name.endsWith(".parquet")), []);
    assert.equal((await mp("verify", out)).code, 0);
  });
});
