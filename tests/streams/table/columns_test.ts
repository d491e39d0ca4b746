import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import { seededRandom } from "../../helpers/random.ts";
import { columnFinder } from "../../../src/streams/table/columns.ts";
import { MisfitError } from "../../../src/streams/table/record_misfit.ts";
import { columnsIn, event, linesOf } from "./record_lines.ts";

/** The type of a property `p` that has these values. */
const typeOf = (...values: string[]) =>
  columnsIn(linesOf(...values.map((value) => event(`{"p":${value}}`)))).find(({ name }) => name === "p")?.type;

describe("columnFinder", () => {
  it("puts the columns that every event has first, and the others as they were first seen", () => {
    const lines = linesOf(
      event('{"b":1,"$insert_id":"i","time":1}'),
      event('{"a":"x","distinct_id":"u","b":2}'),
    );
    assert.deepEqual(columnsIn(lines).map(({ name }) => name), [
      "event",
      "time",
      "distinct_id",
      "$insert_id",
      "b",
      "a",
    ]);
    const profile = linesOf({ $properties: { z: 1, $name: "n" }, $distinct_id: "u" });
    assert.deepEqual(columnsIn(profile, "profile").map(({ name }) => name), ["$distinct_id", "z", "$name"]);
    assert.deepEqual(columnsIn(linesOf({ time: 1, event: 2 }), "flat").map(({ name }) => name), ["time", "event"]);
  });

  it("finds the narrowest type that changes no value", () => {
    assert.equal(typeOf("true", "false"), "boolean");
    assert.equal(typeOf("1", "-9007199254740991"), "integer");
    assert.equal(typeOf("1", "0.5"), "number");
    assert.equal(typeOf("1e3"), "number");
    assert.equal(typeOf("1e400", "0.5"), "string");
    assert.equal(typeOf('"x"'), "string");
    assert.equal(typeOf("[1]"), "json");
    assert.equal(typeOf("{}"), "json");
  });

  it("keeps the digits of integers that a double or 64 bits cannot hold", () => {
    assert.equal(typeOf("1", "-9223372036854775808"), "decimal");
    assert.equal(typeOf("9223372036854775808"), "string");
    assert.equal(typeOf("9007199254740991", "0.5"), "number");
    assert.equal(typeOf("9007199254740993", "0.5"), "string");
    assert.equal(typeOf("0.5", "-9007199254740993"), "string");
  });

  it("keeps the digits of numbers that a double rounds, and takes all that are printed of doubles", () => {
    for (
      const rounded of [
        "0.12345678901234567890",
        "9007199254740993.0",
        "1.0000000000000000001",
        "12345678901234567890.5",
      ]
    ) {
      assert.equal(typeOf(rounded), "string", rounded);
    }
    for (
      const held of ["0.10000000000000001", "0.1234567890123456", "-1.7976931348623157e+308", "123456789012345680000.0"]
    ) {
      assert.equal(typeOf(held), "number", held);
    }
    const random = seededRandom(7);
    for (let trial = 0; trial < 2000; trial++) {
      const value = (random.next() - 0.5) * 10 ** (random.below(40) - 20);
      for (const text of [String(value), value.toPrecision(17), value.toExponential(16)]) {
        if (/[.e]/.test(text)) assert.equal(typeOf(text), "number", text);
      }
    }
  });

  it("makes texts of what differs with a text among it, and JSON of lists and objects among all else", () => {
    assert.equal(typeOf("true", "1"), "string");
    assert.equal(typeOf("1", '"x"'), "string");
    assert.equal(typeOf('"x"', "[]"), "string");
    assert.equal(typeOf("true", "{}"), "json");
  });

  it("does not count nulls", () => {
    assert.equal(typeOf("null", "1", "null"), "integer");
    assert.equal(typeOf("null"), undefined);
  });

  it("tells a property from a member of the record with the same name", () => {
    const lines = linesOf('{"event":"A","extra":1,"properties":{"event":true,"extra":"x","properties.event":0.5}}');
    assert.deepEqual(columnsIn(lines), [
      { name: "event", type: "string" },
      { name: "record.extra", type: "integer" },
      { name: "properties.event", type: "boolean" },
      { name: "extra", type: "string" },
      { name: "properties.properties.event", type: "number" },
    ]);
  });

  it("merges what was found elsewhere, as if it had seen those records", () => {
    const records = [
      event('{"a":1,"b":9007199254740993,"c":true}'),
      event('{"a":0.5,"b":0.5,"d":[1]}'),
      event('{"d":"x","c":1,"e":9007199254740993}', "B"),
    ];
    for (let cut = 0; cut <= records.length; cut++) {
      const finder = columnFinder("event");
      finder.merge(JSON.parse(JSON.stringify(columnsIn(linesOf(...records.slice(0, cut))))));
      finder.observe(linesOf(...records.slice(cut)));
      assert.deepEqual(finder.columns(), columnsIn(linesOf(...records)), `cut at ${cut}`);
    }
    assert.equal(columnsIn(linesOf(...records)).at(-1)?.type, "decimal");
  });

  it("takes more columns than it was made for", () => {
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`p${index}`, index]));
    assert.equal(columnsIn(linesOf(event(JSON.stringify(many)), event('{"last":1}'))).length, 502);
    const finder = columnFinder("event");
    finder.merge(columnsIn(linesOf(event(JSON.stringify(many)))));
    assert.equal(finder.columns().length, 501);
  });

  it("names the line that is not a JSON object", () => {
    const finder = columnFinder("event");
    assert.throws(
      () => finder.observe(linesOf(event("{}"), "[1]")),
      (error) => error instanceof MisfitError && error.line === 2 && error.message === "line 2 is not a JSON object",
    );
  });
});
