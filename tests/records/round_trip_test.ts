import { describe, it } from "node:test";
import assert from "node:assert/strict";
import { MapProblem } from "../../src/records/map/map_problem.ts";
import { recipeOf } from "../../src/records/map/map_flags.ts";
import { textColumns } from "../../src/records/map/map_recipe.ts";
import { recordMapper } from "../../src/records/map/map_record.ts";
import { readRecords } from "../../src/records/read/read_records.ts";
import { stringifyJson } from "../../src/streams/json/json.ts";
import { columnFinder } from "../../src/streams/table/columns.ts";
import { recordEncoder } from "../../src/streams/table/record_formats.ts";
import { chunked } from "../streams/chunked.ts";

const TIME = 1_780_000_000;
const EVENTS = [
  {
    event: "Buy",
    properties: {
      time: TIME,
      distinct_id: "0017",
      $insert_id: "a-1",
      city: 'Köln, "NRW"\nGermany',
      amount: 12.5,
      count: 3,
      ok: true,
      tags: ["a", 1],
      nested: { a: { b: null } },
      group: 1234567890123456789n,
      zip: "01234",
      event: "inner",
    },
  },
  {
    event: "Log In",
    properties: { time: TIME + 1, distinct_id: "u", $insert_id: "b_2", amount: -0.25, count: 4, ok: false },
  },
];

describe("an export that is imported again", () => {
  for (const format of ["csv", "tsv", "parquet"] as const) {
    it(`is the same events from ${format}`, async () => {
      const lines = new TextEncoder().encode(EVENTS.map((event) => `${stringifyJson(event)}\n`).join(""));
      const finder = columnFinder("event");
      finder.observe(lines);
      const encoder = await recordEncoder(format, finder.columns(), "event");
      const parts: number[] = [];
      for (const step of [() => encoder.begin(), () => encoder.encode(lines), () => encoder.end()]) {
        parts.push(...await step());
      }
      const recipe = recipeOf({});
      const source = { name: `e.${format}`, open: () => chunked(new Uint8Array(parts), 100) };
      const found: unknown[] = [];
      for await (const block of readRecords([source], { textColumns: textColumns(recipe) })) {
        assert.ok(block.kind === "values");
        for (const value of block.values) {
          const mapped = recordMapper(recipe)(value);
          assert.ok(!(mapped instanceof MapProblem));
          found.push(mapped);
        }
      }
      const properties = {
        ...EVENTS[0]!.properties,
        group: format === "parquet" ? 1234567890123456789n : "1234567890123456789",
      };
      // Timestamps have milliseconds; the moments are the same.
      const timed = ({ event, properties }: (typeof EVENTS)[number]) => ({
        event,
        properties: { ...properties, time: format === "parquet" ? properties.time * 1000 : properties.time },
      });
      const expected = [{ event: "Buy", properties }, EVENTS[1]] as typeof EVENTS;
      assert.deepEqual(found, expected.map(timed));
    });
  }
});
