/** Folders of Parquet whose files are made while slices are fetched are those that are made afterwards. */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { parquetMetadata, parquetReadObjects } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { LinesBeside } from "../../../src/jobs/export/lines_beside.ts";
import { chooseFormat } from "../../../src/jobs/export/output_format.ts";
import { TableBeside } from "../../../src/jobs/export/table_beside.ts";
import { UnitsBeside } from "../../../src/jobs/export/units_beside.ts";
import { type UnitTableMaker, UnitTables } from "../../../src/jobs/export/unit_tables.ts";
import { columnFinder } from "../../../src/streams/table/columns.ts";
import { columnsOfFolder } from "../../../src/jobs/export/table_columns.ts";
import { event, type ExportLab } from "./export_lab.ts";
import { manifestOf, openFolderLab, range, type Wishes } from "./folder_lab.ts";

const { openLab, newFolder, exported } = openFolderLab();

const DAYS = ["2026-01-01", "2026-01-02", "2026-01-03", "2026-01-04"];
/** Of 10 KB each: the columns are decided before the first day is over. */
const DAY_EVENTS = 450;

type Members = (number: number) => string;

const usual: Members = (number) => `,"n":${number},"price":${number / 4},"on":${number % 2 === 0},"list":[${number}]`;

function linesOf(day: string, members: Members = usual): string {
  return Array.from(
    { length: DAY_EVENTS },
    (_, number) => event(day, number, `${members(number)},"text":"${"abc".repeat(3300)}"`),
  ).join("");
}

type Rows = Record<string, unknown>[];

async function rowsOf(path: string): Promise<Rows> {
  const rows = await parquetReadObjects({ file: readFileSync(path).buffer as ArrayBuffer, compressors });
  return rows as Rows;
}

function openLabOf(lines: (day: string) => string): ExportLab {
  const lab = openLab();
  lab.linesOf = lines;
  return lab;
}

const SLICED: Wishes = { format: "parquet", sliceDays: 4 };

/** Who leaves out what is there twice makes files when all events are there. */
async function both(lines: (day: string) => string, wishes: Wishes = {}) {
  const [made, afterwards] = [newFolder(), newFolder()];
  const notes: string[][] = [[], []];
  for (const [index, path] of [made, afterwards].entries()) {
    const summary = await exported(openLabOf(lines), path, range(1, 4), {
      ...SLICED,
      ...wishes,
      dedupe: path === afterwards,
      note: (line) => void notes[index]!.push(line),
    });
    assert.equal(summary.events, manifestOf(path).events);
    assert.equal(existsSync(join(path, ".mp-export")), false);
  }
  assert.deepEqual(notes[0], notes[1]);
  const [one, other] = [manifestOf(made), manifestOf(afterwards)];
  assert.deepEqual(one.schema, other.schema);
  const facts = ({ files }: typeof one) => files.map(({ path, from, to, events }) => ({ path, from, to, events }));
  assert.deepEqual(facts(one), facts(other));
  return { made, afterwards, files: one.files.map(({ path }) => path) };
}

async function assertSameRows({ made, afterwards, files }: Awaited<ReturnType<typeof both>>): Promise<void> {
  for (const file of files) {
    assert.deepEqual(await rowsOf(join(made, file)), await rowsOf(join(afterwards, file)), file);
  }
}

