import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import fc from "fast-check";
import { csvRecordEncoder } from "../../../src/streams/csv/csv_record_encoder.ts";
import { parseJson, stringifyJson } from "../../../src/streams/json/json.ts";
import type {} from "../../../src/streams/table/record_encoder.ts";
import type { RecordLayout } from "../../../src/streams/table/record_layout.ts";
import { MisfitError } from "../../../src/streams/table/record_misfit.ts";
import { columnsIn, event, joined, linesOf } from "../table/record_lines.ts";

const decoder = new TextDecoder("utf-8", { fatal: true });
const chosen = (...names: string[]) => names.map((name) => ({ name, type: "string" as const }));

/** The file of these lines, which come in two blocks. */
function csv(lines: Uint8Array, separator: "," | "\t" = ",", layout: RecordLayout = "event", names?: string[]): string {
  const columns = names === undefined ? columnsIn(lines, layout) : chosen(...names);
  const encoder = csvRecordEncoder(columns, layout, separator, { isSelection: names !== undefined });
  const cut = lines.indexOf(10, lines.length / 2) + 1;
  const parts = [() => encoder.begin(), () => encoder.encode(lines.subarray(0, cut))];
  parts.push(() => encoder.encode(lines.subarray(cut)), () => encoder.end() as Uint8Array);
  return decoder.decode(joined(parts.map((part) => (part() as Uint8Array).slice())));
}

/** The text of the property `p` alone. */
const cell = (value: string | Uint8Array, separator?: "," | "\t") => {
  const bytes = typeof value === "string" ? new TextEncoder().encode(value) : value;
  const lines = joined([linesOf('{"event":"A","properties":{"q":1,"p":').subarray(0, -1), bytes, linesOf("}}")]);
  return csv(lines, separator, "event", ["q", "p"]).split("\n").slice(1).join("\n").slice(2, -1);
};

/** Fields by RFC 4180, and whether they were quoted. */
function fieldsOf(text: string): { text: string; isQuoted: boolean }[][] {
  const rows: { text: string; isQuoted: boolean }[][] = [];
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\n)/y;
  for (let row: { text: string; isQuoted: boolean }[] = [], at = 0; at < text.length;) {
    field.lastIndex = at;
    const [whole, quoted, plain, end] = field.exec(text) as RegExpExecArray;
    row.push({ text: quoted?.replaceAll('""', '"') ?? plain ?? "", isQuoted: quoted !== undefined });
    at += (whole as string).length;
    if (end === ",") continue;
    rows.push(row);
    row = [];
  }
  return rows;
}

