import assert from "node:assert/strict";
import { readdirSync, rmSync, statSync, truncateSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { MpError } from "../../../src/errors.ts";
import { addDays } from "../../../src/jobs/export/days.ts";
import { rangeSinceLast } from "../../../src/jobs/export/since_last.ts";
import { verifyExport } from "../../../src/jobs/export/verify.ts";
import { localStorage } from "../../../src/storage/files/local.ts";
import type { Storage } from "../../../src/storage/storage.ts";
import { event, type ExportLab } from "./export_lab.ts";
import { manifestOf, openFolderLab, range, unzipped, visible, type Wishes } from "./folder_lab.ts";

const { exported, newFolder, openLab } = openFolderLab();

function shifted(lab: ExportLab, days = 1): void {
  lab.linesOf = (day) =>
    event(day, 1) + event(addDays(day, days), 2).replaceAll(`"${addDays(day, days)}-2"`, `"${day}-2"`);
}

const linesOf = (path: string) =>
  visible(path).slice(1).flatMap((name) => unzipped(path, name).split("\n")).filter(Boolean).sort();

describe("a project whose days are not those of UTC", () => {
  it("has a file for each of its own days, however many of them are asked for at once", async () => {
    for (const days of [1, -1, 2, 400]) {
      const lab = openLab();
      shifted(lab, days);
      const path = newFolder();
      await exported(lab, path, range(1, 11), { sliceDays: 5 });
      for (let day = 1; day <= 11; day++) {
        const name = range(day, day).from;
        assert.equal(unzipped(path, `events_${name}.jsonl.gz`), lab.linesOf(name));
      }
      assert.deepEqual([manifestOf(path).days, manifestOf(path).complete], ["project", true]);
      const found = await verifyExport(localStorage(path), manifestOf(path));
      assert.deepEqual([found.complete, found.faults, found.events], [true, 0, 22]);
    }
  });

  it("keeps events without a time in the file of their day", async () => {
    const lab = openLab();
    const path = newFolder();
    lab.linesOf = (day) => event(day, 1) + `{"event":"N","properties":{"distinct_id":"${day}"}}\n`;
    await exported(lab, path, range(1, 4), { sliceDays: 4 });
    assert.equal(unzipped(path, "events_2026-01-03.jsonl.gz"), lab.linesOf("2026-01-03"));
    assert.equal((await verifyExport(localStorage(path), manifestOf(path))).faults, 0);
  });

  it("loses nothing where that cannot be seen: what came in one request is fetched again as one", async () => {
    const lab = openLab();
    const path = newFolder();
    const all = range(1, 10);
    // An event of the 3rd that counts as of the 4th in UTC, and one of the 8th as of the 7th.
    const odd: Record<string, string> = {
      "2026-01-03": event("2026-01-04", 1),
      "2026-01-08": event("2026-01-07", 2),
    };
    lab.linesOf = (day) => odd[day] ?? event(day, 5);
    const expected = lab.expected(all).split("\n").filter(Boolean).sort();
    await exported(lab, path, all, { sliceDays: 10 });
    assert.deepEqual(linesOf(path), expected);
    for (const gone of ["2026-01-04", "2026-01-07"]) {
      rmSync(join(path, `events_${gone}.jsonl.gz`));
      await exported(lab, path, all, { sliceDays: 1 });
      assert.deepEqual(linesOf(path), expected);
      await exported(lab, path, all, { sliceDays: 10, restart: true });
    }
  });

  it("loses nothing when it is interrupted between the files of one request", async () => {
    const lab = openLab();
    const path = newFolder();
    const all = range(1, 6);
    lab.linesOf = (day) => day === "2026-01-03" ? event("2026-01-04", 1) : event(day, 5);
    const real = localStorage(path);
    let files = 0;
    const failing: Storage = {
      ...real,
      adopt: undefined,
      create: (name) => ++files > 3 ? Promise.reject(new MpError("full", { category: "failure" })) : real.create(name),
    };
    await assert.rejects(exported(lab, path, all, { sliceDays: 6, storage: failing }), { message: "full" });
    const spool = join(path, ".mp-export", "spool");
    rmSync(join(spool, readdirSync(spool).find((name) => name.startsWith("2026-01-05"))!));
    await exported(lab, path, all, { sliceDays: 1 });
    assert.deepEqual(linesOf(path), lab.expected(all).split("\n").filter(Boolean).sort());
  });
});

describe("an export since the last one", () => {
  const nightly = async (
    lab: ExportLab,
    path: string,
    wishes: Wishes & { from?: string; lookbackDays?: number } = {},
  ) => {
    const { from, lookbackDays = 2, ...rest } = wishes;
    const storage = localStorage(path);
    const nowMs = lab.clock.now();
    const split = wishes.split ?? "day";
    const { restart } = rest;
    const sinceLast = await rangeSinceLast({ storage, split, lookbackDays, from, nowMs, restart });
    return await exported(lab, path, { from: sinceLast.from, to: sinceLast.to }, { sinceLast, ...rest });
  };
  const DAY_MS = 86_400_000;

  it("begins where it is told, ends with yesterday, and then adds days and looks back", async () => {
    const lab = openLab();
    const path = newFolder();
    await nightly(lab, path, { from: "2026-11-18", sliceDays: 1 });
    assert.deepEqual([lab.asked()[0], lab.asked().at(-1)], ["2026-11-18", "2026-11-22"]);
    lab.requests.length = 0;
    const before = statSync(join(path, "events_2026-11-21.jsonl.gz")).mtimeMs;
    lab.clock.advance(2 * DAY_MS);
    const usual = lab.linesOf;
    lab.linesOf = (day) => usual(day) + (day === "2026-11-22" ? event(day, 99) : "");
    const summary = await nightly(lab, path, { sliceDays: 1 });
    assert.deepEqual(lab.asked(), ["2026-11-21", "2026-11-22", "2026-11-23", "2026-11-24"]);
    assert.equal(unzipped(path, "events_2026-11-22.jsonl.gz"), lab.linesOf("2026-11-22"));
    assert.equal(statSync(join(path, "events_2026-11-21.jsonl.gz")).mtimeMs, before);
    assert.equal(summary.unchanged, 1);
    const { query, complete, files } = manifestOf(path);
    assert.deepEqual([query.from_date, query.to_date, complete, files.length], ["2026-11-18", "2026-11-24", true, 7]);
  });

  it("fetches whole weeks again", async () => {
    const lab = openLab();
    const path = newFolder();
    await nightly(lab, path, { from: "2026-11-03", split: "week", sliceDays: 21 });
    // The week that is fetched again tomorrow comes by itself.
    assert.deepEqual(lab.asked(), ["2026-11-03..2026-11-15", "2026-11-16..2026-11-22"]);
    lab.requests.length = 0;
    lab.clock.advance(DAY_MS);
    await nightly(lab, path, { split: "week", sliceDays: 21, lookbackDays: 1 });
    assert.deepEqual(lab.asked(), ["2026-11-16..2026-11-22", "2026-11-23"]);
    lab.requests.length = 0;
    lab.clock.advance(DAY_MS);
    await nightly(lab, path, { split: "week", sliceDays: 14, lookbackDays: 1 });
    assert.deepEqual(lab.asked(), ["2026-11-23..2026-11-24"]);
    const text = visible(path).slice(1).map((name) => unzipped(path, name)).join("");
    assert.equal(text, lab.expected({ from: "2026-11-03", to: "2026-11-24" }));
  });

  it("leaves no gap after a night that failed", async () => {
    const lab = openLab();
    const path = newFolder();
    lab.trouble = ({ from }) => from === "2026-11-20" ? { status: 503 } : undefined;
    await assert.rejects(nightly(lab, path, { from: "2026-11-18", sliceDays: 1 }));
    lab.trouble = () => undefined;
    lab.clock.advance(DAY_MS);
    await nightly(lab, path, { sliceDays: 1, lookbackDays: 1 });
    assert.deepEqual(
      visible(path).slice(1).map((name) => name.slice(7, 17)),
      ["2026-11-18", "2026-11-19", "2026-11-20", "2026-11-21", "2026-11-22", "2026-11-23"],
    );
  });

  it("fetches files again that are gone or cut, however old, and says no sooner that everything is there", async () => {
    const lab = openLab();
    const path = newFolder();
    await nightly(lab, path, { from: "2026-11-10", sliceDays: 1 });
    rmSync(join(path, "events_2026-11-11.jsonl.gz"));
    truncateSync(join(path, "events_2026-11-13.jsonl.gz"), 5);
    lab.requests.length = 0;
    await nightly(lab, path, { sliceDays: 1 });
    assert.deepEqual(lab.asked(), ["2026-11-11", "2026-11-13", "2026-11-21", "2026-11-22"]);
    const { complete, files } = manifestOf(path);
    assert.deepEqual([complete, files.length], [true, 13]);
    assert.equal(unzipped(path, "events_2026-11-13.jsonl.gz"), lab.linesOf("2026-11-13"));
  });

  it("looks back as far as a request goes that has brought several files", async () => {
    const lab = openLab();
    const path = newFolder();
    await nightly(lab, path, { from: "2026-11-10", sliceDays: 5 });
    lab.requests.length = 0;
    lab.clock.advance(DAY_MS);
    await nightly(lab, path, { sliceDays: 1, lookbackDays: 5 });
    assert.deepEqual([lab.asked()[0], lab.asked().length], ["2026-11-15", 9]);
  });

  it("loses nothing of a project whose days are not those of UTC, whatever comes in one request", async () => {
    for (const days of [1, 2]) {
      const lab = openLab();
      shifted(lab, days);
      const path = newFolder();
      await nightly(lab, path, { from: "2026-11-01" });
      lab.clock.advance(DAY_MS);
      await nightly(lab, path);
      lab.clock.advance(DAY_MS);
      await nightly(lab, path, { sliceDays: 1 });
      const all = lab.expected({ from: "2026-11-01", to: "2026-11-24" });
      assert.deepEqual(linesOf(path), all.split("\n").filter(Boolean).sort());
    }
  });

  it("starts over with --restart where it is told, or where it began before", async () => {
    const lab = openLab();
    const path = newFolder();
    await nightly(lab, path, { from: "2026-11-10", sliceDays: 1 });
    await nightly(lab, path, { restart: true, sliceDays: 1 });
    assert.deepEqual([manifestOf(path).query.from_date, visible(path).length], ["2026-11-10", 14]);
    await nightly(lab, path, { restart: true, from: "2026-11-15", sliceDays: 1 });
    assert.deepEqual([manifestOf(path).query.from_date, visible(path).length], ["2026-11-15", 9]);
    await assert.rejects(nightly(lab, newFolder(), { restart: true }), { code: "no_export" });
  });

  it("does not use slices that an interrupted run has left long ago", async () => {
    for (
      const [hours, asked] of [[0, ["2026-11-20", "2026-11-21", "2026-11-22"]], [2, [
        "2026-11-19",
        "2026-11-20",
        "2026-11-21",
        "2026-11-22",
      ]]] as const
    ) {
      const lab = openLab();
      const path = newFolder();
      const wishes = { from: "2026-11-19", sliceDays: 1, format: "csv" };
      lab.trouble = ({ from }) => from === "2026-11-20" ? { status: 401 } : undefined;
      await assert.rejects(nightly(lab, path, wishes), { category: "auth" });
      lab.trouble = () => undefined;
      lab.requests.length = 0;
      const spool = join(path, ".mp-export", "spool");
      const fetched = new Date(lab.clock.now() - hours * 3_600_000);
      for (const name of readdirSync(spool)) utimesSync(join(spool, name), fetched, fetched);
      await nightly(lab, path, wishes);
      assert.deepEqual(lab.asked(), asked);
    }
  });

  it("needs a first day, and files that end", async () => {
    const lab = openLab();
    await assert.rejects(nightly(lab, newFolder()), { code: "no_export", hint: /--from/ });
    await assert.rejects(nightly(lab, newFolder(), { split: "none", from: "2026-11-01" }), { category: "input" });
  });
});
