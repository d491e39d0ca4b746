import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { csvFormat } from "../../../src/streams/csv/csv.ts";
import { csvRecords, CsvSyntaxError } from "../../../src/streams/csv/csv_records.ts";

const read = (text: string) => [...csvRecords(text)].map(({ fields }) => fields);

describe("reading CSV", () => {
  it("knows quotes, doubled quotes, and commas and line ends inside them", () => {
    assert.deepEqual(read('a,"b,""c""\r\nd",\n'), [["a", 'b,"c"\r\nd', ""]]);
  });

  it("takes every kind of line end, a byte order mark, and a last line without an end", () => {
    assert.deepEqual(read("\uFEFFa,b\r\n1,2\r3,4\n\n5,6"), [["a", "b"], ["1", "2"], ["3", "4"], ["5", "6"]]);
  });

  it("tells an empty field of a quoted line from a blank line", () => {
    assert.deepEqual(read('a\n""\n\nb\n'), [["a"], [""], ["b"]]);
    assert.deepEqual(read(",\n"), [["", ""]]);
    assert.deepEqual(read(""), []);
  });

  it("knows the line where a record begins", () => {
    const lines = [...csvRecords('k\n"1\n2\n"\n3\n')].map(({ line }) => line);
    assert.deepEqual(lines, [1, 2, 5]);
  });

  it("says in which line a quote is wrong", () => {
    assert.throws(() => read('a\n"b'), (error) => error instanceof CsvSyntaxError && error.line === 2);
    assert.throws(() => read('a\n"b"c\n'), (error) => error instanceof CsvSyntaxError && error.line === 2);
  });

  it("reads what was written", () => {
    const field = fc.string({ unit: fc.constantFrom("a", ",", '"', "\n", "\r", " ", "é") });
    fc.assert(fc.property(fc.array(fc.tuple(field, field), { minLength: 1 }), (rows) => {
      const format = csvFormat(["x", "y"]);
      const text = rows.map(([x, y]) => format.line({ x, y })).join("");
      assert.deepEqual(read(text), rows);
    }));
  });
});
