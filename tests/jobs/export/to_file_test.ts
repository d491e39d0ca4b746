import assert from "node:assert/strict";
import {
  appendFileSync,
  createReadStream,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { afterEach, describe, it } from "node:test";
import { gunzipSync } from "node:zlib";
import { MpError } from "../../../src/errors.ts";
import { chooseFormat } from "../../../src/jobs/export/output_format.ts";
import type { ExportQuery } from "../../../src/jobs/export/query.ts";
import { exportToFile, type FileExport } from "../../../src/jobs/export/to_file.ts";
import { gunzip } from "../../../src/runtime/compression/gzip.ts";
import { unzstd } from "../../../src/runtime/compression/zstd.ts";
import { localStorage } from "../../../src/storage/files/local.ts";
import type { Storage } from "../../../src/storage/storage.ts";
import { temporaryFolder } from "../../helpers/temporary_folder.ts";
import { event, type ExportLab, NOW_MS, openExportLab } from "./export_lab.ts";

const folder = temporaryFolder();
const labs: ExportLab[] = [];
afterEach(() => Promise.all(labs.splice(0).map((lab) => lab.stop())));
let files = 0;

function openLab(): ExportLab {
  const lab = openExportLab();
  labs.push(lab);
  return lab;
}

const newFile = (name: string) => folder.path(`${++files}-${name}`);
const days = (from: number, to: number): ExportQuery => ({
  from: `2026-01-${String(from).padStart(2, "0")}`,
  to: `2026-01-${String(to).padStart(2, "0")}`,
});

interface Wishes extends Partial<FileExport> {
  columns?: string[];
}

function exported(lab: ExportLab, path: string, query: ExportQuery, { columns, ...wishes }: Wishes = {}) {
  return exportToFile(lab.client, query, {
    storage: localStorage(dirname(path)),
    path: basename(path),
    stateFolder: `${path}.mp-export`,
    locksFolder: folder.path("locks"),
    output: chooseFormat({ name: basename(path), columns }),
    clock: lab.clock,
    sliceDays: 1,
    concurrency: 1,
    ...wishes,
  });
}

const text = (path: string) => readFileSync(path, "utf8");

describe("an export to one file", () => {
  it("holds all events in the order of days, byte by byte, plain or compressed", async () => {
    for (
      const [name, unpack] of [
        ["events.jsonl", (bytes: AsyncIterable<Uint8Array>) => bytes],
        ["events.jsonl.gz", gunzip],
        ["events.jsonl.zst", unzstd],
      ] as const
    ) {
      const lab = openLab();
      const path = newFile(name);
      const { events, requests } = await exported(lab, path, days(1, 5), { concurrency: 3 });
      let content = "";
      const decoder = new TextDecoder();
      for await (const chunk of unpack(createReadStream(path))) content += decoder.decode(chunk, { stream: true });
      assert.equal(content, lab.expected(days(1, 5)), name);
      assert.deepEqual([events, requests, existsSync(`${path}.mp-export`)], [10, 5, false]);
    }
  });

  it("has the columns of all days when it is CSV, and the chosen ones when some are chosen", async () => {
    const lab = openLab();
    lab.linesOf = (day) => event(day, 1, day === "2026-01-02" ? ',"farbe":"a\\"b"' : "");
    const path = newFile("all.csv");
    await exported(lab, path, days(1, 2));
    assert.equal(
      text(path),
      "event,time,distinct_id,$insert_id,farbe\n" +
        'Kauf,1767229201,ü-1,2026-01-01-1,\nKauf,1767315601,ü-1,2026-01-02-1,"a""b"\n',
    );
    const chosen = newFile("some.tsv");
    await exported(lab, chosen, days(1, 2), { columns: ["farbe", "event"] });
    assert.equal(text(chosen), 'farbe\tevent\n\tKauf\n"a""b"\tKauf\n');
  });

  it("is a CSV or Parquet file also when there are no events", async () => {
    const lab = openLab();
    lab.linesOf = () => "";
    const path = newFile("none.csv");
    await exported(lab, path, days(1, 2));
    assert.equal(text(path), "event,time,distinct_id,$insert_id\n");
    const parquet = newFile("none.parquet");
    await exported(lab, parquet, days(1, 2));
    assert.equal(text(parquet).slice(0, 4), "PAR1");
    const lines = newFile("none.jsonl.gz");
    await exported(lab, lines, days(1, 2));
    assert.equal(gunzipSync(readFileSync(lines)).length, 0);
  });

  for (const name of ["events.jsonl", "events.jsonl.gz", "events.csv", "chosen.csv.gz", "events.parquet"]) {
    it(`goes on where ${name} was interrupted, at any request`, async () => {
      const whole = newFile(name);
      const first = openLab();
      const columns = name.startsWith("chosen") ? ["event", "time"] : undefined;
      const { events, bytes, duplicates } = await exported(first, whole, days(1, 4), { columns });
      for (const stop of [1, 2, 3, 4]) {
        const lab = openLab();
        const path = newFile(name);
        const controller = new AbortController();
        lab.trouble = () => {
          if (lab.requests.length === stop) controller.abort(new MpError("Interrupted", { category: "interrupted" }));
          return undefined;
        };
        await assert.rejects(exported(lab, path, days(1, 4), { columns, signal: controller.signal }), {
          category: "interrupted",
        });
        assert.equal(existsSync(path), false);
        lab.trouble = () => undefined;
        lab.requests.length = 0;
        const resumed = await exported(lab, path, days(1, 4), { columns });
        // The summary counts the file, and not the run.
        assert.deepEqual([resumed.events, resumed.bytes, resumed.duplicates], [events, bytes, duplicates]);
        // A connection that the interruption has closed can bring a request twice.
        assert.deepEqual([...new Set(lab.asked())], [1, 2, 3, 4].slice(stop - 1).map((day) => days(day, day).from));
        assert.deepEqual(readFileSync(path), readFileSync(whole), `${name} after ${stop}`);
        assert.equal(existsSync(`${path}.mp-export`), false);
      }
    });
  }

  /** A clock that shows no time passing, so that nothing is saved for having waited. */
  const still = ({ clock }: ExportLab) => ({ ...clock, now: () => NOW_MS });

  /** An export of four days whose third day failed. */
  async function interrupted(lab: ExportLab, path: string): Promise<string> {
    lab.trouble = ({ from }) => from === "2026-01-03" ? { status: 503 } : undefined;
    await assert.rejects(exported(lab, path, days(1, 4), { clock: still(lab) }), /2026-01-03 could not be fetched/);
    lab.trouble = () => undefined;
    lab.requests.length = 0;
    return `${path}.mp-export`;
  }

  it("cuts off what a killed run had begun to append", async () => {
    const lab = openLab();
    const path = newFile("events.jsonl");
    const state = await interrupted(lab, path);
    appendFileSync(join(state, "content"), event("2026-01-03", 1).slice(0, 30));
    await exported(lab, path, days(1, 4));
    assert.equal(text(path), lab.expected(days(1, 4)));
    assert.deepEqual(lab.asked(), ["2026-01-03"]);
  });

  it("trusts the content only as far as it was on the disk for sure", async () => {
    for (const name of ["events.jsonl", "events.jsonl.gz", "events.csv"]) {
      const lab = openLab();
      const path = newFile(name);
      const columns = name === "events.csv" ? ["event", "time"] : undefined;
      lab.trouble = ({ from }) => from === "2026-01-05" ? { status: 503 } : undefined;
      await assert.rejects(exported(lab, path, days(1, 5), { columns, clock: still(lab) }));
      lab.trouble = () => undefined;
      lab.requests.length = 0;
      const { bytes } = JSON.parse(text(join(`${path}.mp-export`, "state.json")));
      const content = readFileSync(join(`${path}.mp-export`, "content"));
      assert.equal(bytes < content.length, true, name);
      // As a power cut leaves it.
      writeFileSync(join(`${path}.mp-export`, "content"), content.fill(0, bytes));
      await exported(lab, path, days(1, 5), { columns });
      assert.deepEqual(lab.asked(), ["2026-01-05"]);
      const whole = newFile(name);
      await exported(lab, whole, days(1, 5), { columns });
      assert.deepEqual(readFileSync(path), readFileSync(whole), name);
    }
  });

  it("does not take half a slice, or a damaged one, for what it was", async () => {
    const lab = openLab();
    const path = newFile("events.jsonl");
    const state = await interrupted(lab, path);
    const spool = join(state, "spool");
    const slice = readdirSync(spool).find((name) => name.startsWith("2026-01-04"))!;
    writeFileSync(join(spool, slice), text(join(spool, slice)).replace("Kauf", "Kaum"));
    writeFileSync(join(spool, "0123abcd.part"), "half");
    await exported(lab, path, days(1, 4));
    assert.deepEqual(lab.asked(), ["2026-01-03", "2026-01-04"]);
    assert.equal(text(path), lab.expected(days(1, 4)));
  });

  it("begins again when the content is gone or too short", async () => {
    for (const damage of ["gone", "short"]) {
      const lab = openLab();
      const path = newFile("events.jsonl");
      const state = await interrupted(lab, path);
      if (damage === "gone") rmSync(join(state, "content"));
      else truncateSync(join(state, "content"), 10);
      await exported(lab, path, days(1, 4));
      assert.equal(text(path), lab.expected(days(1, 4)));
      // What had just been appended was still in the spool.
      assert.deepEqual(lab.asked(), ["2026-01-01", "2026-01-03"]);
    }
  });

  it("does not go on with another export, unless it is told to forget it", async () => {
    const lab = openLab();
    const path = newFile("events.jsonl");
    await interrupted(lab, path);
    await assert.rejects(exported(lab, path, days(1, 5)), {
      code: "other_export",
      message: /: an interrupted export has to_date 2026-01-04, and not 2026-01-05$/,
      hint: /--restart forgets it/,
    });
    await assert.rejects(exported(lab, path, { ...days(1, 4), event: ["Kauf"] }), { code: "other_export" });
    assert.equal(lab.requests.length, 0);
    await exported(lab, path, days(1, 5), { restart: true });
    assert.equal(text(path), lab.expected(days(1, 5)));
  });

  it("refuses a damaged state, which --restart forgets", async () => {
    const lab = openLab();
    const path = newFile("events.jsonl");
    const state = await interrupted(lab, path);
    writeFileSync(join(state, "state.json"), "{");
    await assert.rejects(exported(lab, path, days(1, 4)), { code: "bad_manifest", hint: /--restart/ });
    await exported(lab, path, days(1, 4), { restart: true });
    assert.equal(text(path), lab.expected(days(1, 4)));
  });

  it("leaves a file that is there as it is until the new one is whole", async () => {
    const lab = openLab();
    const path = newFile("events.jsonl");
    writeFileSync(path, "old");
    await interrupted(lab, path);
    assert.equal(text(path), "old");
    await exported(lab, path, days(1, 4));
    assert.equal(text(path), lab.expected(days(1, 4)));
  });

  it("leaves nothing behind when the server refuses it", async () => {
    const lab = openLab();
    const path = newFile("events.jsonl");
    lab.trouble = () => ({ status: 401 });
    await assert.rejects(exported(lab, path, days(1, 4)), { category: "auth" });
    assert.deepEqual([existsSync(path), existsSync(`${path}.mp-export`), lab.requests.length], [false, false, 1]);
  });

  it("refuses at once while another one writes the file", async () => {
    const lab = openLab();
    const path = newFile("events.jsonl");
    let second: unknown;
    lab.trouble = async () => {
      if (lab.requests.length === 1) second = await exported(lab, path, days(1, 1)).catch((error) => error);
      return undefined;
    };
    await exported(lab, path, days(1, 2));
    assert.match(String(second), /another mp is writing it/);
    assert.equal(text(path), lab.expected(days(1, 2)));
  });

  it("asks for nothing when the file cannot be written", async () => {
    const lab = openLab();
    await assert.rejects(exported(lab, folder.path("no/such/events.jsonl"), days(1, 1)), {
      category: "input",
      message: /no such folder$/,
    });
    await assert.rejects(exported(lab, folder.path(""), days(1, 1)), { message: /it is a folder$/ });
    assert.equal(lab.requests.length, 0);
  });

  it("says that the disk is full, damages nothing and goes on when there is room", async () => {
    const lab = openLab();
    const path = newFile("events.csv");
    writeFileSync(path, "old");
    const real = localStorage(dirname(path));
    const full: Storage = {
      ...real,
      adopt: () => Promise.resolve(false),
      async create(name) {
        const file = await real.create(name);
        const error = new MpError(`Cannot write ${path}: the disk is full`, { category: "failure" });
        return { ...file, write: () => Promise.reject(error) };
      },
    };
    await assert.rejects(exported(lab, path, days(1, 3), { storage: full }), { message: /the disk is full$/ });
    assert.equal(text(path), "old");
    lab.requests.length = 0;
    await exported(lab, path, days(1, 3));
    assert.equal(lab.requests.length, 0);
    assert.equal(text(path).split("\n").length, 8);
    assert.deepEqual(readdirSync(dirname(path)).filter((name) => name.startsWith(basename(path))), [basename(path)]);
  });
});
