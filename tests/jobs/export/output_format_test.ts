import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  chooseFormat,
  extensionOf,
  type FormatOptions,
  isWrittenAtOnce,
} from "../../../src/jobs/export/output_format.ts";

const chosen = (wishes: FormatOptions) => {
  const output = chooseFormat(wishes);
  return `${output.format} ${output.compression} ${extensionOf(output)}`;
};

describe("the form of an export", () => {
  it("follows the name", () => {
    assert.equal(chosen({}), "jsonl none .jsonl");
    assert.equal(chosen({ name: "events.jsonl.gz" }), "jsonl gzip .jsonl.gz");
    assert.equal(chosen({ name: "EVENTS.CSV.ZST" }), "csv zstd .csv.zst");
    assert.equal(chosen({ name: "a.b.tsv" }), "tsv none .tsv");
    assert.equal(chosen({ name: "events.pq" }), "parquet none .parquet");
    assert.equal(chosen({ name: "gz" }), "jsonl none .jsonl");
    assert.equal(chosen({ name: "events.2026" }), "jsonl none .jsonl");
    assert.equal(chosen({ name: "a.d/events" }), "jsonl none .jsonl");
    assert.equal(chosen({ name: ".events" }), "jsonl none .jsonl");
    assert.equal(chosen({ name: "events.txt", format: "jsonl" }), "jsonl none .jsonl");
    assert.equal(chosen({ name: "csv" }), "jsonl none .jsonl");
  });

  it("follows flags before the name, and a folder's custom after it", () => {
    assert.equal(chosen({ name: "events.jsonl", format: "csv" }), "csv none .csv");
    assert.equal(chosen({ name: "events.csv", compression: "gzip" }), "csv gzip .csv.gz");
    assert.equal(chosen({ name: "events.json", format: "jsonl" }), "jsonl none .jsonl");
    assert.equal(chosen({ name: "events.csv.tmp", format: "csv" }), "csv none .csv");
    assert.equal(chosen({ name: "events.2026.csv" }), "csv none .csv");
    assert.equal(chosen({ defaultCompression: "gzip" }), "jsonl gzip .jsonl.gz");
    assert.equal(chosen({ defaultCompression: "gzip", compression: "none" }), "jsonl none .jsonl");
    assert.equal(chosen({ defaultCompression: "gzip", format: "parquet" }), "parquet none .parquet");
  });

  it("is refused when it contradicts itself", () => {
    const wrong: FormatOptions[] = [
      { name: "a.csv.gz", compression: "zstd" },
      { name: "a.csv.gz", compression: "none" },
      { name: "a.parquet.gz" },
      { format: "parquet", compression: "zstd" },
      { columns: ["a"] },
      { format: "chart" },
      { format: "json" },
      { name: "events.json" },
      { name: "events.json.gz" },
      { name: "events.csv.bz2" },
      { name: "events.csv.bz2", format: "csv" },
      { name: "events.xz" },
      { name: "events.jsonl.tmp" },
    ];
    for (const wishes of wrong) {
      assert.throws(() => chooseFormat(wishes), { category: "input" }, JSON.stringify(wishes));
    }
  });

  it("takes each column once, whatever it is called", () => {
    const wrong: FormatOptions[] = [
      { columns: [] },
      { columns: ["event", "time", "event"] },
      { columns: ["plan", "properties.plan"] },
      { columns: ["$distinct_id", "$distinct_id"], layout: "profile" },
      { columns: ["$email", "properties.$email"], layout: "profile" },
    ];
    for (const wishes of wrong) {
      assert.throws(() => chooseFormat({ format: "csv", ...wishes }), { category: "input", message: /--columns/ });
    }
    const fine = ["event", "properties.event", "time", "record.time"];
    assert.deepEqual(chooseFormat({ format: "csv", columns: fine }).columns, fine);
  });

  it("needs all events before the first is written when the columns are to be found", () => {
    assert.equal(isWrittenAtOnce(chooseFormat({ format: "csv" })), true);
    assert.equal(isWrittenAtOnce(chooseFormat({ format: "csv", columns: ["a"] })), false);
    assert.equal(isWrittenAtOnce(chooseFormat({ format: "parquet", columns: ["a"] })), true);
    assert.equal(isWrittenAtOnce(chooseFormat({ format: "csv", tableLayout: "json" })), false);
    assert.equal(isWrittenAtOnce(chooseFormat({ format: "parquet", tableLayout: "json" })), true);
    assert.equal(isWrittenAtOnce(chooseFormat({})), false);
  });
});
