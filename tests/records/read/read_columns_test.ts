/** What the columns of a table become, and what is said of it. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { TableWarning } from "../../../src/records/read/column_warnings.ts";
import { type ReadOptions, readRecords } from "../../../src/records/read/read_records.ts";
import { chunked } from "../../streams/chunked.ts";

async function read(text: string, options: ReadOptions = {}, name = "t.csv") {
  const values: Record<string, unknown>[] = [];
  const lines: number[] = [];
  const warnings: TableWarning[] = [];
  const kinds: Record<string, string> = {};
  for await (
    const block of readRecords([{ name, open: () => chunked(text, 7) }], {
      onWarning: (_source, warning) => void warnings.push(warning),
      onColumns: (_source, columns) => void columns.forEach(({ name, kind = "none" }) => kinds[name] = kind),
      ...options,
    })
  ) {
    assert.ok(block.kind === "values");
    values.push(...block.values as Record<string, unknown>[]);
    lines.push(...block.lineNumbers);
  }
  return { values, lines, kinds, told: warnings.map((one) => `${one.line} ${one.column}: ${one.reason}; ${one.hint}`) };
}

/** The values of a table's only column. */
async function column(texts: string[], options: ReadOptions = {}, name = "v") {
  const { values, told } = await read(`${name},x\n${texts.map((text) => `${text},y\n`).join("")}`, options);
  return { values: values.map((value) => value[name]), told };
}

