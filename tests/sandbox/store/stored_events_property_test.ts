import assert from "node:assert/strict";
import { copyFileSync, existsSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import fc from "fast-check";
import { valueAt } from "../../../src/analytics/table/property_column.ts";
import { join, makeTemporaryFolder, removeFile } from "../../../src/runtime/files/files.ts";
import type { EventRow } from "../../../src/sandbox/store/events.ts";
import { openStore, type Store } from "../../../src/sandbox/store/store.ts";
import { parseJson } from "../../../src/streams/json/json.ts";

const everything = { fromMs: -Infinity, toMs: Infinity };
const MOST_MS = 20;

const value = fc.constantFrom(
  '"x"',
  '"\\u00e9"',
  '"é"',
  "1",
  "1.0",
  "9223372036854775807",
  "null",
  "true",
  '[1,{"a":2}]',
  '{"__proto__":1}',
);
const insertId = fc.constantFrom('"i"', '"j"', '"\\u0069"', "5", '"5"', "null", undefined);
const event: fc.Arbitrary<EventRow> = fc.record({
  name: fc.constantFrom("A", "B", "é"),
  timeMs: fc.integer({ min: -3, max: MOST_MS }),
  distinctId: fc.constantFrom("", "u", "v", "w", "x"),
  properties: fc.record({ id: insertId, members: fc.array(fc.tuple(fc.constantFrom("a", "__proto__", "é"), value)) })
    .map(
      ({ id, members }) => {
        const all = members.map(([key, one]) => `${JSON.stringify(key)}: ${one}`);
        return `{${[...all, ...(id === undefined ? [] : [`"$insert_id":${id}`])].join(" ,")}}`;
      },
    ),
}).map((row) => ({ ...row }));

type Step =
  | { kind: "append"; rows: EventRow[] }
  | { kind: "delete"; fromMs: number; toMs: number; names?: string[] }
  | { kind: "forget"; ids: string[] }
  | { kind: "join"; id: string; into: string }
  | { kind: "refuse"; rows: EventRow[] }
  | { kind: "reopen" }
  | { kind: "kill" };
const id = fc.constantFrom("u", "v", "w", "nobody", "other");
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant("append" as const), rows: fc.array(event, { maxLength: 8 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("delete" as const),
      fromMs: fc.integer({ min: 0, max: MOST_MS }),
      toMs: fc.integer({ min: 0, max: MOST_MS }),
      names: fc.option(fc.subarray(["A", "B", "nothing"]), { nil: undefined }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("forget" as const), ids: fc.array(id, { maxLength: 2 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("join" as const), id, into: id }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("refuse" as const), rows: fc.array(event, { maxLength: 3 }) }),
  },
  { weight: 2, arbitrary: fc.constantFrom({ kind: "reopen" as const }, { kind: "kill" as const }) },
);

/** What is stored, in the order in which it came, and the ids that were joined: the slow way. */
class Model {
  rows: EventRow[] = [];
  readonly canonicalOf = new Map<string, string>();

  take(step: Step): void {
    if (step.kind === "append") this.rows.push(...step.rows);
    if (step.kind === "forget") this.rows = this.rows.filter(({ distinctId }) => !step.ids.includes(distinctId));
    if (step.kind === "join") this.#join(step.id, step.into);
    if (step.kind !== "delete") return;
    this.rows = this.rows.filter(({ name, timeMs }) =>
      timeMs < step.fromMs || timeMs >= step.toMs || !(step.names?.includes(name) ?? true)
    );
  }

  #join(one: string, into: string): void {
    const [from, to] = [this.canonical(one), this.canonical(into)];
    if (from === to) return;
    for (const [key, canonical] of this.canonicalOf) if (canonical === from) this.canonicalOf.set(key, to);
    this.canonicalOf.set(from, to);
  }

  canonical(one: string): string {
    return this.canonicalOf.get(one) ?? one;
  }

  /** As an export has them. */
  inOrder(): EventRow[] {
    return this.rows.map((row, index) => ({ row, index }))
      .sort((a, b) => a.row.timeMs - b.row.timeMs || a.index - b.index).map(({ row }) => row);
  }

  /** As reports count them, in the order in which they came. */
  counted(): EventRow[] {
    return this.rows.filter((row, index) => !this.rows.slice(index + 1).some((later) => areCopies(row, later)));
  }
}

