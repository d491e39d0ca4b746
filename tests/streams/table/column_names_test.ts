import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import fc from "fast-check";
import { JsonScope } from "../../../src/streams/json/json_spans.ts";
import { columnKey, columnName, ColumnNames, renamedNotes } from "../../../src/streams/table/column_names.ts";

const property = (key: string) => ({ scope: JsonScope.properties, key });
const record = (key: string) => ({ scope: JsonScope.record, key });

describe("columnName", () => {
  it("is different for different keys, and leads back to its key", () => {
    const key = fc.array(fc.constantFrom("event", "$distinct_id", "properties", "record", ".", "a")).map((parts) =>
      parts.join("")
    );
    const scope = fc.constantFrom(JsonScope.record, JsonScope.properties);
    fc.assert(fc.property(fc.constantFrom("event", "profile"), scope, key, (layout, scope, key) => {
      assert.deepEqual(columnKey(layout, columnName(layout, { scope, key })), { scope, key });
    }));
    assert.deepEqual(columnKey("event", "properties.plan"), property("plan"));
  });
});

describe("ColumnNames", () => {
  const named = (keys: readonly string[], taken: string[] = []) => {
    const names = new ColumnNames("event", { taken });
    return keys.map((key) => names.nameOf(property(key)));
  };

  it("are those of the properties, as long as no two are alike", () => {
    assert.deepEqual(named(["time", "$insert_id", "Größe", "a b"]), ["time", "$insert_id", "Größe", "a b"]);
    assert.equal(new ColumnNames("event").nameOf(record("event")), "event");
  });

  it("are others for what differs by case alone, for the name of another column, and for `properties`", () => {
    assert.deepEqual(named(["username", "userName", "USERNAME"]), [
      "username",
      "properties.userName",
      "properties.USERNAME_2",
    ]);
    assert.deepEqual(named(["date", "properties", "Time", "event"], ["date"]), [
      "properties.date",
      "properties.properties",
      "properties.Time",
      "properties.event",
    ]);
  });

  it("are safe for BigQuery, Athena, Spark and PostgreSQL when they have to be", () => {
    const names = new ColumnNames("event", { names: "safe", taken: ["other_properties"] });
    const safe = [
      ["$insert_id", "insert_id"],
      ["insert_id", "insert_id_2"],
      ["time", "time"],
      ["Größe (cm)", "grosse_cm".replace("grosse", "gro_e")],
      ["order", "order_"],
      ["userName", "username"],
      ["username", "username_2"],
      ["2nd", "p_2nd"],
      ["東京", "p"],
      ["", "p_2"],
      ["$city", "city"],
      ["x".repeat(80), "x".repeat(63)],
      ["x".repeat(81), `${"x".repeat(61)}_2`],
    ] as const;
    for (const [key, name] of safe) assert.equal(names.nameOf(property(key)), name, key);
    assert.equal(names.nameOf(record("event")), "event");
  });

  it("are called with when they are not those of the properties", () => {
    const columns = [
      { name: "event" },
      { name: "plan" },
      { name: "record.extra" },
      { name: "properties.event" },
      { name: "properties.Plan_2", source: property("PLAN") },
      { name: "properties." },
    ];
    const why = "another column has its name, or one that differs by case alone";
    assert.deepEqual(renamedNotes("event", columns), [
      `Property "event" is in the column "properties.event": ${why}`,
      `Property "PLAN" is in the column "properties.Plan_2": ${why}`,
      'Property "" is in the column "properties.": it has no name',
    ]);
  });

  it("are all different, whatever the case, and safe ones have none but safe characters", () => {
    const keys = fc.uniqueArray(
      fc.oneof(
        fc.string({ unit: "binary", maxLength: 70 }),
        fc.constantFrom("a", "A", "a_2", "A_2", "$a", "select", "select_", "event", "properties.a", "properties.A"),
      ),
      { maxLength: 12 },
    );
    fc.assert(fc.property(keys, fc.constantFrom("safe" as const, undefined), (keys, form) => {
      const names = new ColumnNames("event", { names: form });
      const given = keys.map((key) => names.nameOf(property(key)).toLowerCase());
      assert.equal(new Set(given).size, keys.length, JSON.stringify(given));
      if (form === "safe") { for (const name of given) assert.match(name, /^[a-z][a-z0-9_]{0,62}$/); }
    }));
  });
});
