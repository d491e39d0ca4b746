import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import { ClosedPipeError, MpError } from "../../src/errors.ts";
import { BINARY_FORMATS, type Format, FORMATS } from "../../src/output/formats.ts";
import { type PrintOptions, printResult, type Result } from "../../src/output/print.ts";
import { seriesForms } from "../../src/output/series.ts";
import { parseJson } from "../../src/streams/json/json.ts";
import { recordingOutput } from "../helpers/recording_output.ts";

const of = (text: string): Result => ({ text, data: parseJson(text) });

async function print(result: Result, options: Partial<PrintOptions> & { format: Format }, isTerminal = false) {
  const output = recordingOutput({ isTerminal, columns: 60 });
  await printResult(output, result, { colour: false, ...options });
  return output.text();
}

const series = ["2026-08-01", "2026-08-02"];
const values = { US: { "2026-08-01": 3, "2026-08-02": 4 }, DE: { "2026-08-01": 1000, "2026-08-02": 0 } };
const body = JSON.stringify({ data: { series, values }, legend_size: 2 });
const segmentation: Result = { ...of(body), ...seriesForms(series, values, { keyName: "country" }) };

describe("printResult", () => {
  it("prints JSON in a pipe as the server sent it", async () => {
    assert.equal(await print(segmentation, { format: "json" }), body + "\n");
    assert.equal(
      await print(of('{"id": 12345678901234567890}\n'), { format: "json" }),
      '{"id": 12345678901234567890}\n',
    );
  });

  it("lays JSON out on a terminal", async () => {
    assert.equal(await print(of('{"9":1,"10":[]}'), { format: "json" }, true), '{\n  "9": 1,\n  "10": []\n}\n');
  });

  it("prints tidy rows as JSON Lines, CSV and TSV", async () => {
    assert.equal(
      await print(segmentation, { format: "jsonl" }),
      '{"date":"2026-08-01","country":"US","value":3}\n{"date":"2026-08-01","country":"DE","value":1000}\n' +
        '{"date":"2026-08-02","country":"US","value":4}\n{"date":"2026-08-02","country":"DE","value":0}\n',
    );
    assert.equal(
      await print(segmentation, { format: "csv" }),
      "date,country,value\n2026-08-01,US,3\n2026-08-01,DE,1000\n2026-08-02,US,4\n2026-08-02,DE,0\n",
    );
    assert.match(await print(segmentation, { format: "tsv" }), /^date\tcountry\tvalue\n2026-08-01\tUS\t3\n/);
  });

  it("prints a series as a table of dates and segments, and as a chart", async () => {
    assert.equal(
      await print(segmentation, { format: "table" }),
      [
        "date           DE  US",
        "──────────  ─────  ──",
        "2026-08-01  1,000   3",
        "2026-08-02      0   4",
        "",
      ].join("\n"),
    );
    const chart = await print(segmentation, { format: "chart" });
    assert.ok(chart.endsWith("\nA DE: 1,000   B US: 7\n"), chart);
  });

  it("finds rows in answers of any shape", async () => {
    assert.equal(await print(of('["Login","Signup"]'), { format: "csv" }), "value\nLogin\nSignup\n");
    assert.equal(await print(of('{"results":[{"id":1}],"status":"ok"}'), { format: "jsonl" }), '{"id":1}\n');
    assert.equal(
      await print(of('{"id":1,"name":"x"}'), { format: "table" }),
      "key   value\n────  ─────\nid    1\nname  x\n",
    );
  });

  it("takes a single object as one record where programs read", async () => {
    assert.equal(await print(of('{"id":1,"tags":["a"]}'), { format: "csv" }), 'id,tags\n1,"[""a""]"\n');
    assert.equal(await print(of('{"id":1,"tags":["a"]}'), { format: "jsonl" }), '{"id":1,"tags":["a"]}\n');
  });

  it("limits tables and CSV to the columns of the command", async () => {
    const result = { ...of('[{"id":1,"name":"x","size":2}]'), columns: ["name", { key: "id", title: "Id" }] };
    assert.equal(await print(result, { format: "csv" }), "name,id\nx,1\n");
    assert.equal(await print(result, { format: "table" }), "name  Id\n────  ──\nx      1\n");
  });

  it("fits a terminal's width, and cuts nothing in a pipe", async () => {
    const result = of(`[{"text":"${"x".repeat(100)}"}]`);
    assert.ok((await print(result, { format: "table" }, true)).includes("…"));
    assert.ok((await print(result, { format: "table" })).includes("x".repeat(100)));
  });

  it("prints what jq answers, whatever the format", async () => {
    assert.equal(await print(segmentation, { format: "table", jq: ".legend_size" }), "2\n");
    assert.equal(await print(of('"\\u001b[2J"'), { format: "json", jq: "." }, true), "␛[2J\n");
    assert.equal(await print(of('"\\u001b[2J"'), { format: "json", jq: "." }), "\x1b[2J\n");
  });

  it("lets no control character reach a terminal, in any format", async () => {
    const nasty = '{"results":[{"\x9bkey":"\\u001b[2J\x9b\x7f\\r"}]}';
    const chart = { kind: "bar" as const, rows: [{ label: "\x1b[2J\x9b", value: 1 }] };
    // What is no text is refused on a terminal.
    for (const format of FORMATS.filter((one) => !BINARY_FORMATS.has(one))) {
      const text = await print({ ...of(nasty), chart }, { format }, true);
      // deno-lint-ignore no-control-regex -- control characters are the subject
      assert.ok(text.length > 0 && !/[\x00-\x08\x0b-\x1f\x7f-\x9f]/.test(text), `${format}: ${JSON.stringify(text)}`);
    }
  });

  it("begins CSV and TSV with a byte order mark where that is asked for", async () => {
    assert.equal(await print(of('[{"é":1}]'), { format: "csv", bom: true }), "\ufeffé\n1\n");
    assert.equal(await print(of('[{"é":1}]'), { format: "tsv", bom: true }), "\ufeffé\n1\n");
    assert.equal(await print(of('[{"é":1}]'), { format: "csv" }), "é\n1\n");
  });

  it("refuses to make a table of an answer that is no JSON", async () => {
    for (const format of ["md", "html", "xlsx"] as const) {
      await assert.rejects(print({ text: "plain", data: undefined }, { format }), {
        category: "input",
        message: `Cannot write this answer as ${format}: it is not JSON`,
      });
    }
  });

  it("says when there is nothing to show", async () => {
    assert.equal(await print(of("[]"), { format: "table" }), "No results\n");
    assert.equal(await print(of("[]"), { format: "csv" }), "");
    assert.equal(await print(of("[]"), { format: "jsonl" }), "");
    assert.equal(await print({ text: "", data: undefined }, { format: "json" }), "");
  });

  it("prints text that isn't JSON as it is", async () => {
    assert.equal(await print({ text: "plain\n", data: undefined }, { format: "json" }), "plain\n");
    assert.equal(await print({ text: "plain", data: undefined }, { format: "table" }), "plain\n");
  });

  it("refuses a chart where there is nothing to draw, with a hint", async () => {
    await assert.rejects(print(of("[]"), { format: "chart" }), (error: MpError) => {
      assert.equal(error.exitCode, 3);
      assert.match(error.message, /^Cannot draw a chart of this result/);
      return error.hint !== undefined;
    });
  });

  it("writes long lists in pieces, and stops when nobody reads any more", async () => {
    const rows = Array.from({ length: 20_000 }, (_, index) => ({ index, text: "x".repeat(20) }));
    const result = { text: "", data: undefined, rows };
    const output = recordingOutput();
    await printResult(output, result, { format: "jsonl", colour: false });
    assert.ok(output.writes.length > 5, `${output.writes.length} writes`);
    assert.equal(output.text().split("\n").length, 20_001);
    const closed = recordingOutput({ closedAfter: 1 });
    await assert.rejects(printResult(closed, result, { format: "csv", colour: false }), ClosedPipeError);
  });
});
