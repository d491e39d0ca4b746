import { after, before, describe, it } from "node:test";
import assert from "node:assert/strict";
import { readEvents } from "../../../src/analytics/rows/read_events.ts";
import { MpError } from "../../../src/errors.ts";
import { join, makeTemporaryFolder, removeFile, writeFileAtomically } from "../../../src/runtime/files/files.ts";
import { SANDBOX, seedDefaults } from "../../../src/sandbox/defaults.ts";
import { openDatabase } from "../../../src/runtime/sqlite.ts";
import { openStore, type Store } from "../../../src/sandbox/store/store.ts";

const everything = { fromMs: 0, toMs: Infinity };
const exportedFrom = (store: Store): unknown[] =>
  Array.from(store.events.inOrder(1, everything), ({ row, properties }) => [row, properties]);

/** Turns the events' tables into those that versions up to 4 had. */
const EVENTS_OF_VERSION_4 = `
  DROP TABLE event_chunks; DROP TABLE event_texts; DROP TABLE event_tails;
  CREATE TABLE event_names (
    id INTEGER PRIMARY KEY,
    project_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    UNIQUE (project_id, name)
  );
  CREATE TABLE event_sequence (next INTEGER NOT NULL);
  INSERT INTO event_sequence VALUES (8);
  CREATE TABLE events (
    project_id INTEGER NOT NULL,
    time_ms INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    name_id INTEGER NOT NULL,
    superseded INTEGER NOT NULL DEFAULT 0,
    distinct_id TEXT NOT NULL,
    insert_id TEXT,
    properties TEXT NOT NULL,
    PRIMARY KEY (project_id, time_ms, sequence)
  ) WITHOUT ROWID;
  CREATE INDEX events_by_insert_id ON events (project_id, time_ms, insert_id)
    WHERE superseded = 0 AND insert_id IS NOT NULL;`;

