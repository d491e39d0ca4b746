import { describe, it } from "node:test";
import assert from "node:assert/strict";
import { readEvents } from "../../../src/analytics/rows/read_events.ts";
import { parseJson } from "../../../src/streams/json/json.ts";
import type { EventRange, EventRow } from "../../../src/sandbox/store/events.ts";
import { openStore, type Store } from "../../../src/sandbox/store/store.ts";

const row = (changes: Partial<EventRow> = {}): EventRow => ({
  name: "A",
  timeMs: 1000,
  distinctId: "u",
  properties: "{}",
  ...changes,
});
const everything = { fromMs: 0, toMs: Infinity };
/** The properties of a row that has an `$insert_id`, and more of them. */
const withId = (id: string, more: Record<string, unknown> = {}) => JSON.stringify({ ...more, $insert_id: id });
/** The events of an export. */
const rowsOf = (store: Store, range: EventRange = everything): EventRow[] =>
  Array.from(
    store.events.inOrder(1, range),
    ({ name, timeMs, distinctId, properties }) => ({ name, timeMs, distinctId, properties }),
  );

describe("stored events", () => {
  it("come out in the order of time, and of arrival within a moment", () => {
    const store = openStore(":memory:");
    store.events.append(1, [row({ timeMs: 3, name: "c" }), row({ timeMs: 1, name: "a" })]);
    store.events.append(1, [row({ timeMs: 2, name: "b" }), row({ timeMs: 3, name: "d" })]);
    assert.deepEqual([...readEvents(store.views.of(1), everything)].map(({ name }) => name), ["a", "b", "c", "d"]);
  });

  it("come out whole when there are more than a page of them, many at one moment", () => {
    const store = openStore(":memory:");
    const rows = Array.from(
      { length: 7500 },
      (_, index) => row({ timeMs: 1 + Math.floor(index / 3000), distinctId: `${index}` }),
    );
    store.events.append(1, rows);
    const ids = rowsOf(store).map(({ distinctId }) => Number(distinctId));
    assert.deepEqual(ids, rows.map((_, index) => index));
  });

  it("are kept apart by project", () => {
    const store = openStore(":memory:");
    store.events.append(1, [row()]);
    store.events.append(2, [row(), row({ timeMs: 2 })]);
    assert.equal([...readEvents(store.views.of(1), everything)].length, 1);
    assert.equal(store.events.count(2), 2);
  });

  it("are read from the first millisecond of a range to the last one before its end", () => {
    const store = openStore(":memory:");
    store.events.append(1, [1, 2, 3, 4].map((timeMs) => row({ timeMs })));
    assert.deepEqual([...readEvents(store.views.of(1), { fromMs: 2, toMs: 4 })].map(({ timeMs }) => timeMs), [2, 3]);
  });

  it("are found by name", () => {
    const store = openStore(":memory:");
    store.events.append(1, [row({ name: "A" }), row({ name: "B" }), row({ name: "it's" })]);
    const read = (names: string[]) =>
      [...readEvents(store.views.of(1), { ...everything, names })].map(({ name }) => name);
    assert.deepEqual(read(["B", "nothing"]), ["B"]);
    assert.deepEqual(read(["it's"]), ["it's"]);
    assert.deepEqual(read(["nothing"]), []);
    assert.deepEqual(read([]), []);
  });

  it("leave copies out of reports and keep them for exports; the last one counts", () => {
    const store = openStore(":memory:");
    const copy = { properties: withId("i") };
    store.events.append(1, [row({ properties: withId("i", { n: 1 }) }), row({ properties: withId("i", { n: 2 }) })]);
    store.events.append(1, [row({ properties: withId("i", { n: 3 }) })]);
    store.events.append(1, [
      row({ ...copy, timeMs: 1001 }),
      row({ ...copy, distinctId: "v" }),
      row({ ...copy, name: "B" }),
      row(),
      row(),
    ]);
    const read = [...readEvents(store.views.of(1), everything)];
    assert.equal(read.length, 6);
    assert.deepEqual(read[0].properties, { n: 3, $insert_id: "i" });
    assert.equal(rowsOf(store).length, 8);
  });

  it("are told from their copies at once, also among many of one moment", () => {
    const store = openStore(":memory:");
    const rows = Array.from({ length: 20_000 }, (_, index) => row({ properties: withId(`i-${index}`) }));
    store.events.append(1, rows);
    store.events.append(1, rows);
    store.events.append(1, rows.map(() => row({ properties: withId("i-0") })));
    assert.equal([...readEvents(store.views.of(1), everything)].length, rows.length);
    assert.equal(store.events.count(1), 60_000);
  });

  it("have the properties that they were sent with", () => {
    const store = openStore(":memory:");
    const properties =
      '{"s":"é\\u00e9","n":1.5,"big":9223372036854775807,"b":true,"z":null,"l":[1,"x"],"o":{"a":1},"a b":1,"a.b":2,"it\'s":3}';
    store.events.append(1, [row({ properties }), row({ timeMs: 1001, properties: '{"s":"x"}' })]);
    const read = [...readEvents(store.views.of(1), everything)];
    assert.deepEqual(read.map((event) => event.properties), [parseJson(properties), { s: "x" }]);
  });

  it("have properties of any name", () => {
    const store = openStore(":memory:");
    store.events.append(1, [row({ properties: '{"say \\"x\\"":1,"\\u00e9":2,"back\\\\slash":3}' })]);
    for (const [name, value] of [['say "x"', 1], ["é", 2], ["back\\slash", 3]] as const) {
      assert.equal([...readEvents(store.views.of(1), everything)][0].properties[name], value, name);
    }
  });

  it("are all stored or none", () => {
    const store = openStore(":memory:");
    const broken = { ...row({ name: "New" }), properties: null as unknown as string };
    assert.throws(() => store.events.append(1, [row({ name: "New" }), broken]));
    assert.equal(store.events.count(1), 0);
    store.events.append(1, [row({ name: "New" })]);
    assert.deepEqual([...readEvents(store.views.of(1), { ...everything, names: ["New"] })].map(({ name }) => name), [
      "New",
    ]);
  });
});
