import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { EventTable, type PlainEvent } from "../../../src/analytics/table/event_table.ts";
import { valueAt } from "../../../src/analytics/table/property_column.ts";
import { parseJson } from "../../../src/streams/json/json.ts";

/** The events of a table, value by value. */
function eventsOf(table: EventTable): unknown[] {
  const found = [];
  for (const chunk of table.chunks) {
    const columns = table.properties().map((property) => [property, chunk.column(property)] as const);
    for (let row = 0; row < chunk.rows; row++) {
      const values = columns.map(([property, column]) => [property, valueAt(column, row)] as const);
      found.push({
        name: table.names.value(chunk.names[row] as number),
        timeMs: chunk.timesMs[row],
        distinctId: table.people.value(chunk.people[row] as number),
        properties: new Map(values.filter(([, value]) => value !== undefined)),
        isHidden: chunk.hidden?.[row] === 1,
      });
    }
  }
  return found;
}

/** The same, read slowly. */
function slowly({ name, timeMs, distinctId, properties }: PlainEvent, isHidden = false): unknown {
  const values = parseJson(properties) as Record<string, unknown>;
  return { name, timeMs, distinctId, properties: new Map(Object.entries(values)), isHidden };
}

const number = fc.oneof(
  fc.integer().map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => Object.is(value, -0) ? "-0" : String(value)),
  fc.bigInt().map(String),
  fc.constantFrom(
    "-0",
    "-0.0",
    "0.10",
    "1e2",
    "1E+20",
    "1e400",
    "-1e400",
    "100000000000000000000",
    "1e20",
    "0.00000012",
  ),
  fc.constantFrom("9007199254740993", "9007199254740993.0", "-9223372036854775808", "1.0", "1", "12.50", "1e-7"),
);
const text = fc.oneof(
  fc.string({ unit: "binary" }).map((value) => JSON.stringify(value)),
  fc.constantFrom('"\\u00e9"', '"é"', '"\\ud83d\\ude00"', '"😀"', '"\\ud800"', '"a\\/b"', '"a/b"', '"\\u0000"', '""'),
  fc.constantFrom("a", "é", "\\n").map((part) => `"${part.repeat(3000)}"`),
);
const scalar = fc.oneof(number, text, fc.constantFrom("true", "false", "null"));
const value = fc.oneof(
  { weight: 4, arbitrary: scalar },
  { weight: 1, arbitrary: fc.array(scalar, { maxLength: 3 }).map((items) => `[${items.join(" , ")}]`) },
  { weight: 1, arbitrary: scalar.map((item) => `{ "a" : ${item},"__proto__":[{}]}`) },
);
const key = fc.oneof(
  fc.constantFrom(
    '"a"',
    '"b"',
    '"\\u0061"',
    '"__proto__"',
    '"toString"',
    '"\\ud800"',
    '"\\ud801"',
    '"é"',
    '"\\u00e9"',
    '""',
  ),
  fc.string().map((name) => JSON.stringify(name)),
);
const properties = fc.array(fc.tuple(key, value), { maxLength: 6 })
  .map((members) => `{ ${members.map(([name, one]) => `${name} :${one}`).join(", ")}}`);
const event = fc.record({
  name: fc.constantFrom("A", "é", "\ud800", "__proto__"),
  timeMs: fc.integer({ min: -1e12, max: 2e12 }),
  distinctId: fc.constantFrom("", "u", "é", "\ud800", "0"),
  properties,
});

describe("a table of events", () => {
  it("has each value that the slow reading has, whatever was sent, sealed or not, hidden or taken back", () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 20 }), fc.nat(20), fc.nat(20), fc.nat(20), (all, seal, hide, undo) => {
        const table = new EventTable();
        all.forEach((one, index) => {
          assert.equal(table.append(one), index);
          if (index === seal) table.seal();
          if (index === undo) {
            table.append(all[0]!);
            assert.throws(() => table.append({ ...one, properties: '{"a":1,"new":2,' }), SyntaxError);
            table.truncate(index + 1);
          }
          if (index === hide) table.hide(index);
        });
        assert.equal(table.rows, all.length);
        assert.deepEqual(eventsOf(table), all.map((one, index) => slowly(one, index === hide)));
      }),
      { numRuns: 500 },
    );
  });
});