describe("a store in a file", () => {
  let folder = "";
  before(async () => void (folder = await makeTemporaryFolder("mp-store-")));
  after(() => removeFile(folder));

  it("still has everything when it is opened again", () => {
    const path = join(folder, "kept.db");
    const first = openStore(path);
    seedDefaults(first);
    first.events.append(SANDBOX.projectId, [{ name: "A", timeMs: 1, distinctId: "u", properties: '{"a":1}' }]);
    first.profiles.putAll(SANDBOX.projectId, [{ distinctId: "u", properties: { big: 9223372036854775807n } }]);
    first.savedObjects.put(SANDBOX.projectId, "funnel", 7, { name: "F" });
    first.close();

    const second = openStore(path);
    seedDefaults(second);
    second.events.append(SANDBOX.projectId, [{ name: "A", timeMs: 1, distinctId: "v", properties: "{}" }]);
    const events = [...readEvents(second.views.of(SANDBOX.projectId), { fromMs: 0, toMs: 2, names: ["A"] })];
    assert.deepEqual(events.map(({ distinctId }) => distinctId), ["u", "v"]);
    assert.equal(second.profiles.get(SANDBOX.projectId, "", "u")!.big, 9223372036854775807n);
    assert.deepEqual(second.savedObjects.get(SANDBOX.projectId, "funnel", 7), { name: "F" });
    assert.equal(second.projects.projects().length, 1);
    second.close();
  });

  it("has many events in a chunk when it is closed, and few still in the order in which they came", () => {
    for (const [count, tails] of [[100, 1], [10_000, 0]] as const) {
      const path = join(folder, `${count}.db`);
      const store = openStore(path);
      const rows = Array.from({ length: count }, (_, index) => ({
        name: "A",
        timeMs: (index * 7919) % 100_003,
        distinctId: `u${index % 7}`,
        properties: JSON.stringify({ index, $insert_id: `i${index % 9000}` }),
      }));
      store.events.append(1, rows);
      const before = { read: [...readEvents(store.views.of(1), everything)], exported: exportedFrom(store) };
      store.close();
      const database = openDatabase(path);
      assert.deepEqual({ ...database.prepare("SELECT count(*) AS tails FROM event_tails").get() }, { tails });
      database.close();
      const again = openStore(path);
      assert.deepEqual({ read: [...readEvents(again.views.of(1), everything)], exported: exportedFrom(again) }, before);
      again.close();
    }
  });

  it("is brought up to date when an older version made it", async () => {
    const path = join(folder, "older.db");
    openStore(path).close();
    const { openDatabase } = await import("../../../src/runtime/sqlite.ts");
    const older = openDatabase(path);
    older.exec(EVENTS_OF_VERSION_4);
    older.exec(`INSERT INTO event_names VALUES (1, 1, 'A'), (2, 1, 'B'), (3, 2, 'A');
      INSERT INTO events VALUES
        (1, 2000, 5, 1, 0, 'u', 'i', '{"n":2,"$insert_id":"i"}'),
        (1, 2000, 1, 1, 1, 'u', 'i', '{"n":1,"$insert_id":"i"}'),
        (1, 1000, 7, 2, 0, '', NULL, '{"big":9223372036854775807}'),
        (2, 1000, 6, 3, 0, 'v', NULL, '{ "a" : "é\\u00e9" }');`);
    older.exec(`INSERT INTO saved_objects VALUES
      (1, 'experiment', 1, '{"id":"e","facts":{"tags":["a"],"big":9223372036854775807}}'),
      (1, 'warehouse_import', 2, '{"facts":{"sync_mode":"full_sync"},"paused":false}'),
      (1, 'cohort', 3, '{"facts":1}');
      PRAGMA user_version = 3`);
    older.close();

    const upgraded = openStore(path);
    upgraded.close();
    const { savedObjects, events, views } = openStore(path);
    const everything = { fromMs: 0, toMs: Infinity };
    assert.deepEqual(
      Array.from(events.inOrder(1, everything), ({ name, distinctId, properties }) => [name, distinctId, properties]),
      [
        ["B", "", '{"big":9223372036854775807}'],
        ["A", "u", '{"n":1,"$insert_id":"i"}'],
        ["A", "u", '{"n":2,"$insert_id":"i"}'],
      ],
    );
    assert.deepEqual(
      Array.from(readEvents(views.of(1), everything), ({ timeMs, properties }) => [timeMs, properties]),
      [
        [1000, { big: 9223372036854775807n }],
        [2000, { n: 2, $insert_id: "i" }],
      ],
    );
    assert.deepEqual(Array.from(events.inOrder(2, everything), ({ properties }) => properties), [
      '{ "a" : "é\\u00e9" }',
    ]);
    assert.deepEqual(savedObjects.get(1, "experiment", 1), {
      id: "e",
      details: { tags: ["a"], big: 9223372036854775807n },
    });
    const { settings } = savedObjects.get<{ settings: unknown }>(1, "warehouse_import", 2)!;
    assert.deepEqual(settings, { sync_mode: "full_sync" });
    assert.deepEqual(savedObjects.get(1, "cohort", 3), { facts: 1 });
  });

  it("is refused when it is something else", async () => {
    const path = join(folder, "other.db");
    const { openDatabase } = await import("../../../src/runtime/sqlite.ts");
    const other = openDatabase(path);
    other.exec("CREATE TABLE notes (text TEXT)");
    other.close();
    const text = join(folder, "text.db");
    await writeFileAtomically(text, "this is not a database, by far not one, and long enough to tell\n".repeat(20));
    for (const wrong of [path, text, folder]) {
      assert.throws(() => openStore(wrong), (error: unknown) => error instanceof MpError && error.category === "input");
    }
  });
});

describe("saved objects", () => {
  it("have ids of their own kind, and are gone when they are deleted", () => {
    const { savedObjects } = openStore(":memory:");
    const first = savedObjects.add(1, "cohort", { name: "A" });
    const second = savedObjects.add(1, "cohort", { name: "B" });
    assert.notEqual(first, second);
    assert.deepEqual(savedObjects.list(1, "cohort").map(({ body }) => body), [{ name: "A" }, { name: "B" }]);
    assert.deepEqual(savedObjects.list(1, "funnel"), []);
    assert.deepEqual(savedObjects.list(2, "cohort"), []);
    assert.equal(savedObjects.delete(1, "cohort", first), true);
    assert.equal(savedObjects.delete(1, "cohort", first), false);
    assert.equal(savedObjects.get(1, "cohort", first), undefined);
  });
});
