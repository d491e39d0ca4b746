import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import fc from "fast-check";
import { parquetMetadata } from "hyparquet";
import { parseJson, stringifyJson } from "../../../src/streams/json/json.ts";
import { columnFinder } from "../../../src/streams/table/columns.ts";
import { parquetEncoder } from "../../../src/streams/parquet/parquet_encoder.ts";
import type { Column, ColumnType } from "../../../src/streams/table/record_encoder.ts";
import { MisfitError } from "../../../src/streams/table/record_misfit.ts";
import { parquetOf, recordsIn } from "./parquet_file.ts";
import { columnsIn, event, linesOf, manyLines } from "../table/record_lines.ts";

/** The values of the property `p`, read back. */
async function readBack(...values: string[]): Promise<unknown[]> {
  const file = await parquetOf(linesOf(...values.map((value) => event(`{"p":${value}}`))));
  return (await recordsIn(file)).map(({ p }) => p);
}

const metadataOf = (file: Uint8Array) => parquetMetadata(file.slice().buffer);

async function misfit(type: ColumnType, value: string): Promise<string> {
  const columns: Column[] = [{ name: "event", type: "string" }, { name: "p", type }];
  const encoder = parquetEncoder(columns, "event", { isSelection: false });
  try {
    await encoder.encode(linesOf(event("{}"), event(`{"p":${value}}`)));
  } catch (error) {
    assert.ok(error instanceof MisfitError);
    assert.deepEqual([error.line, error.column], [2, "p"]);
    return error.reason;
  }
  return "fits";
}

