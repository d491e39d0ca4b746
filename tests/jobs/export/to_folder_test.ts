import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { MpError } from "../../../src/errors.ts";
import type { ExportQuery } from "../../../src/jobs/export/query.ts";
import { localStorage } from "../../../src/storage/files/local.ts";
import { lockOutput } from "../../../src/storage/lock.ts";
import { event } from "./export_lab.ts";
import { manifestOf, openFolderLab, range, unzipped, visible, type Wishes } from "./folder_lab.ts";

const { exported, folder, newFolder, openLab } = openFolderLab();

describe("an export to a folder", () => {
  it("makes a file for each day and a manifest that lists them", async () => {
    const lab = openLab();
    const path = newFolder();
    const summary = await exported(lab, path, range(1, 3));
    assert.deepEqual(visible(path), [
      "_mp_manifest.json",
      "events_2026-01-01.jsonl.gz",
      "events_2026-01-02.jsonl.gz",
      "events_2026-01-03.jsonl.gz",
    ]);
    for (const day of [1, 2, 3]) {
      assert.equal(unzipped(path, `events_2026-01-0${day}.jsonl.gz`), lab.expected(range(day, day)));
    }
    const { mp_export, query, complete, events, files } = manifestOf(path);
    assert.deepEqual([mp_export, query.project, query.from_date, query.to_date], [1, "17", "2026-01-01", "2026-01-03"]);
    assert.deepEqual([complete, events, files.map((file) => file.events)], [true, 6, [2, 2, 2]]);
    assert.equal(files[0]?.bytes, statSync(join(path, files[0]!.path)).size);
    assert.deepEqual([summary.events, summary.files, summary.requests], [6, 3, 2]);
    assert.equal(existsSync(join(path, ".mp-export")), false);
  });

  it("stores what one request brings for one file as it came over the wire", async () => {
    const lab = openLab();
    const path = newFolder();
    const long = Array.from({ length: 300 }, (_, index) => event("2026-01-01", index)).join("");
    lab.linesOf = () => long;
    const { gzipSync } = await import("node:zlib");
    await exported(lab, path, range(1, 1));
    assert.deepEqual(readFileSync(join(path, "events_2026-01-01.jsonl.gz")), gzipSync(long));
  });

  it("asks for nothing when it is run again", async () => {
    const lab = openLab();
    const path = newFolder();
    await exported(lab, path, range(1, 3));
    lab.requests.length = 0;
    const summary = await exported(lab, path, range(1, 3));
    assert.deepEqual([lab.requests.length, summary.files, summary.totalEvents], [0, 0, 6]);
    assert.equal(manifestOf(path).complete, true);
  });

  it("fetches again what is gone, has another size, or was not over, and nothing else", async () => {
    const lab = openLab();
    const path = newFolder();
    const query = { from: "2026-11-19", to: "2026-11-23" };
    await exported(lab, path, query, { sliceDays: 1 });
    assert.deepEqual(manifestOf(path).files.map(({ open }) => open), [
      undefined,
      undefined,
      undefined,
      undefined,
      true,
    ]);
    rmSync(join(path, "events_2026-11-19.jsonl.gz"));
    truncateSync(join(path, "events_2026-11-21.jsonl.gz"), 5);
    lab.requests.length = 0;
    await exported(lab, path, query, { sliceDays: 1 });
    assert.deepEqual(lab.asked(), ["2026-11-19", "2026-11-21", "2026-11-23"]);
    assert.equal(unzipped(path, "events_2026-11-21.jsonl.gz"), lab.expected({ from: "2026-11-21", to: "2026-11-21" }));
  });

  it("says what is missing, keeps the rest, and goes on when it is run again", async () => {
    const lab = openLab();
    const path = newFolder();
    lab.trouble = ({ from }) => from === "2026-01-02" ? { words: "terminated early\n", after: 1 } : undefined;
    await assert.rejects(exported(lab, path, range(1, 4), { sliceDays: 1 }), (error: MpError) => {
      assert.match(error.message, /2026-01-02 could not be fetched .*terminated early/);
      assert.equal(error.exitCode, 6);
      return true;
    });
    const { complete, missing, files } = manifestOf(path);
    assert.deepEqual([complete, files.length, missing?.map(({ from, to }) => [from, to])], [
      false,
      3,
      [["2026-01-02", "2026-01-02"]],
    ]);
    lab.trouble = () => undefined;
    lab.requests.length = 0;
    await exported(lab, path, range(1, 4), { sliceDays: 1 });
    assert.deepEqual(lab.asked(), ["2026-01-02"]);
    assert.deepEqual([manifestOf(path).complete, manifestOf(path).missing], [true, undefined]);
  });

  for (const stop of [1, 2, 3, 4]) {
    it(`goes on after an interruption at request ${stop}`, async () => {
      const lab = openLab();
      const path = newFolder();
      const controller = new AbortController();
      lab.trouble = () => {
        if (lab.requests.length === stop) controller.abort(new MpError("Interrupted", { category: "interrupted" }));
        return undefined;
      };
      const wishes = { split: "week" as const, sliceDays: 3, signal: controller.signal };
      await assert.rejects(exported(lab, path, range(1, 11), wishes), { category: "interrupted" });
      lab.trouble = () => undefined;
      const before = lab.requests.splice(0);
      await exported(lab, path, range(1, 11), { ...wishes, signal: undefined });
      const text = visible(path).slice(1).map((name) => unzipped(path, name)).join("");
      assert.equal(text, lab.expected(range(1, 11)));
      // A connection that the interruption has closed can bring a request twice.
      const whole = before.filter(({ from }) => from !== before.at(-1)?.from);
      assert.deepEqual(lab.asked().filter((one) => whole.some(({ from }) => one.startsWith(from))), []);
    });
  }

  it("writes weeks and months from several slices, and several files from one slice", async () => {
    for (
      const [split, sliceDays, files] of [["week", 2, 2], ["month", 4, 1], ["none", 3, 1], ["day", 5, 11]] as const
    ) {
      const lab = openLab();
      const path = newFolder();
      await exported(lab, path, range(1, 11), { split, sliceDays });
      const names = visible(path).slice(1);
      assert.equal(names.length, files);
      assert.equal(names.map((name) => unzipped(path, name)).join(""), lab.expected(range(1, 11)), split);
    }
  });

  it("writes Hive folders, and CSV with the columns of all days in every file", async () => {
    const lab = openLab();
    const path = newFolder();
    lab.linesOf = (day) => event(day, 1, day === "2026-01-02" ? ',"farbe":"grün"' : "");
    await exported(lab, path, range(1, 2), { hive: true, format: "csv", compression: "none" });
    const csv = (day: number) => readFileSync(join(path, `date=2026-01-0${day}`, "events.csv"), "utf8");
    assert.equal(
      csv(1),
      "event,time,distinct_id,$insert_id,farbe,other_properties\nKauf,1767229201,ü-1,2026-01-01-1,,\n",
    );
    assert.equal(
      csv(2),
      "event,time,distinct_id,$insert_id,farbe,other_properties\nKauf,1767315601,ü-1,2026-01-02-1,grün,\n",
    );
    assert.deepEqual(manifestOf(path).schema?.columns.map(({ name, type }) => `${name} ${type}`), [
      "event string",
      "time timestamp",
      "distinct_id string",
      "$insert_id string",
      "farbe string",
    ]);
  });

  it("refuses a folder with an export of something else, and touches nothing", async () => {
    const lab = openLab();
    const path = newFolder();
    await exported(lab, path, range(1, 2));
    const before = readFileSync(join(path, "_mp_manifest.json"), "utf8");
    lab.requests.length = 0;
    const others: [ExportQuery, Wishes, RegExp][] = [
      [range(1, 3), {}, /with to_date 2026-01-02, and not 2026-01-03$/],
      [{ ...range(1, 2), event: ["Kauf"] }, {}, /with event none, and not \["Kauf"\]$/],
      [{ ...range(1, 2), where: "true" }, {}, /with where none, and not true$/],
      [{ ...range(1, 2), time_in_ms: true }, {}, /with time_in_ms false, and not true$/],
      [range(1, 2), { format: "csv" }, /with format jsonl, and not csv$/],
      [range(1, 2), { compression: "zstd" }, /with compression gzip, and not zstd$/],
      [range(1, 2), { split: "week" }, /with split day, and not week$/],
    ];
    for (const [query, wishes, message] of others) {
      await assert.rejects(exported(lab, path, query, wishes), { category: "input", code: "other_export", message });
    }
    assert.deepEqual([lab.requests.length, readFileSync(join(path, "_mp_manifest.json"), "utf8")], [0, before]);
  });

  it("refuses manifests that are not its own, of a later version, or that lead out of the folder", async () => {
    const lab = openLab();
    const manifests: [string, RegExp][] = [
      ["{", /it is damaged, or not of an export of events$/],
      ["[]", /it is damaged, or not of an export of events$/],
      ['{"mp_export":2}', /a newer version of mp has written it$/],
      ['{"mp_export":1,"files":[]}', /it is damaged, or not of an export of events$/],
    ];
    const path = newFolder();
    await exported(lab, path, range(1, 1));
    const evil = manifestOf(path);
    evil.files[0]!.path = "../escape";
    manifests.push([JSON.stringify(evil), /it is damaged, or not of an export of events$/]);
    for (const [text, message] of manifests) {
      writeFileSync(join(path, "_mp_manifest.json"), text);
      for (const restart of [false, true]) {
        await assert.rejects(exported(lab, path, range(1, 1), { restart }), { category: "input", message });
      }
    }
  });

  it("replaces another export with --restart, and removes its files when the new one is whole", async () => {
    const lab = openLab();
    const path = newFolder();
    await exported(lab, path, range(1, 3));
    writeFileSync(join(path, "mine.txt"), "x");
    lab.trouble = ({ from }) => from === "2026-01-04" ? { status: 401 } : undefined;
    await assert.rejects(exported(lab, path, range(2, 4), { restart: true, compression: "none", sliceDays: 1 }));
    assert.equal(existsSync(join(path, "events_2026-01-01.jsonl.gz")), true);
    lab.trouble = () => undefined;
    await exported(lab, path, range(2, 4), { compression: "none", sliceDays: 1 });
    assert.deepEqual(visible(path), [
      "_mp_manifest.json",
      "events_2026-01-02.jsonl",
      "events_2026-01-03.jsonl",
      "events_2026-01-04.jsonl",
      "mine.txt",
    ]);
  });

  it("forgets slices that an interrupted run has left, with --restart", async () => {
    const lab = openLab();
    const path = newFolder();
    lab.trouble = ({ from }) => from === "2026-01-03" ? { status: 401 } : undefined;
    await assert.rejects(exported(lab, path, range(1, 4), { sliceDays: 1, format: "csv" }), { category: "auth" });
    lab.trouble = () => undefined;
    lab.requests.length = 0;
    await exported(lab, path, range(1, 4), { sliceDays: 1, format: "csv", restart: true });
    assert.deepEqual(lab.asked(), ["2026-01-01", "2026-01-02", "2026-01-03", "2026-01-04"]);
  });

  it("is not complete while days have not begun in the project's time zone, and fetches them later", async () => {
    const lab = openLab();
    const path = newFolder();
    const tooLate = { status: 400, body: { error: "to_date cannot be later than today" } };
    lab.trouble = ({ to }) => to >= "2026-11-23" ? tooLate : undefined;
    const query = { from: "2026-11-20", to: "2026-11-30" };
    const { to } = await exported(lab, path, query, { sliceDays: 1 });
    assert.equal(to, "2026-11-22");
    const { complete, missing, files } = manifestOf(path);
    assert.deepEqual([complete, missing, files.length], [
      false,
      [{ from: "2026-11-23", to: "2026-11-30", reason: "not begun" }],
      3,
    ]);
    lab.trouble = () => undefined;
    lab.clock.advance(9 * 86_400_000);
    lab.requests.length = 0;
    await exported(lab, path, query, { sliceDays: 1 });
    assert.deepEqual([lab.asked()[0], lab.asked().length, manifestOf(path).complete], ["2026-11-23", 8, true]);
  });

  it("writes the manifest of many files about once a second, not once a file", async () => {
    const lab = openLab();
    const path = newFolder();
    const real = localStorage(path);
    let saves = 0;
    const storage = {
      ...real,
      writeText: (name: string, text: string) => {
        saves++;
        return real.writeText(name, text);
      },
    };
    await exported(lab, path, { from: "2025-01-01", to: "2025-12-31" }, { storage });
    assert.equal(manifestOf(path).files.length, 365);
    // One for each burst of files that came together, and those at the ends.
    assert.equal(saves < 2 * lab.requests.length + 4, true, `${saves} for ${lab.requests.length} requests`);
  });

  it("may grow, and then ends with the later of both days", async () => {
    const lab = openLab();
    const path = newFolder();
    await exported(lab, path, range(1, 3));
    for (const [last, known] of [[5, "2026-01-05"], [4, "2026-01-05"]] as const) {
      await exported(lab, path, range(1, last), { mayExtend: true });
      const { query, complete, files } = manifestOf(path);
      assert.deepEqual([query.to_date, complete, files.length], [known, true, 5]);
    }
  });

  it("lists a file that has changed before it goes on, since an equal length would hide the change", async () => {
    const lab = openLab();
    const path = newFolder();
    const plain = { sliceDays: 1, compression: "none" } as const;
    lab.linesOf = (day) => event(day, 1);
    await exported(lab, path, range(1, 3), plain);
    lab.linesOf = (day) => event(day, day === "2026-01-02" ? 1 : 2);

    const real = localStorage(path);
    const steps: string[] = [];
    const storage: typeof real = {
      ...real,
      async adopt(from, to) {
        const done = await real.adopt!(from, to);
        steps.push(to);
        return done;
      },
      async writeText(to, text) {
        await real.writeText(to, text);
        steps.push(to);
      },
    };
    const sinceLast = { lookBackFrom: "2026-01-01", nextLookBackFrom: "2026-01-03" };
    await exported(lab, path, range(1, 3), { ...plain, storage, sinceLast });
    const manifest = "_mp_manifest.json";
    assert.deepEqual(steps, ["events_2026-01-01.jsonl", manifest, "events_2026-01-03.jsonl", manifest, manifest]);
  });

  it("does not overwrite files that no manifest knows", async () => {
    const lab = openLab();
    const path = newFolder();
    mkdirSync(path);
    writeFileSync(join(path, "events_2026-01-02.jsonl.gz"), "mine");
    await assert.rejects(exported(lab, path, range(1, 3)), { code: "unknown_file", message: /events_2026-01-02/ });
    assert.deepEqual([lab.requests.length, visible(path)], [0, ["events_2026-01-02.jsonl.gz"]]);
  });

  it("knows the files of a run that was killed before it listed them, also when the next one is refused", async () => {
    const lab = openLab();
    const path = newFolder();
    await exported(lab, path, range(1, 3));
    writeFileSync(
      join(path, "_mp_manifest.json"),
      JSON.stringify({ ...manifestOf(path), complete: false, events: 0, files: [] }),
    );
    lab.trouble = () => ({ status: 400, body: { error: "bad where" } });
    await assert.rejects(exported(lab, path, range(1, 3)), { category: "input" });
    lab.trouble = () => undefined;
    assert.equal((await exported(lab, path, range(1, 3))).events, 6);
  });

  it("is as if it had never been when the server refuses it", async () => {
    const lab = openLab();
    const path = newFolder();
    lab.trouble = () => ({ status: 400, body: { error: "bad where" } });
    await assert.rejects(exported(lab, path, { ...range(1, 3), where: "(" }), { category: "input" });
    assert.deepEqual(visible(path), []);
    lab.trouble = () => undefined;
    await exported(lab, path, range(1, 3));
  });

  it("refuses at once while another one writes to the folder", async () => {
    const lab = openLab();
    const path = newFolder();
    let second: Promise<unknown> = Promise.resolve();
    lab.trouble = async (_, times) => {
      if (lab.requests.length === 1 && times === 1) {
        second = exported(lab, path, range(1, 2)).catch((error) => error);
        await second;
      }
      return undefined;
    };
    await exported(lab, path, range(1, 2));
    const error = await second as MpError;
    assert.match(error.message, /another mp is writing it$/);
    assert.equal(error.category, "failure");
    assert.equal(manifestOf(path).complete, true);
  });

  it("is called as the user calls it, also where the lock is beside it", async () => {
    const path = newFolder();
    const manifestStorage = localStorage(`${path}.mp`);
    const lock = await lockOutput(manifestStorage, path);
    await assert.rejects(exported(openLab(), path, range(1, 2), { manifestStorage }), {
      message: `Cannot write ${path}: another mp is writing it`,
    });
    await lock.release();
  });

  it("says where it cannot write, and keeps what is there", async () => {
    const lab = openLab();
    const file = folder.write("a-file", "x");
    await assert.rejects(exported(lab, join(file, "out"), range(1, 1)), { message: /^Cannot .*a-file/ });
    assert.equal(lab.requests.length, 0);
  });
});

/** As a project whose day is not that of `time` in UTC: its evenings are of the next day. */