describe("a folder of Parquet that is made while its slices are fetched", () => {
  it("has the same bytes, whether days come in turn or all at once", async () => {
    const mixed = DAYS.map((day) => linesOf(day).split("\n"));
    const inTurn = Array.from({ length: DAY_EVENTS }, (_, row) => mixed.map((lines) => `${lines[row]}\n`).join(""));
    for (const lines of [linesOf, (day: string) => day === DAYS[0] ? inTurn.join("") : ""]) {
      for (const wishes of [{}, { hive: true }, { columns: ["time", "price", "none"] }, { split: "week" as const }]) {
        const { made, afterwards, files } = await both(lines, wishes);
        assert.equal(files.length, wishes.split === "week" ? 1 : DAYS.length);
        for (const file of files) {
          assert.deepEqual(readFileSync(join(made, file)), readFileSync(join(afterwards, file)));
        }
      }
    }
  });

  it("has columns that come late, and null in the days before", async () => {
    const result = await both((day) =>
      linesOf(day, (number) => day === DAYS[3] && number > 20 ? `${usual(number)},"late":${number}` : usual(number))
    );
    const late = manifestOf(result.made).schema!.columns.find(({ name }) => name === "late");
    assert.equal(late?.type, "number");
    await assertSameRows(result);
  });

  it("has the types that most values have in the end", async () => {
    await assertSameRows(
      await both((day) =>
        linesOf(day, (number) => day === DAYS[0] ? usual(number) : `,"n":"t${number}","price":"free","on":1`)
      ),
    );
  });

  it("holds values of other types than their column in that of the rest, and says so", async () => {
    await assertSameRows(
      await both((day) =>
        linesOf(day, (number) => number % 100 === 7 ? `,"n":"x","half \\udc00":"\\ud800"` : usual(number))
      ),
    );
  });

  it("has the last of two members with one name, and what has no column in the order of the text", async () => {
    await assertSameRows(
      await both((day) =>
        linesOf(day, (number) =>
          day === DAYS[0] ? usual(number) : [
            `,"n":1,"n":${number},"n":null,"price":2,"price":"x${number}"`,
            `,"n":null,"n":${number},"price":null,"list":[1],"list":"none"`,
            `,"price":"free","new${number % 3}":1,"on":"yes","new${number % 3}":null,"old":2,"old":3,"n":"x"`,
          ][number % 3]!)
      ),
    );
  });

  it("has no columns from many that come late without the most frequent", async () => {
    await assertSameRows(
      await both((day) =>
        linesOf(day, (number) => `${usual(number)},"p${day.slice(-1)}-${number % 400}":1,"q${number % 300}":2`)
      ),
    );
  });

  it("has no event of a try that failed", async () => {
    const lab = openLabOf(linesOf);
    lab.trouble = (_request, times) => times === 1 ? { cutTo: 60_000 } : undefined;
    const path = newFolder();
    const summary = await exported(lab, path, range(1, 4), SLICED);
    assert.deepEqual([summary.events, summary.requests], [DAYS.length * DAY_EVENTS, 2]);
    const plain = newFolder();
    await exported(openLabOf(linesOf), plain, range(1, 4), SLICED);
    for (const { path: file } of manifestOf(plain).files) {
      assert.deepEqual(readFileSync(join(path, file)), readFileSync(join(plain, file)));
    }
  });

  it("goes on with what was fetched when days were missing", async () => {
    const lab = openLabOf(linesOf);
    const path = newFolder();
    lab.trouble = ({ from }) => from >= "2026-01-03" ? { status: 400, body: { error: "no" } } : undefined;
    await assert.rejects(exported(lab, path, range(1, 4), { ...SLICED, sliceDays: 2 }));
    assert.equal(readdirSync(join(path, ".mp-export", "spool")).filter((name) => name.endsWith(".gz")).length, 1);
    lab.trouble = () => undefined;
    lab.requests.splice(0);
    await exported(lab, path, range(1, 4), { ...SLICED, sliceDays: 2 });
    assert.deepEqual(lab.asked(), ["2026-01-03..2026-01-04"]);
    const plain = newFolder();
    await exported(openLabOf(linesOf), plain, range(1, 4), { ...SLICED, sliceDays: 2 });
    for (const { path: file } of manifestOf(plain).files) {
      assert.deepEqual(await rowsOf(join(path, file)), await rowsOf(join(plain, file)));
    }
  });

  it("asks file by file when the project has other days than UTC", async () => {
    const foreign = event("2026-01-05", 1, usual(1));
    const lab = openLabOf((day) => day === DAYS[3] ? linesOf(day) + foreign : linesOf(day));
    const path = newFolder();
    await exported(lab, path, range(1, 4), SLICED);
    assert.deepEqual(lab.asked(), ["2026-01-01..2026-01-04", ...DAYS]);
    assert.deepEqual(manifestOf(path).files.map(({ events }) => events), [450, 450, 450, 451]);
  });

  it("is made of slices that come at the same time", async () => {
    const [path, plain] = [newFolder(), newFolder()];
    await exported(openLabOf(linesOf), path, range(1, 4), { ...SLICED, sliceDays: 1, concurrency: 4 });
    await exported(openLabOf(linesOf), plain, range(1, 4), { ...SLICED, dedupe: true });
    for (const { path: file } of manifestOf(plain).files) {
      assert.deepEqual(await rowsOf(join(path, file)), await rowsOf(join(plain, file)));
    }
  });
});

