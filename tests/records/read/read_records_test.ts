import { describe, it } from "node:test";
import assert from "node:assert/strict";
import { gzipSync, zstdCompressSync } from "node:zlib";
import fc from "fast-check";
import { MpError } from "../../../src/errors.ts";
import { type ReadOptions, readRecords } from "../../../src/records/read/read_records.ts";
import { UnreadableRecord } from "../../../src/records/read/record_block.ts";
import type { RecordSource } from "../../../src/records/read/record_source.ts";
import { parseJson } from "../../../src/streams/json/json.ts";
import { CHUNK_SIZES, chunked } from "../../streams/chunked.ts";

const decoder = new TextDecoder();

function source(content: string | Uint8Array, name = "input", size = 64): RecordSource {
  return { name, open: () => chunked(content, size) };
}

/** All records with their places, parsed. */
async function read(sources: RecordSource[], options: ReadOptions = {}) {
  const records: { value: unknown; line: number; before: number; source: string }[] = [];
  for await (const block of readRecords(sources, options)) {
    const items = block.kind === "lines" ? [...block.lines].map((line) => decoder.decode(line)) : block.values;
    for (const [index, item] of items.entries()) {
      records.push({
        value: block.kind === "lines" ? ((item as string).trim() === "" ? "" : parseJson(item as string)) : item,
        line: block.kind === "lines" ? block.firstLine + index : block.lineNumbers[index] as number,
        before: block.recordsBefore + index,
        source: block.source.name,
      });
    }
  }
  return records;
}

const values = async (content: string | Uint8Array, name?: string, options?: ReadOptions, size?: number) =>
  (await read([source(content, name, size)], options)).map((record) => record.value);

const EVENTS = [{ event: "a", properties: { n: 1 } }, { event: "ü", properties: { n: 9007199254740993n } }];
const LINES = '{"event":"a","properties":{"n":1}}\n{"event":"ü","properties":{"n":9007199254740993}}\n';
const LIST = `[${LINES.trim().replace("\n", ",\n")}]`;