describe("csvRecordEncoder", () => {
  it("writes a row for each record in the order of the columns", () => {
    const lines = linesOf(event('{"time":1,"plan":"pro"}'), event('{"amount":2.50,"time":3}', "B"), event("{}", "C"));
    assert.equal(csv(lines), "event,time,plan,amount\nA,1,pro,\nB,3,,2.50\nC,,,\n");
  });

  it("writes profiles and plain objects", () => {
    assert.equal(
      csv(linesOf('{"$distinct_id":"u","$properties":{"$name":"N"}}'), ",", "profile"),
      "$distinct_id,$name\nu,N\n",
    );
    assert.equal(csv(linesOf('{"id":1,"tags":["a"]}'), ",", "flat"), 'id,tags\n1,"[""a""]"\n');
  });

  it("keeps every digit of a number", () => {
    for (const number of ["1234567890123456789", "-0", "1.10", "1e400", "0.1000000000000000055511151231257827"]) {
      assert.equal(cell(number), number);
    }
  });

  it("tells an empty text from a value that is not there", () => {
    assert.equal(cell('""'), '""');
    assert.equal(cell("null"), "");
    assert.equal(
      csv(linesOf(event('{"p":""}'), event('{"p":null}'), event("{}")), ",", "event", ["p"]),
      'p\n""\n""\n""\n',
    );
  });

  it("quotes what holds a separator, a quote or a line end, and nothing else", () => {
    assert.equal(cell('"a,b"'), '"a,b"');
    assert.equal(cell('"say \\"hi\\""'), '"say ""hi"""');
    assert.equal(cell('"a\\nb\\rc"'), '"a\nb\rc"');
    assert.equal(cell("\"a\\tb; 'c' =1+1 \""), "a\tb; 'c' =1+1 ");
    assert.equal(cell('"a\\tb"', "\t"), '"a\tb"');
    assert.equal(cell('"a,b"', "\t"), "a,b");
  });

  it("unescapes texts exactly", () => {
    assert.equal(cell('"\\u00e9\\ud83d\\ude00\\/\\\\\\b\\u20AC"'), "é😀/\\\b€");
    assert.equal(cell('"\\ud83dx\\ude00\\ud83d"'), "�x��");
    assert.equal(cell('"\\ud83d\\u0041"'), "�A");
  });

  it("writes NUL as JSON does, which no database takes in a text, and counts it", () => {
    const encoder = csvRecordEncoder(chosen("event", "p"), "event", ",");
    const text = decoder.decode(
      encoder.encode(linesOf(event('{"p":"a\\u0000b"}'), event('{"p":["\\u0000"]}'))) as Uint8Array,
    );
    assert.equal(text, 'A,"a\\u0000b"\nA,"[""\\u0000""]"\n');
    assert.equal(encoder.report.nuls, 1);
  });

  it("writes a marker for null, and quotes the text that is the same", () => {
    const encoder = csvRecordEncoder(chosen("event", "p", "q"), "event", ",", { nullText: "\\N" });
    const lines = linesOf(event('{"p":null}'), event('{"p":"\\\\N","q":""}'));
    assert.equal(decoder.decode(encoder.encode(lines) as Uint8Array), 'A,\\N,\\N\nA,"\\N",""\n');
  });

  it("writes times in the form that was asked for, and what is none as it is", () => {
    const times = ["1795240800", "1795240800123", "1795240800.5", '"later"', "1e300"];
    const columns = [{ name: "time", type: "timestamp" as const }];
    const written = (time?: "iso" | "seconds" | "milliseconds") =>
      decoder.decode(
        csvRecordEncoder(columns, "event", ",", { time, isSelection: true })
          .encode(linesOf(...times.map((text) => event(`{"time":${text}}`)))) as Uint8Array,
      ).trim().split("\n");
    assert.deepEqual(written(), ["1795240800", "1795240800123", "1795240800.5", "later", "1e300"]);
    assert.deepEqual(written("iso"), [
      "2026-11-21T06:00:00.000Z",
      "2026-11-21T06:00:00.123Z",
      "2026-11-21T06:00:00.500Z",
      "later",
      "1e300",
    ]);
    assert.deepEqual(written("seconds"), ["1795240800", "1795240800.123", "1795240800.5", "later", "1e300"]);
    assert.deepEqual(written("milliseconds"), ["1795240800000", "1795240800123", "1795240800500", "later", "1e300"]);
  });

  it("writes bytes that are not UTF-8 as U+FFFD, so that readers take the file", () => {
    const broken = new Uint8Array([0x22, 0x61, 0xff, 0xe2, 0x82, 0x22]);
    assert.equal(cell(broken), "a��");
    assert.equal(cell(new Uint8Array([0x5b, ...broken, 0x5d])), '"[""a��""]"');
  });

  it("writes lists and objects as compact JSON with their digits and escapes", () => {
    assert.equal(
      cell('[ 1234567890123456789 , { "a b" : "c d" } ,\t"\\u00e9" ]'),
      '"[1234567890123456789,{""a b"":""c d""},""\\u00e9""]"',
    );
    assert.equal(cell("[ ]"), "[]");
  });

  it("writes a surrogate without its partner as U+FFFD inside lists and objects too", () => {
    assert.equal(
      cell('["\\ud83d\\ude00\\udE00x\\uD83D","\\ud83d\\u0041\\\\ud83d"]'),
      '"[""\\ud83d\\ude00\\ufffdx\\ufffd"",""\\ufffd\\u0041\\\\ud83d""]"',
    );
    assert.equal(cell('{"\\udc00":"\\ud83d\\ud83d\\ude00"}'), '"{""\\ufffd"":""\\ufffd\\ud83d\\ude00""}"');
  });

  it("takes the last of two values of one key", () => {
    assert.equal(
      csv(linesOf(event('{"p":1,"p":2}'), event('{"p":3,"p":null}')), ",", "event", ["event", "p"]),
      "event,p\nA,2\nA,\n",
    );
  });

  it("leaves out what was not chosen, and refuses to lose what was not found", () => {
    const lines = linesOf(event('{"a":1,"b":2}'));
    assert.equal(csv(lines, ",", "event", ["b", "none", "event"]), "b,none,event\n2,,A\n");
    const encoder = csvRecordEncoder(chosen("event", "a"), "event", ",");
    assert.throws(
      () => encoder.encode(lines),
      (error) =>
        error instanceof MisfitError && error.line === 1 && error.column === "b" &&
        error.message === 'line 1: "b" has no column',
    );
    assert.equal(decoder.decode(encoder.encode(linesOf(event('{"a":1,"b":null}'))) as Uint8Array), "A,1\n");
    assert.throws(() => csvRecordEncoder(chosen("a", "properties.a"), "event", ",", { isSelection: true }), RangeError);
  });

  it("writes records that are much larger than those before", () => {
    const large = '\\"'.repeat(100_000);
    const lines = linesOf(event('{"p":1}'), event(`{"p":"${large}"}`), event('{"p":2}'));
    assert.equal(csv(lines), `event,p\nA,1\nA,"${'""'.repeat(100_000)}"\nA,2\n`);
  });

  it("can be read back without a difference", () => {
    const value = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.bigInt(),
      fc.boolean(),
      fc.constant(null),
      fc.jsonValue({ maxDepth: 2 }),
    );
    const key = fc.string({ unit: "binary", maxLength: 3 }).filter((text) => !text.includes("\0"));
    const properties = fc.dictionary(key, value, { maxKeys: 6 });
    fc.assert(fc.property(fc.array(properties, { minLength: 1, maxLength: 5 }), (records) => {
      const texts = records.map((record) => stringifyJson({ event: "A", properties: record }));
      const [names, ...rows] = fieldsOf(csv(linesOf(...texts)));
      assert.equal(rows.length, records.length);
      for (const [index, text] of texts.entries()) {
        const { properties } = parseJson(text) as { properties: Record<string, unknown> };
        const expected = new Map(Object.entries(properties).map(([key, item]) => [key.toWellFormed(), item]));
        for (const [column, { text: name }] of (names ?? []).entries()) {
          if (name === "event") continue;
          const field = rows[index]?.[column];
          const item = expected.get(name.replace(/^properties\./, ""));
          if (item === undefined || item === null) assert.deepEqual(field, { text: "", isQuoted: false });
          else if (typeof item === "string") {
            assert.equal(field?.text, item.toWellFormed().replaceAll("\0", "\\u0000"));
          } else if (typeof item === "object") {
            assert.deepEqual(parseJson(field?.text ?? ""), parseJson(stringifyJson(item)));
          } else assert.equal(field?.text, stringifyJson(item));
        }
      }
    }));
  });
});