describe("columns of numbers", () => {
  it("keep versions and other texts whose zeros say something", async () => {
    assert.deepEqual(await column(["1.1", "1.10"]), {
      values: ["1.1", "1.10"],
      told: [
        '3 v: is sent as text: as a number, "1.10" would not keep its digits; --column-type v:number makes all of them numbers, or refuses them',
      ],
    });
    for (
      const texts of [
        ["1.9", "1.10"],
        ["2.00", "2.5"],
        ["89.0", "89.0.4389.114"],
        ["1.10", "1.2", "3"],
        ["1", "2", "1.10"],
        ["1", "2", "1.0"],
        ["1", "1.10"],
      ]
    ) {
      const { values, told } = await column(texts);
      assert.deepEqual(values, texts);
      assert.equal(told.length, 1, texts.join());
    }
    for (const name of ["version", "app_version", "release", "browserVersion", "build"]) {
      assert.deepEqual(await column(["89.0", "90.0"], {}, name), { values: ["89.0", "90.0"], told: [] }, name);
    }
  });

  it("are amounts where all fractions have as many decimals, or no zeros at their end", async () => {
    assert.deepEqual(await column(["19.90", "5.00", "20"]), { values: [19.9, 5, 20], told: [] });
    assert.deepEqual(await column(["20.0", "19.99", "1.5"]), { values: [20, 19.99, 1.5], told: [] });
    assert.deepEqual(await column(["1e400", "1.5e3"]).then(({ values }) => values), ["1e400", "1.5e3"]);
  });

  it("stay texts for one text among them, which is told with its line and what helps", async () => {
    const { values, told } = await column(["19.90", "n/a", "5.00"]);
    assert.deepEqual(values, ["19.90", "n/a", "5.00"]);
    assert.deepEqual(told, [
      '3 v: is sent as text: "n/a" is among numbers; --null n/a makes it empty, and the others numbers',
    ]);
    assert.deepEqual(await column(["19.90", "n/a", "5.00"], { nulls: ["n/a"] }), {
      values: [19.9, undefined, 5],
      told: [],
    });
    assert.deepEqual((await column(["1", "2", "12345678901234567890"])).told, [
      '4 v: is sent as text: as a number, "12345678901234567890" would not keep its digits; ' +
      "--column-type v:number makes all of them numbers, or refuses them",
    ]);
    assert.deepEqual((await column(["1", "01067"])).values, ["1", "01067"]);
    assert.deepEqual((await column(["true", "yes", "false"])).told, [
      '3 v: is sent as text: "yes" is among true and false; --column-type v:boolean makes all of them true and false, or refuses them',
    ]);
    // What are mostly texts is meant to be.
    assert.deepEqual((await column(["a", "b", "7"])).told, []);
    assert.deepEqual((await column(["1", "x"], { textColumns: new Set(["v"]) })).told, []);
  });

  it("stay texts with a sign or a unit, which is told", async () => {
    const columns = [["5%", "7 %"], ["€19.90", "€5"], ["19.90 €", "5 €"], ["+49", "+1"], ["USD 5", "7"], [
      "1'000",
      "12",
    ]];
    for (const texts of [...columns, [" 1", "2 "], ["inf", "-Infinity", "1.5"]]) {
      const { values, told } = await column(texts);
      assert.deepEqual(values, texts);
      assert.equal(told.length, 1, texts.join());
    }
    assert.deepEqual((await column(["5%", "7 %"])).told, [
      '2 v: is sent as text: "5%" is no plain number; undefined',
    ]);
    // Telephone numbers and texts with digits are no amounts.
    assert.deepEqual((await column(["+49 30", "+1 22"], {}, "phone")).told, []);
    assert.deepEqual((await column(["4th street", "B-12", "A"])).told, []);
    assert.deepEqual((await column(["2026-01-01", "2026-01-02"])).told, []);
  });

  it("are decided by the first thousand rows; what does not fit afterwards stays text, and is told", async () => {
    const { values, told } = await column([
      ...Array.from({ length: 1200 }, (_, n) => `${n}`),
      "1.1",
      "N/A",
      "1.10",
      "1.20",
    ]);
    assert.deepEqual(values.slice(1199), [1199, 1.1, "N/A", "1.10", "1.20"]);
    assert.deepEqual(told, [
      '1203 v: is sent as text: "N/A" among numbers; --null N/A makes it empty',
      '1204 v: is sent as text: "1.10" among numbers; --column-type v:string makes all of them texts',
      '1205 v: is sent as text: "1.20" among numbers; --column-type v:string makes all of them texts',
    ]);
  });

  it("that are whole among the first thousand stay texts where a zero would get lost, and are told", async () => {
    const { values, told } = await column([...Array.from({ length: 1200 }, (_, n) => `${n}`), "1.10", "1.5", "2.0"]);
    assert.deepEqual(values.slice(1199), [1199, "1.10", 1.5, 2]);
    assert.deepEqual(told, [
      '1202 v: is sent as text: "1.10" among numbers; --column-type v:string makes all of them texts',
    ]);
  });

  it("may have a decimal comma, when that is told", async () => {
    const texts = ['"19,90"', '"1.234,50"', "7", '"-0,5"'];
    assert.deepEqual((await column(texts)).told, [
      '2 v: is sent as text: "19,90" has a decimal comma; --decimal-comma reads it as a number',
    ]);
    // A comma may be between thousands.
    assert.deepEqual((await column(['"1,234"', '"5,678"'])).told, [
      '2 v: is sent as text: "1,234" is no plain number; undefined',
    ]);
    assert.match((await column(["999", "12", '"1,234"'])).told.join(), /among numbers; --column-type v:number/);
    assert.deepEqual((await column(['"19,90"', '"1.234,55"', "7"], { decimalComma: true })).values, [19.9, 1234.55, 7]);
    assert.deepEqual(await read("a;b\n1,5;x\n-2,25;y\n", { decimalComma: true }).then(({ values }) => values), [
      { a: 1.5, b: "x" },
      { a: -2.25, b: "y" },
    ]);
    assert.deepEqual((await column(["1.5", "007"], { decimalComma: true })).values, ["1.5", "007"]);
  });
});

describe("fields that stand for nothing", () => {
  it("are \\N without quotes, and what is told, with and without", async () => {
    const tsv = 'a\tb\n\\N\t1\n"\\N"\t\\N\nx\\N\t2\n';
    assert.deepEqual((await read(tsv, {}, "t.tsv")).values, [{ b: 1 }, { a: "\\N" }, { a: "x\\N", b: 2 }]);
    const csv = 'a,b\nNULL,"NULL"\n"q",\\N\n';
    assert.deepEqual((await read(csv, { nulls: ["NULL"] })).values, [{}, { a: "q" }]);
  });
});

describe("tables of spreadsheets", () => {
  it("may say their delimiter in the first line, after a byte order mark", async () => {
    for (const text of ["sep=;\na,b;c\n1;2\n", "\ufeffsep=;\r\na,b;c\r\n1;2\r\n", "SEP=;\ra,b;c\r1;2\r"]) {
      const { values, lines } = await read(text);
      assert.deepEqual([values, lines], [[{ "a,b": 1, c: 2 }], [3]], JSON.stringify(text));
    }
    assert.deepEqual((await read("sep=|\na|b\n1|2\n", {}, "t.txt")).values, [{ a: 1, b: 2 }]);
    assert.deepEqual((await read("sep=\t\na\tb\n1\t2\n")).values, [{ a: 1, b: 2 }]);
  });
});
