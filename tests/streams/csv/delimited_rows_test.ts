import { describe, it } from "node:test";
import assert from "node:assert/strict";
import fc from "fast-check";
import { simpleCsvRecords } from "../../helpers/simple_csv.ts";
import { csvFormat } from "../../../src/streams/csv/csv.ts";
import {
  BrokenRow,
  csvRecords,
  CsvSyntaxError,
  type RowOptions,
  RowSplitter,
} from "../../../src/streams/csv/delimited_rows.ts";

type Read = { rows: (string[] | BrokenRow)[]; lineNumbers: number[] };

/** Reads a text in pieces of so many characters. */
function read(text: string, size = text.length + 1, options: Partial<RowOptions> = {}): Read {
  const splitter = new RowSplitter({ delimiter: ",", ...options });
  const all: Read = { rows: [], lineNumbers: [] };
  const take = ({ rows, lineNumbers }: Read) => {
    all.rows.push(...rows);
    all.lineNumbers.push(...lineNumbers);
  };
  for (let at = 0; at < text.length; at += size) take(splitter.push(text.slice(at, at + size)));
  take(splitter.push("", true));
  return all;
}

const broken = (read: Read) => read.rows.filter((row) => row instanceof BrokenRow);

describe("rows of CSV and TSV", () => {
  const awkward = 'a,b,c\r\n1,"two, ""2""",3\n\n"x\r\ny\nz",,\n"",é,😀\r\n,,';
  const rows = [["a", "b", "c"], ["1", 'two, "2"', "3"], ["x\r\ny\nz", "", ""], ["", "é", "😀"], ["", "", ""]];

  it("come out the same wherever the text is cut", () => {
    for (const size of [1, 2, 3, 5, 7, 1024]) {
      const { rows: found, lineNumbers } = read(awkward, size);
      assert.deepEqual(found, rows, `size ${size}`);
      assert.deepEqual(lineNumbers, [1, 2, 4, 7, 8], `size ${size}`);
    }
  });

  it("hold every table that a program can write, with every delimiter", () => {
    const field = fc.string({ unit: fc.constantFrom("a", "1", " ", ",", ";", "\t", '"', "\n", "\r\n", "ü", "x") });
    const table = fc.tuple(
      fc.integer({ min: 2, max: 4 }),
      fc.constantFrom(",", ";", "\t"),
      fc.constantFrom("\n", "\r\n"),
    )
      .chain(([width, delimiter, end]) =>
        fc.record({
          rows: fc.array(fc.array(field, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 6 }),
          delimiter: fc.constant(delimiter),
          end: fc.constant(end),
          size: fc.integer({ min: 1, max: 9 }),
        })
      );
    fc.assert(fc.property(table, ({ rows, delimiter, end, size }) => {
      const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
      const write = (text: string) => /["\n\r,;\t]/.test(text) ? quoted(text) : text;
      const text = rows.map((row) => row.map(write).join(delimiter) + end).join("");
      assert.deepEqual(read(text, size, { delimiter }).rows, rows);
    }));
  });

  it("end at a carriage return alone where a file has nothing else", () => {
    assert.deepEqual(read("a,b\r1,2\r", 2, { lineEnd: "\r" }).rows, [["a", "b"], ["1", "2"]]);
  });

  it("keep a quote inside a field that does not begin with one", () => {
    assert.deepEqual(read('5" pipe,6\n').rows, [['5" pipe', "6"]]);
    assert.deepEqual(read('a,5" "pipe"\n1,2\n').rows, [["a", '5" "pipe"'], ["1", "2"]]);
  });

  it("with too few or too many fields are broken, and those after them are not", () => {
    const found = read('a,b\n1\n1,2,3\n"1",2,3\n4,5\n', 3);
    assert.deepEqual(found.rows[4], ["4", "5"]);
    assert.deepEqual(broken(found).map(({ reason, text }) => [reason, text]), [
      ["1 field where there must be 2", "1"],
      ["3 fields where there must be 2", "1,2,3"],
      ["3 fields where there must be 2", '"1",2,3'],
    ]);
    assert.deepEqual(found.lineNumbers, [1, 2, 3, 4, 5]);
  });

  it("with text after a closing quote are broken, with the column", () => {
    const found = read('a,b\n1,"x"y\n"one\ntwo"x,3\n4,5\n');
    assert.deepEqual(broken(found).map(({ reason, column }) => [reason, column]), [
      ["text after a closing quote", 6],
      ["text after a closing quote", undefined],
    ]);
    assert.deepEqual(found.rows[3], ["4", "5"]);
    assert.deepEqual(found.lineNumbers, [1, 2, 3, 5]);
  });

  it("with a quote that is never closed cost one line", () => {
    for (const size of [1, 4, 100]) {
      const found = read('a,b\n1,"two\n3,4\n5,6', size);
      assert.deepEqual(found.rows.filter((row) => Array.isArray(row)), [["a", "b"], ["3", "4"], ["5", "6"]]);
      assert.deepEqual(broken(found), [new BrokenRow("a quote that is not closed", 3, '1,"two')]);
      assert.deepEqual(found.lineNumbers, [1, 2, 3, 4]);
    }
  });

  it("are given up when they are longer than may be held", () => {
    const found = read(`a,b\n1,"${"x\n,".repeat(100)}`, 8, { maxCharacters: 50 });
    assert.equal(broken(found)[0]?.reason, "a quote that is not closed");
  });
});

const recordsOf = (text: string) => [...csvRecords(text)].map(({ fields }) => fields);

describe("records of a CSV text", () => {
  it("knows quotes, doubled quotes, and commas and line ends inside them", () => {
    assert.deepEqual(recordsOf('a,"b,""c""\r\nd",\n'), [["a", 'b,"c"\r\nd', ""]]);
  });

  it("takes every kind of line end, a byte order mark, and a last line without an end", () => {
    assert.deepEqual(recordsOf("\uFEFFa,b\r\n1,2\r3,4\n\n5,6"), [["a", "b"], ["1", "2"], ["3", "4"], ["5", "6"]]);
  });

  it("tells an empty field of a quoted line from a blank line", () => {
    assert.deepEqual(recordsOf('a\n""\n\nb\n'), [["a"], [""], ["b"]]);
    assert.deepEqual(recordsOf(",\n"), [["", ""]]);
    assert.deepEqual(recordsOf(""), []);
  });

  it("knows the line where a record begins", () => {
    const lines = [...csvRecords('k\n"1\n2\n"\n3\n')].map(({ line }) => line);
    assert.deepEqual(lines, [1, 2, 5]);
  });

  it("says in which line a quote is wrong", () => {
    assert.throws(() => recordsOf('a\n"b'), (error) => error instanceof CsvSyntaxError && error.line === 2);
    assert.throws(() => recordsOf('a\n"b"c\n'), (error) => error instanceof CsvSyntaxError && error.line === 2);
  });

  it("reads what was written", () => {
    const field = fc.string({ unit: fc.constantFrom("a", ",", '"', "\n", "\r", " ", "é") });
    fc.assert(fc.property(fc.array(fc.tuple(field, field), { minLength: 1 }), (rows) => {
      const format = csvFormat(["x", "y"]);
      const text = rows.map(([x, y]) => format.line({ x, y })).join("");
      assert.deepEqual(recordsOf(text), rows);
    }));
  });

  it("are the same wherever the text is cut, with every line end", () => {
    const field = fc.string({ unit: fc.constantFrom("a", ",", '"', "\n", "\r", " ") });
    const ends = fc.constantFrom("\n", "\r\n", "\r");
    fc.assert(fc.property(fc.array(fc.tuple(field, field, ends)), fc.integer({ min: 1, max: 5 }), (table, size) => {
      const quoted = (text: string) => /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
      const text = table.map(([x, y, end]) => `${quoted(x)},${quoted(y)}${end}`).join("");
      const { rows, lineNumbers } = read(text, size, { lineEnd: "any", fields: "any" });
      const records = [...csvRecords(text)];
      assert.deepEqual(rows, table.map(([x, y]) => [x, y]));
      assert.deepEqual(records, rows.map((fields, index) => ({ fields, line: lineNumbers[index] })));
    }));
  });

  it("are those that the simplest of readers finds, and the same faults", () => {
    const outcome = (read: () => Iterable<{ fields: string[] }>) => {
      try {
        return [...read()].map(({ fields }) => fields);
      } catch (error) {
        return (error as Error).message;
      }
    };
    const unit = fc.constantFrom("a", "b", ",", ",", '"', '"', "\n", "\r", "\r\n", " ");
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 40 }), (text) => {
        assert.deepEqual(outcome(() => csvRecords(text)), outcome(() => simpleCsvRecords(text)), JSON.stringify(text));
      }),
      { numRuns: 5000 },
    );
  });

  it("come soon, also from a long text without line feeds, or with a quote that is never closed", () => {
    const line = `${"x".repeat(20)},1\r`;
    assert.equal(recordsOf(line.repeat(100_000)).length, 100_000);
    const open = `a,b\n1,"${"x,y\n".repeat(300_000)}`;
    assert.throws(() => recordsOf(open), (error) => error instanceof CsvSyntaxError && error.line === 2);
    assert.equal(recordsOf(`${open}"\n3,4\n`).length, 3);
  });

  it("say in which line of a long record a quote is wrong", () => {
    assert.throws(() => recordsOf('a\n"b\nc"d\n'), (error) => error instanceof CsvSyntaxError && error.line === 3);
    assert.throws(() => recordsOf('a,b\n"b\nc","d\n'), (error) => error instanceof CsvSyntaxError && error.line === 3);
  });
});