function areCopies(a: EventRow, b: EventRow): boolean {
  const [one, other] = [a, b].map(({ properties }) => (parseJson(properties) as Record<string, unknown>).$insert_id);
  return one !== undefined && one !== null && other !== undefined && String(one) === String(other) &&
    a.name === b.name && a.timeMs === b.timeMs && a.distinctId === b.distinctId;
}

/** The counted rows of the table, in the order in which they came, with canonical ids. */
function tableRows(store: Store): unknown[] {
  const table = store.events.table(1);
  const people = store.events.people(1);
  return table.chunks.flatMap((chunk) =>
    Array.from({ length: chunk.rows }, (_, row) => row).filter((row) => chunk.hidden?.[row] !== 1).map((row) => {
      const person = chunk.people[row] as number;
      const values = table.properties().map((name) => [name, valueAt(chunk.column(name), row)] as const);
      return {
        name: table.names.value(chunk.names[row] as number),
        timeMs: chunk.timesMs[row],
        distinctId: table.people.value(people?.[person] ?? person),
        properties: new Map(values.filter(([, one]) => one !== undefined)),
      };
    })
  );
}

function assertSame(store: Store, model: Model): void {
  assert.equal(store.events.count(1), model.rows.length);
  const exported = Array.from(
    store.events.inOrder(1, everything),
    ({ name, timeMs, distinctId, properties }) => ({ name, timeMs, distinctId, properties }),
  );
  assert.deepEqual(exported, model.inOrder());
  assert.deepEqual(
    tableRows(store),
    model.counted().map(({ name, timeMs, distinctId, properties }) => ({
      name,
      timeMs,
      distinctId: model.canonical(distinctId),
      properties: new Map(Object.entries(parseJson(properties) as Record<string, unknown>)),
    })),
  );
  assert.deepEqual(
    Array.from(store.events.at(1, store.events.newest(1, 5)), ([, row]) => row),
    model.inOrder().slice(-5),
  );
  assert.deepEqual(
    Array.from(store.userData.events(1, ["u", "nobody"]), ({ properties }) => properties),
    model.inOrder().filter(({ distinctId }) => distinctId === "u").map(({ properties }) => properties),
  );
}

/** Copies what a process that is killed now would leave of a database. */
function leftByKill(path: string, copy: string): string {
  copyFileSync(path, copy);
  if (existsSync(`${path}-wal`)) copyFileSync(`${path}-wal`, `${copy}-wal`);
  return copy;
}