describe("a thread that makes tables", () => {
  const encode = (text: string) => new TextEncoder().encode(text);

  it("writes a table, of lines that are longer than its memory too", async () => {
    const path = `${newFolder()}.parquet`;
    const table = new TableBeside({ path, shown: path }, chooseFormat({ format: "parquet" }));
    const long = event(DAYS[0]!, 7, `,"long":"${"x".repeat(3_000_000)}"`);
    for (const lines of [linesOf(DAYS[0]!), long, linesOf(DAYS[1]!)]) await table.take(encode(lines));
    const end = await table.end();
    assert.equal(end.isUseless, false);
    const rows = await rowsOf(path);
    assert.equal(rows.length, 2 * DAY_EVENTS + 1);
    assert.equal((rows[DAY_EVENTS]!.long as string).length, 3_000_000);
  });

  it("makes the files that are made without it", async () => {
    const output = { ...chooseFormat({ format: "parquet" }), split: "day" as const, hive: false };
    const made: Record<string, Buffer[]> = {};
    for (const name of ["beside", "here"]) {
      const folder = newFolder();
      mkdirSync(folder, { recursive: true });
      const job = { folder, output };
      const maker: UnitTableMaker & { stop?(): Promise<void> } = name === "here"
        ? new UnitTables(job)
        : new UnitsBeside(job);
      const units = DAYS.map((day) => ({ from: day, to: day }));
      await maker.begin({ id: 1, units, isStrict: true });
      for (const day of DAYS) await maker.take(1, encode(linesOf(day)));
      const { units: facts, isForeign } = await maker.whole(1);
      assert.equal(isForeign, false);
      assert.deepEqual(facts?.map(({ events }) => events), DAYS.map(() => DAY_EVENTS));
      const columns = [{ name: "event", type: "string" } as const];
      assert.equal(await maker.finish(1, 0, { columns, rest: "other_properties" }), undefined);
      await maker.stop?.();
      made[name] = readdirSync(folder).sort().map((file) => readFileSync(join(folder, file)));
    }
    assert.deepEqual(made.beside, made.here);
  });

  it("ends a row group when there are no more events of its day for a while, unless it is small", async () => {
    const folder = newFolder();
    mkdirSync(folder, { recursive: true });
    const tables = new UnitTables({
      folder,
      output: { ...chooseFormat({ format: "parquet" }), split: "day", hive: false },
    });
    await tables.begin({ id: 1, units: DAYS.map((day) => ({ from: day, to: day })), isStrict: true });
    const small = event(DAYS[3]!, 1);
    const large = DAYS.map((day) => linesOf(day, (number) => `,"unlike":"${`${day} ${number} `.repeat(150)}"`));
    const order = [small, large[0], large[1], large[0], large[1], large[2], small, large[2]];
    for (const lines of order) await tables.take(1, encode(lines!));
    const { found } = await tables.whole(1);
    const finder = columnFinder("event");
    finder.absorb(found!);
    const schema = columnsOfFolder(finder, chooseFormat({ format: "parquet" }), []);
    const groups: number[][] = [];
    for (const unit of DAYS.keys()) {
      const { path } = (await tables.finish(1, unit, schema))!;
      const { row_groups } = parquetMetadata(readFileSync(path).buffer as ArrayBuffer);
      groups.push(row_groups.map(({ num_rows }) => Number(num_rows)));
    }
    assert.deepEqual(groups, [[450, 450], [450, 450], [900], [2]]);
  });

  it("says that it has failed, and not that it is done", async () => {
    const lines = new LinesBeside(() => [
      { kind: "open", file: { path: "/nowhere/x.csv", shown: "x.csv" }, output: chooseFormat({ format: "csv" }) },
    ]);
    await lines.give(encode(event(DAYS[0]!, 1)));
    await assert.rejects(lines.ask({ kind: "end" }), /nowhere|x\.csv/);
    lines.stop();
  });
});