describe("reading records", () => {
  it("tells JSON Lines, lists, wrapped lists and pretty-printed objects apart, whatever the name and the chunks", async () => {
    const forms = [
      LINES,
      LINES.trimEnd(),
      LINES.replaceAll("\n", "\r\n"),
      `\ufeff${LINES}`,
      LIST,
      `\n\n ${LIST}\n`,
      `{"events":${LIST}}`,
      `{"status": "ok", "page": 0, "results": ${LIST}}\n`,
      LIST.slice(1, -1).replace("},\n", "}\n").replace('{"event"', '{\n"event"'),
    ];
    for (const form of forms) {
      for (const size of CHUNK_SIZES) {
        for (const name of ["input", "a.json", "a.jsonl"]) {
          assert.deepEqual(await values(form, name, {}, size), EVENTS, form);
        }
      }
    }
  });

  it("takes a first line that is cut for a damaged record, and not for JSON that goes on", async () => {
    for (const cut of ['{"event":"Purcha', '{"event":"Purchase","properties":{', '{"event":"Purchase",']) {
      for await (const block of readRecords([source(`${cut}\n{"n":2}\n`, "a.jsonl")])) {
        assert.ok(block.kind === "lines");
        assert.deepEqual([...block.lines].map((line) => decoder.decode(line)), [cut, '{"n":2}']);
      }
    }
  });

  it("decompresses gzip and Zstandard, and several members after each other", async () => {
    const [first, second] = LINES.split(/(?<=\n)/) as [string, string];
    assert.deepEqual(await values(new Uint8Array([...gzipSync(first), ...gzipSync(second)])), EVENTS);
    assert.deepEqual(await values(zstdCompressSync(LIST)), EVENTS);
  });

  it("counts the records of all sources, those that cannot be read included", async () => {
    const found = await read([
      source('{"a":1}\n\n{"a":2}\n', "one.jsonl"),
      source('a,b\n1,2\n3\n"5\n",6\n', "two.csv"),
      source('[{"a":3},{"a":}]', "three.json"),
    ]);
    assert.deepEqual(found.map(({ source, line, before }) => [source, line, before]), [
      ["one.jsonl", 1, 0],
      ["one.jsonl", 2, 1],
      ["one.jsonl", 3, 2],
      ["two.csv", 2, 3],
      ["two.csv", 3, 4],
      ["two.csv", 4, 5],
      ["three.json", 1, 6],
      ["three.json", 2, 7],
    ]);
    assert.deepEqual(found[4]?.value, new UnreadableRecord("1 field where there must be 2", undefined, "3"));
    assert.deepEqual(found[7]?.value, new UnreadableRecord("not valid JSON", undefined, '{"a":}', "not_json"));
  });

  it("takes an object with a list for a record when it has what a record has", async () => {
    const record = { event_name: "x", event_params: [{ key: "a", value: { int_value: "1" } }], items: [] };
    assert.deepEqual(await values(JSON.stringify(record, null, 1), "ga4.json"), [record]);
    assert.deepEqual(await values('{"name":"x","tags":[{"a":1}]}'), [{ name: "x", tags: [{ a: 1 }] }]);
  });

  it("reads the elements of a list that is larger than any record", async () => {
    const many = Array.from({ length: 30_000 }, (_, n) => ({ n, text: "x".repeat(40) }));
    const found = await values(JSON.stringify({ anything: many, after: [1] }), "big.json", {}, 65_536);
    assert.equal(found.length, many.length);
    assert.deepEqual(found.at(-1), many.at(-1));
  });

  it("passes what came before a fault on, and then names the source and the record", async () => {
    const seen: unknown[] = [];
    await assert.rejects(async () => {
      for await (const block of readRecords([source('[{"a":1},{"a":2},{"a"', "cut.json", 4)])) {
        if (block.kind === "values") seen.push(...block.values);
      }
    }, { message: "Cannot read cut.json: the JSON ends early (record 3)", category: "input" });
    assert.deepEqual(seen, [{ a: 1 }, { a: 2 }]);
    const damaged = gzipSync(LINES.repeat(50)).subarray(0, 60);
    await assert.rejects(
      values(damaged, "cut.gz"),
      /Cannot decompress cut.gz: the compressed data ends early \(record \d+/,
    );
  });

  it("holds no record that is longer than 16 MiB", async () => {
    const long = `{"a":1}\n{"a":"${"x".repeat(17 * 1024 * 1024)}"}\n`;
    await assert.rejects(
      values(long, "a.jsonl", {}, 1 << 20),
      /Cannot read a\.jsonl, line 2: it is longer than/,
    );
    await assert.rejects(
      values(`[${long}]`, "a.json", {}, 1 << 20),
      /Cannot read a\.json: longer than \d+ bytes \(record 2\)/,
    );
  });

  it("says what it does not read", async () => {
    const cases: [string | Uint8Array, RegExp][] = [
      [new Uint8Array([0x50, 0x4b, 3, 4, 5]), /it is a ZIP archive/],
      [new Uint8Array([0xff, 0xfe, 0x61, 0]), /it is UTF-16/],
      ["hello\n", /Cannot tell the format of input: it begins with "hello"/],
    ];
    for (const [content, message] of cases) await assert.rejects(values(content), message);
    assert.deepEqual(await values(""), []);
    assert.deepEqual(await values("\n \n", "a.jsonl"), ["", ""]);
  });

  it("gives the same records, or the same error, wherever the input is cut, also when it is damaged", async () => {
    const outcome = async (content: string, name: string, size: number) => {
      const found: unknown[] = [];
      try {
        for await (const block of readRecords([source(content, name, size)])) {
          if (block.kind === "lines") found.push(...[...block.lines].map((line) => decoder.decode(line)));
          else found.push(...block.values);
        }
      } catch (error) {
        assert.ok(error instanceof MpError, String(error));
        found.push(error.message.replace(/\((line|record) \d+ or after\)/, ""));
      }
      return found;
    };
    const documents = [
      LINES,
      LIST,
      `{"status":"ok","results":${LIST}}`,
      'event,time,"a ""b"""\r\nx,1,"two\nlines"\r\n"y",2,\r\n',
      "a;b\r1;2\r",
    ];
    const mutated = fc.record({
      text: fc.constantFrom(...documents),
      edits: fc.array(
        fc.tuple(fc.nat(), fc.nat(3), fc.constantFrom("", '"', "{", "}", "[", "]", ",", "\n", "\r", "\\", "é")),
        {
          maxLength: 3,
        },
      ),
      name: fc.constantFrom("input", "a.json", "a.csv", "a.jsonl"),
      size: fc.integer({ min: 1, max: 12 }),
    });
    await fc.assert(
      fc.asyncProperty(mutated, async ({ text, edits, name, size }) => {
        let content = text;
        for (const [at, removed, added] of edits) {
          const from = at % (content.length + 1);
          content = content.slice(0, from) + added + content.slice(from + removed);
        }
        assert.deepEqual(await outcome(content, name, size), await outcome(content, name, 4096));
      }),
      { numRuns: 400 },
    );
  });

  it("counts bytes as they are stored, and stops when it is told to", async () => {
    const bytes = gzipSync(LINES);
    let count = 0;
    await read([source(bytes)], { onBytes: (more) => count += more });
    assert.equal(count, bytes.length);
    const controller = new AbortController();
    controller.abort(new Error("enough"));
    await assert.rejects(values(LINES, "a.jsonl", { signal: controller.signal }), /enough/);
  });
});

describe("reading tables", () => {
  it("finds the delimiter, and takes the columns' names from the first line", async () => {
    for (const delimiter of [",", ";", "\t", "|"]) {
      const text =
        `\ufeffevent${delimiter}city${delimiter}\r\nA${delimiter}"Köln, NRW"${delimiter}\r\nB${delimiter}${delimiter}x\r\n`;
      for (const size of [1, 3, 1024]) {
        assert.deepEqual(await values(text, "t.csv", {}, size), [
          { event: "A", city: "Köln, NRW" },
          { event: "B", column_3: "x" },
        ], delimiter);
      }
    }
  });

  it("takes other names, and rows without a header", async () => {
    assert.deepEqual(await values("1,x\n", "t.csv", { columns: ["n", "t"] }), [{ n: 1, t: "x" }]);
    assert.deepEqual(await values("a,b\n1,x\n", "t.csv", { columns: ["n", "t"], hasHeader: true }), [{ n: 1, t: "x" }]);
    assert.deepEqual(await values("1,x\n", "t.csv", { hasHeader: false }), [{ column_1: 1, column_2: "x" }]);
    assert.deepEqual(await values("only\nx\n", "t.csv"), [{ only: "x" }]);
  });

  it("reads columns of numbers, truth and JSON as such, and keeps every digit of what is no amount", async () => {
    const text = "user_id,zip,amount,price,ok,tags,mixed,big,lead,sciId,e\n" +
      '12,94103,7,12.50,true,"[1,""a""]",1,12345678901234567890,007,12e5,1.5e-05\n' +
      '13,94104,-8,0.05,FALSE,"{""a"":1}",x,1,1,13e5,2e+3\n';
    const kinds: unknown[] = [];
    const found = await values(text, "t.csv", { onColumns: (_source, columns) => kinds.push(...columns) });
    assert.deepEqual(found[0], {
      user_id: "12",
      zip: "94103",
      amount: 7,
      price: 12.5,
      ok: true,
      tags: [1, "a"],
      mixed: "1",
      big: "12345678901234567890",
      lead: "007",
      sciId: "12e5",
      e: 1.5e-5,
    });
    assert.equal((found[1] as { ok: unknown }).ok, false);
    assert.deepEqual(kinds[3], { name: "price", kind: "number", first: { text: "12.50", line: 2 } });
    const texts = await values("n,m\n1,2\n", "t.csv", { textColumns: new Set(["n"]) });
    assert.deepEqual(texts, [{ n: "1", m: 2 }]);
    assert.deepEqual(await values("n\n1\n", "t.csv", { inferTypes: false }), [{ n: "1" }]);
  });

  it("leaves a text as it is where a column of numbers turns out to have one", async () => {
    const rows = Array.from({ length: 1500 }, (_, index) => `${index},x`);
    rows[1200] = "many,x";
    const found = await values(`n,t\n${rows.join("\n")}\n`, "t.csv", {}, 1000);
    assert.equal(found.length, 1500);
    assert.deepEqual([found[1199], found[1200]], [{ n: 1199, t: "x" }, { n: "many", t: "x" }]);
  });

  it("decides what columns hold in the same way, however the table comes in", async () => {
    const rows = Array.from({ length: 1100 }, (_, index) => index === 1000 ? "none,x" : `${index},x`);
    const text = `n,t\n${rows.join("\n")}\n`;
    const whole = await values(text, "t.csv", {}, text.length);
    assert.deepEqual(whole[5], { n: 5, t: "x" });
    for (const size of [11, 500, 5000]) assert.deepEqual(await values(text, "t.csv", {}, size), whole);
  });

  it("looks at the columns before the first row, once for each table", async () => {
    const seen: string[] = [];
    const checkColumns = (name: string, columns: readonly string[]) => void seen.push(`${name}: ${columns.join(" ")}`);
    for (const inferTypes of [true, false]) await values("a,b\n1,2\n", "t.csv", { checkColumns, inferTypes }, 2);
    assert.deepEqual(seen, ["t.csv: a b", "t.csv: a b"]);
    await assert.rejects(
      values("a,b\n1,2\n", "t.csv", {
        checkColumns: () => {
          throw new Error("wrong columns");
        },
      }),
      /wrong columns/,
    );
  });

  it("refuses headers that name a column twice, and texts that are not UTF-8", async () => {
    await assert.rejects(values("a,b,a\n1,2,3\n", "t.csv"), /Cannot read t.csv: it has the column "a" twice/);
    const [odd] = await values("__proto__,b\n1,2\n", "t.csv");
    assert.equal(JSON.stringify(odd), `{"__proto__":1,"b":2}`);
    const latin = new Uint8Array([...new TextEncoder().encode("a,b\n1,2\n3,"), 0xfc, 0x0a]);
    await assert.rejects(values(latin, "t.csv", { format: "csv" }, 4), /it is not UTF-8 \(line \d or after\)/);
    await assert.rejects(values(latin.subarray(0, -1), "t.csv", { format: "csv" }), /it is not UTF-8/);
  });
});

describe("records that follow each other without a line feed", () => {
  it("are read however few they are, and with line feeds among them", async () => {
    const [first, second] = LINES.trim().split("\n") as [string, string];
    for (
      const text of [
        `${first}${second}`,
        `${first} ${second}\n`,
        `${first}\t${second}\r\n`,
        `\ufeff\n${first}${second}`,
      ]
    ) {
      for (const size of CHUNK_SIZES) {
        for (const name of ["input", "a.json", "a.jsonl", "standard input"]) {
          assert.deepEqual(await values(text, name, {}, size), EVENTS, `${name}: ${text}`);
        }
      }
    }
    const mixed = `${first}${second}\n${first}\n${second}${first}`;
    assert.deepEqual(await values(mixed, "a.jsonl"), [...EVENTS, EVENTS[0], EVENTS[1], EVENTS[0]]);
    const pretty = EVENTS.map((event) => JSON.stringify({ ...event, properties: {} }, null, 2));
    assert.equal((await values(pretty.join("\n"), "a.json")).length, 2);
    assert.equal((await values(pretty.join(""), "a.json")).length, 2);
  });

  it("do not make a damaged line of JSON Lines anything else", async () => {
    const [first] = LINES.split("\n") as [string];
    for await (const block of readRecords([source(`${first}x\n${first}\n`, "a.jsonl")])) {
      assert.equal(block.kind, "lines");
    }
    for await (const block of readRecords([source(`{"a":}{"b":1}\n${first}\n`, "a.jsonl")])) {
      assert.equal(block.kind, "lines");
    }
  });
});