describe("parquetEncoder", () => {
  it("gives columns the types that were found", async () => {
    const file = await parquetOf(linesOf(event('{"b":true,"i":1,"n":0.5,"s":"x","j":[1]}')));
    const types = metadataOf(file).schema.slice(1).map(({ name, type, converted_type, repetition_type }) =>
      [name, type, converted_type, repetition_type].join(" ")
    );
    assert.deepEqual(types, [
      "event BYTE_ARRAY UTF8 OPTIONAL",
      "b BOOLEAN  OPTIONAL",
      "i INT64  OPTIONAL",
      "n DOUBLE  OPTIONAL",
      "s BYTE_ARRAY UTF8 OPTIONAL",
      "j BYTE_ARRAY UTF8 OPTIONAL",
    ]);
  });

  it("keeps integers of 64 bits, and longer ones as texts", async () => {
    const integers = ["9223372036854775807", "-9223372036854775808", "0", "-1", "4294967296", "-4294967297"];
    assert.deepEqual((await readBack(...integers, "999999999999999", "-999999999999999")).map(String), [
      ...integers,
      "999999999999999",
      "-999999999999999",
    ]);
    assert.deepEqual(await readBack("1", "9223372036854775808"), ["1", "9223372036854775808"]);
  });

  it("keeps numbers to the last bit, texts to the last character", async () => {
    const numbers = [0.1, -0, 1e300, 5e-324, 3, 123456.789];
    assert.deepEqual(await readBack(...numbers.map((value) => Object.is(value, -0) ? "-0.0" : String(value))), numbers);
    assert.deepEqual(await readBack('"\\u00e9\\ud83d\\ude00\\u0000"', '""', '"\\ud83d"', '"a\\"b"'), [
      "é😀\0",
      "",
      "�",
      'a"b',
    ]);
  });

  it("writes what differs as texts, with a text among it, and else as JSON", async () => {
    assert.deepEqual(await readBack("true", "1.50", '"x"'), ["true", "1.50", "x"]);
    assert.deepEqual(await readBack('"x\\u0041"', "[ 1 , 9007199254740993 ]", "null", "1", '{"a":"b c"}', "false"), [
      "xA",
      "[1,9007199254740993]",
      undefined,
      "1",
      '{"a":"b c"}',
      "false",
    ]);
    assert.deepEqual(await readBack("[ 1 , 9007199254740993 ]", "null", "1", '{"a":"b c"}'), [
      [1, 9007199254740993n],
      undefined,
      1,
      { a: "b c" },
    ]);
  });

  it("leaves a place for what a record lacks, in any pattern", async () => {
    const patterns = [(n: number) => n % 2 === 0, (n: number) => n % 100 < 20, (n: number) => n === 4999, () => true];
    for (const has of patterns) {
      const records = Array.from({ length: 5000 }, (_, n) => event(has(n) ? `{"p":${n % 10},"t":true}` : '{"u":1}'));
      const back = await recordsIn(await parquetOf(linesOf(...records)));
      assert.deepEqual(
        back.map(({ p, t }) => [p, t]),
        records.map((_, n) => has(n) ? [n % 10, true] : [undefined, undefined]),
      );
    }
  });

  it("writes equal values once, and different ones without a dictionary", async () => {
    const records = Array.from({ length: 20_000 }, (_, n) => event(`{"same":"constant text","unique":"unique ${n}"}`));
    const file = await parquetOf(linesOf(...records));
    const [same, unique] = metadataOf(file).row_groups[0]?.columns.slice(1).map(({ meta_data }) => meta_data) ?? [];
    assert.deepEqual(same?.encodings, ["PLAIN", "RLE_DICTIONARY"]);
    assert.ok((same?.total_compressed_size ?? 1000n) < 150n);
    assert.deepEqual(unique?.encodings, ["PLAIN"]);
    assert.deepEqual((await recordsIn(file)).map(({ unique }) => unique), records.map((_, n) => `unique ${n}`));
  });

  it("begins a row group before one becomes too large", async () => {
    const small = manyLines(140_000, (n) => event(`{"p":${n}}`));
    const file = await parquetOf(small, { blockBytes: 1_000_000 });
    assert.deepEqual(metadataOf(file).row_groups.map(({ num_rows }) => num_rows), [65536n, 65536n, 8928n]);
    assert.deepEqual((await recordsIn(file)).map(({ p }) => p), Array.from({ length: 140_000 }, (_, n) => n));

    const text = "x".repeat(100_000);
    const large = manyLines(200, (n) => event(`{"p":"${n} ${text}"}`));
    assert.deepEqual(metadataOf(await parquetOf(large)).row_groups.map(({ num_rows }) => num_rows), [168n, 32n]);
  });

  it("says the bounds of each column", async () => {
    const lines = linesOf(event('{"i":5,"n":0.0,"s":"b"}'), event('{"i":-3,"n":-0.0,"s":"aé"}'), event('{"i":4}', "é"));
    const columns = metadataOf(await parquetOf(lines)).row_groups[0]?.columns ?? [];
    const bounds = columns.map(({ meta_data }) => {
      const { min_value, max_value, null_count } = meta_data?.statistics ?? {};
      return [min_value, max_value, null_count];
    });
    assert.deepEqual(bounds, [["A", "é", 0n], [-3n, 5n, 0n], [-0, 0, 1n], ["aé", "b", 1n]]);
  });

  it("knows the least and the greatest of numbers of any size, and of texts byte by byte", async () => {
    const texts = ["abcdefgh", "abcdefg", "abcdzzzz", "\u{7f}bcd", "é", "ÿÿ", "zzzz\u{80}", "zzzzz"];
    const longs = [
      "9007199254740993",
      "-9223372036854775808",
      "12",
      "9223372036854775807",
      "-4294967297",
      "1",
      "2",
      "3",
    ];
    const halves = ["0.5", "-0.25", "1e3", "7", "-1e-7", "2", "3", "4"];
    const events = texts.map((text, row) =>
      event(`{"s":${JSON.stringify(text)},"l":${longs[row]},"d":${halves[row]},"t":${row - 4294967300}}`)
    );
    const columns = (["string", "integer", "number", "integer"] as const).map((type, index) => ({
      name: "sldt"[index] as string,
      type,
    }));
    // Often enough for texts that are no dictionary.
    const many = Array.from({ length: 2000 }, (_, row) => event(`{"s":"b${row}"}`));
    for (const lines of [linesOf(...events), linesOf(...many, ...events)]) {
      const found = metadataOf(await parquetOf(lines, { columns, isSelection: true })).row_groups[0]!.columns;
      assert.deepEqual(
        found.map(({ meta_data }) => [meta_data?.statistics?.min_value, meta_data?.statistics?.max_value]),
        [
          ["abcdefg", "ÿÿ"],
          [-9223372036854775808n, 9223372036854775807n],
          [-0.25, 1000],
          [-4294967300n, -4294967293n],
        ],
      );
    }
  });

  it("keeps the rows of several groups, whose values are compressed while the next ones come", async () => {
    const records = Array.from(
      { length: 150_000 },
      (_, n) => event(`{"n":${n},"text":"text ${n}","is":${n % 3 === 0}${n % 7 === 0 ? `,"some":"${n}"` : ""}}`),
    );
    const file = await parquetOf(new TextEncoder().encode(`${records.join("\n")}\n`));
    const { row_groups } = metadataOf(file);
    assert.deepEqual(row_groups.map(({ num_rows }) => num_rows), [65_536n, 65_536n, 18_928n]);
    assert.ok(row_groups.every(({ columns }) => columns.every(({ meta_data }) => meta_data?.codec === "ZSTD")));
    const back = await recordsIn(file);
    assert.equal(back.length, records.length);
    for (const [n, record] of back.entries()) {
      const expected = { event: "A", n, text: `text ${n}`, is: n % 3 === 0, ...n % 7 === 0 && { some: String(n) } };
      assert.deepEqual({ ...record }, expected);
    }
  });

  it("writes a file that can be read when there are no records or no columns", async () => {
    assert.deepEqual(
      await recordsIn(await parquetOf(new Uint8Array(0), { columns: [{ name: "a", type: "json" }] })),
      [],
    );
    const file = await parquetOf(linesOf(event("{}")), {
      columns: [{ name: "none", type: "integer" }],
      isSelection: true,
    });
    assert.deepEqual(await recordsIn(file), [{}]);
  });

  it("names what wrote it, and keeps facts", async () => {
    const file = await parquetOf(linesOf(event("{}")), { createdBy: "mp version 9", metadata: { "mp.range": "2026" } });
    const { created_by, key_value_metadata } = metadataOf(file);
    assert.deepEqual([created_by, key_value_metadata], ["mp version 9", [{ key: "mp.range", value: "2026" }]]);
  });

  it("reports times that are none, so that it can be said", async () => {
    for (
      const [times, type] of [[["1", "2"], undefined], [["1", '"2"'], "string"], [["1", "2.5"], "number"]] as const
    ) {
      const lines = linesOf(...times.map((time) => event(`{"time":${time}}`)));
      const finder = columnFinder("event");
      finder.observe(lines);
      const encoder = parquetEncoder(finder.columns(), "event", { isSelection: false });
      encoder.begin();
      await encoder.encode(lines);
      await encoder.end();
      assert.equal(encoder.report.oddTimeType, type);
    }
  });

  it("refuses a value that its column cannot hold as it is", async () => {
    assert.equal(await misfit("integer", "1.5"), "has a number, and its column holds integers");
    assert.equal(
      await misfit("integer", "9223372036854775808"),
      "has an integer of more than 64 bits, and its column holds integers",
    );
    assert.equal(
      await misfit("number", "9007199254740993"),
      "has an integer beyond 2^53, and its column holds numbers",
    );
    assert.equal(await misfit("number", "9007199254740992"), "fits");
    assert.equal(await misfit("number", '"1"'), "has a text, and its column holds numbers");
    assert.equal(await misfit("boolean", "[]"), "has a list, and its column holds booleans");
    assert.equal(await misfit("integer", "null"), "fits");
  });

  it("can be read back without a difference", async () => {
    const value = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.integer(),
      fc.double(),
      fc.bigInt(),
      fc.boolean(),
      fc.jsonValue(),
    );
    const properties = fc.dictionary(fc.constantFrom("a", "b", "event"), value);
    await fc.assert(
      fc.asyncProperty(fc.array(properties, { minLength: 1, maxLength: 20 }), async (records) => {
        const texts = records.map((record) => stringifyJson({ event: "A", properties: record }));
        const lines = linesOf(...texts);
        const types = new Map(columnsIn(lines).map(({ name, type }) => [name, type]));
        const back = await recordsIn(await parquetOf(lines));
        for (const [index, text] of texts.entries()) {
          const { properties } = parseJson(text) as { properties: Record<string, unknown> };
          for (const key of ["a", "b", "event"]) {
            const name = key === "event" ? "properties.event" : key;
            const expected = properties[key] ?? undefined;
            const isText = types.get(name) === "string" && typeof expected !== "string" && expected !== undefined;
            assert.deepEqual(normal(back[index]?.[name]), normal(isText ? stringifyJson(expected) : expected));
          }
        }
      }),
      { numRuns: 40 },
    );
  });
});

/** As JSON has it: a zero without sign, texts that can be written, numbers and bigints by their digits. */
function normal(value: unknown): unknown {
  return value === undefined
    ? undefined
    : JSON.parse(stringifyJson(value), (_key, item) => typeof item === "string" ? item.toWellFormed() : item);
}
