import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import { csvFormat, type CsvOptions, type CsvRow } from "../../../src/streams/csv/csv.ts";

const line = (row: CsvRow, options?: CsvOptions) => csvFormat(Object.keys(row), options).line(row);

describe("csvFormat", () => {
  it("quotes only what RFC 4180 wants quoted", () => {
    assert.equal(
      line({ plain: "a b", comma: "a,b", quote: 'say "hi"', feed: "a\nb", ret: "a\rb", tab: "a\tb", semicolon: ";" }),
      'a b,"a,b","say ""hi""","a\nb","a\rb",a\tb,;\n',
    );
    assert.equal(line({ a: "a,b", b: "a\tb", c: "d" }, { separator: "\t" }), 'a,b\t"a\tb"\td\n');
    assert.equal(line({ a: "a,b", b: "a;b" }, { separator: ";" }), 'a,b;"a;b"\n');
  });

  it("changes no values: formulas, spaces and long numbers stay", () => {
    assert.equal(
      line({ a: "=1+1", b: " x ", c: 12345678901234567890n, d: 0.1, e: "007" }),
      "=1+1, x ,12345678901234567890,0.1,007\n",
    );
  });

  it("writes nothing for null and missing values, and JSON for nested ones", () => {
    const row = { a: null, b: undefined, c: false, d: [1, "x"], e: { big: 12345678901234567890n }, f: 1 };
    assert.equal(line(row), ',,false,"[1,""x""]","{""big"":12345678901234567890}",1\n');
    assert.equal(csvFormat(["toString", "x"]).line({ x: 1 }), ",1\n");
    assert.equal(line({ a: "", b: null, c: 0 }), ",,0\n");
  });

  it("never writes a blank line, which readers skip", () => {
    assert.equal(line({ a: null }), '""\n');
    assert.equal(line({ a: "" }), '""\n');
    assert.equal(line({ a: 0 }), "0\n");
  });

  it("quotes the header as it quotes values", () => {
    assert.equal(csvFormat(["a,b", "c"]).header(), '"a,b",c\n');
  });

  it("ends lines as asked", () => {
    assert.equal(line({ a: 1, b: 2 }, { lineEnd: "\r\n" }), "1,2\r\n");
  });
});