describe("stored events, whatever happens to them", () => {
  let folder = "";
  before(async () => void (folder = await makeTemporaryFolder("mp-events-")));
  after(() => removeFile(folder));

  for (const isKept of [false, true]) {
    it(`are in exports as they came, and in columns as they count, ${isKept ? "in a file" : "in memory"}`, () => {
      let number = 0;
      fc.assert(
        fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
          let path = isKept ? join(folder, `${number++}.db`) : ":memory:";
          const killed: Store[] = [];
          let store = openStore(path);
          const model = new Model();
          try {
            for (const one of steps) {
              if (one.kind === "append") store.events.append(1, one.rows);
              if (one.kind === "delete") store.events.delete(1, one);
              if (one.kind === "forget") store.userData.delete(1, one.ids);
              if (one.kind === "join") store.identities.join(1, one.id, one.into);
              if (one.kind === "refuse") {
                const broken = { ...one.rows[0] ?? { name: "A", timeMs: 1, distinctId: "u" }, properties: '{"a":' };
                assert.throws(() => store.events.append(1, [...one.rows, broken]), SyntaxError);
              }
              if (one.kind === "reopen" && isKept) {
                store.close();
                store = openStore(path);
              }
              if (one.kind === "kill" && isKept) {
                killed.push(store);
                path = leftByKill(path, join(folder, `${number++}.db`));
                store = openStore(path);
              }
              model.take(one);
            }
            assertSame(store, model);
          } finally {
            for (const one of [...killed, store]) one.close();
          }
        }),
        { numRuns: isKept ? 100 : 300 },
      );
    });
  }

  it("come out of several full chunks in order, also after these have been read from a file", () => {
    const path = join(folder, "chunks.db");
    const count = 140_000;
    /** Every third of an earlier day; the rest in order. */
    const rows = Array.from({ length: count }, (_, index) => ({
      name: `N${index % 3}`,
      timeMs: index % 3 === 0 ? index : 1_000_000 + index,
      distinctId: `u${index % 50_000}`,
      properties: `{"$insert_id":"i-${index}","path":"/${index % 40_000}","n":${index / 4}}`,
    }));
    const expected = rows.toSorted((a, b) => a.timeMs - b.timeMs);
    let store = openStore(path);
    for (let first = 0; first < count; first += 5000) store.events.append(1, rows.slice(first, first + 5000));
    const killed = leftByKill(path, join(folder, "killed.db"));
    for (const reopened of [undefined, path, killed]) {
      if (reopened !== undefined) {
        store.close();
        store = openStore(reopened);
      }
      let index = 0;
      for (const { name, timeMs, distinctId, properties } of store.events.inOrder(1, everything)) {
        const want = expected[index++]!;
        if (
          want.properties !== properties || want.timeMs !== timeMs || want.name !== name ||
          want.distinctId !== distinctId
        ) {
          assert.deepEqual({ name, timeMs, distinctId, properties }, want);
        }
      }
      assert.equal(index, count);
      const table = store.events.table(1);
      assert.ok(table.chunks.length >= 3, "there are several chunks");
      for (const chunk of table.chunks) {
        const [numbers, paths] = [chunk.column("n"), chunk.column("path")];
        for (let row = 0; row < chunk.rows; row += 997) {
          const number = chunk.firstRow + row;
          assert.equal(valueAt(numbers, row), number / 4);
          assert.equal(valueAt(paths, row), `/${number % 40_000}`);
        }
      }
    }
    // The same events again take the places of those of before.
    for (let first = 0; first < count; first += 5000) store.events.append(1, rows.slice(first, first + 5000));
    const hidden = store.events.table(1).chunks.flatMap((chunk) => [...chunk.hidden ?? new Uint8Array(chunk.rows)]);
    assert.deepEqual(hidden, Array.from({ length: 2 * count }, (_, row) => row < count ? 1 : 0));
    store.close();
  });

  it("are told from their copies after a file is opened, whose codes are others than before", () => {
    const path = join(folder, "codes.db");
    const row = (distinctId: string, name: string): EventRow => ({
      name,
      timeMs: 1,
      distinctId,
      properties: '{"$insert_id":"i"}',
    });
    let store = openStore(path);
    store.events.append(1, [row("gone", "Gone"), row("u", "A")]);
    store.userData.delete(1, ["gone"]);
    store.close();
    store = openStore(path);
    store.events.append(1, [row("u", "A")]);
    assert.deepEqual(store.events.table(1).chunks.map(({ hidden }) => [...hidden ?? [0]]), [[1], [0]]);
    store.close();
  });

  it("go on in an export while others come and go", () => {
    const store = openStore(":memory:");
    const rows = Array.from({ length: 100 }, (_, index) => ({
      name: index % 2 === 0 ? "A" : "B",
      timeMs: index,
      distinctId: "u",
      properties: `{"n":${index}}`,
    }));
    store.events.append(1, rows);
    const seen: string[] = [];
    for (const { properties, timeMs } of store.events.inOrder(1, everything)) {
      seen.push(properties);
      if (timeMs === 10) store.events.append(1, [{ name: "C", timeMs: 5, distinctId: "u", properties: "{}" }]);
      if (timeMs === 20) store.events.delete(1, { fromMs: 0, toMs: 1000, names: ["B"] });
      if (timeMs === 30) store.events.append(1, [{ name: "C", timeMs: 99, distinctId: "u", properties: '{"late":1}' }]);
      if (timeMs === 40) store.events.delete(1, { fromMs: 0, toMs: 1, names: ["nothing"] });
    }
    const left = rows.filter(({ name, timeMs }) => name === "A" || timeMs <= 20).map(({ properties }) => properties);
    assert.deepEqual(seen, [...left, '{"late":1}']);
  });
});
