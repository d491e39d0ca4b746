import { describe, it } from "node:test";
import { LongNumber } from "../../../src/streams/json/json.ts";
import assert from "node:assert/strict";
import { type MapFlags, recipeOf } from "../../../src/records/map/map_flags.ts";
import { MapProblem } from "../../../src/records/map/map_problem.ts";
import { changesNothing, textColumns } from "../../../src/records/map/map_recipe.ts";
import { recordMapper } from "../../../src/records/map/map_record.ts";

const map = (flags: MapFlags, value: unknown) => recordMapper(recipeOf(flags))(value);

function problem(flags: MapFlags, value: unknown): string {
  const mapped = map(flags, value);
  assert.ok(mapped instanceof MapProblem);
  return `${mapped.field}: ${mapped.reason}`;
}

const NATIVE = {
  event: "Sign Up",
  properties: { time: 1_780_000_000, distinct_id: "u", plan: null, x: { time: 1 } },
  extra: 1,
};

describe("mapping events", () => {
  it("leaves an event in Mixpanel's own layout alone when nothing is asked for", () => {
    assert.equal(map({}, NATIVE), NATIVE);
    assert.ok(changesNothing(recipeOf({})));
    assert.ok(!changesNothing(recipeOf({ set: { a: 1 } })));
  });

  it("makes an event of a row whose columns have the usual names", () => {
    const row = {
      event: "Buy",
      time: "2026-01-31 12:00:00",
      distinct_id: 42,
      $insert_id: "a-1",
      amount: 3,
      note: null,
    };
    assert.deepEqual(map({}, row), {
      event: "Buy",
      properties: { time: Date.UTC(2026, 0, 31, 12), distinct_id: "42", $insert_id: "a-1", amount: 3 },
    });
    assert.deepEqual(map({}, { insert_id: 9n, city: "" }), {
      event: undefined,
      properties: { $insert_id: "9", city: "" },
    });
  });

  it("takes a table's column of properties as JSON for what it is, and leaves to the rules what is none", () => {
    const row = { event: "Buy", properties: '{"time":1780000000,"distinct_id":"u","n":12345678901234567890}' };
    assert.deepEqual(map({}, row), {
      event: "Buy",
      properties: { time: 1_780_000_000, distinct_id: "u", n: 12345678901234567890n },
    });
    const broken = { event: "Buy", properties: "none" };
    assert.equal(map({ set: { a: 1 } }, broken), broken);
  });

  it("takes the columns that programs make of nested records for what they were", () => {
    const row = {
      event: "Buy",
      "properties.time": 1_780_000_000,
      "properties.distinct_id": "u",
      "properties.event": "x",
    };
    assert.deepEqual(map({}, row), { event: "Buy", properties: { time: 1_780_000_000, distinct_id: "u", event: "x" } });
    assert.deepEqual(map({ kind: "profiles" }, { $distinct_id: "u", "$properties.$city": "Bonn" }), {
      $distinct_id: "u",
      $ignore_time: true,
      $set: { $city: "Bonn" },
    });
  });

  it("takes properties that are nested in a row whose event has another name", () => {
    const row = { name: "Buy", at: 1_780_000_000, properties: { distinct_id: "u", plan: "pro", at: 5 }, source: "x" };
    assert.deepEqual(map({ map: ["event=name", "time=at"] }, row), {
      event: "Buy",
      properties: { time: 1_780_000_000, distinct_id: "u", plan: "pro", at: 5, source: "x" },
    });
  });

  it("takes fields and properties from other columns and from nested ones", () => {
    const flags = {
      map: ["event=name", "time=ts", "distinct_id=user.id", "$insert_id=key", "total=order.sum", "city=geo.city"],
      set: { source: "shop", event_kind: "sale" },
    };
    const row = {
      name: "Buy",
      ts: 1_780_000_000,
      user: { id: "u-1" },
      key: "k",
      order: { sum: 12n },
      "geo.city": "Köln",
      geo: { city: "Bonn" },
    };
    assert.deepEqual(map(flags, row), {
      event: "Buy",
      properties: {
        time: 1_780_000_000,
        distinct_id: "u-1",
        $insert_id: "k",
        user: { id: "u-1" },
        order: { sum: 12n },
        geo: { city: "Bonn" },
        total: 12n,
        city: "Köln",
        source: "shop",
        event_kind: "sale",
      },
    });
  });

  it("works on the properties of an event in Mixpanel's own layout, and does not change the record itself", () => {
    const before = structuredClone(NATIVE);
    const mapped = map({ map: ["distinct_id=extra", "kind=x.time"], set: { event: "Joined" }, drop: ["x"] }, NATIVE);
    assert.deepEqual(mapped, {
      event: "Joined",
      properties: { time: 1_780_000_000, distinct_id: "1", original_distinct_id: "u", plan: null, kind: 1 },
    });
    assert.deepEqual(NATIVE, before);
  });

  it("keeps a column that has the name of a field but was not meant, under another name", () => {
    const row = { event: "a", time: "morning", ts: 1_780_000_000, distinct_id: "d" };
    assert.deepEqual(map({ map: ["time=ts"] }, row), {
      event: "a",
      properties: { time: 1_780_000_000, distinct_id: "d", original_time: "morning" },
    });
  });

  it("leaves out, and takes only, what it is told to", () => {
    const row = { event: "a", b: 1, c: 2, d: 3 };
    assert.deepEqual(map({ drop: ["c", "d"] }, row), { event: "a", properties: { b: 1 } });
    assert.deepEqual(map({ only: ["c", "n"], map: ["n=d"] }, row), { event: "a", properties: { c: 2, n: 3 } });
  });

  it("never takes what every object has for a column", () => {
    assert.deepEqual(map({ map: ["a=constructor", "b=toString.name"] }, { event: "x" }), {
      event: "x",
      properties: {},
    });
    const hostile = JSON.parse('{"event":"x","__proto__":{"admin":true}}');
    const mapped = map({}, hostile) as { properties: Record<string, unknown> };
    assert.equal(mapped.properties.admin, undefined);
  });

  it("refuses what is no object", () => {
    for (const value of [1, "x", null, [1], undefined]) {
      assert.equal(problem({}, value), "record: must be a JSON object");
    }
  });
});

describe("types of properties", () => {
  const typed = (type: string, value: unknown, tz?: string) => {
    const mapped = map({ type: [`v:${type}`], tz }, { event: "e", v: value });
    return mapped instanceof MapProblem ? mapped.reason : (mapped.properties as { v: unknown }).v;
  };

  it("are made of texts and other values", () => {
    assert.deepEqual(
      ["12", " -1.5 ", "+3", "1e3", ".5", 7, true, "12345678901234567890"].map((value) => typed("number", value)),
      [12, -1.5, 3, 1000, 0.5, 7, 1, 12345678901234567890n],
    );
    assert.deepEqual(["true", "No", "1", 0, false, "Y"].map((value) => typed("boolean", value)), [
      true,
      false,
      true,
      false,
      false,
      true,
    ]);
    assert.deepEqual([1, 2n, true, { a: [1n] }].map((value) => typed("string", value)), [
      "1",
      "2",
      "true",
      '{"a":[1]}',
    ]);
    assert.deepEqual(['["a",1]', "a, b", ["x"], 5].map((value) => typed("list", value)), [["a", 1], ["a", "b"], ["x"], [
      5,
    ]]);
    assert.deepEqual(typed("json", '{"a":12345678901234567890}'), { a: 12345678901234567890n });
    assert.equal(typed("time", "2026-07-31 12:00:00.5", "Europe/Berlin"), "2026-07-31T10:00:00.500");
    assert.equal(typed("time", 1_780_000_000), "2026-05-28T20:26:40");
  });

  it("are not made of what has no value", () => {
    assert.equal(typed("number", ""), "");
    assert.equal(typed("number", undefined), undefined);
  });

  it("are refused by values that do not fit", () => {
    assert.equal(typed("number", "12,5"), "'v' is not a number: \"12,5\"; --decimal-comma reads it");
    assert.deepEqual(typed("number", "0.12345678901234567890"), new LongNumber("0.12345678901234567890"));
    assert.equal(typed("number", "1e400"), "'v' is not a number: \"1e400\"");
    assert.equal(typed("number", "0x10"), "'v' is not a number: \"0x10\"");
    assert.equal(typed("boolean", "maybe"), "'v' is not true or false: \"maybe\"");
    assert.equal(typed("time", "soon"), "'v' is not a time: \"soon\"; --time-format FORMAT says how it is written");
    assert.equal(typed("json", "{a}"), "'v' is not JSON: \"{a}\"");
    assert.equal(
      problem({}, { event: "a", time: "20.11.2026 12:00" }),
      "time: 'time' is not a time: \"20.11.2026 12:00\"; --time-format 'DD.MM.YYYY HH:mm' reads it",
    );
  });

  it("are all reported, and the rest of the record mapped, when there is somebody to tell", () => {
    const found: string[] = [];
    const recipe = recipeOf({ type: ["a:number", "b:boolean"] });
    const mapped = recordMapper(recipe, { onProblem: ({ field }) => found.push(field) })({
      event: "e",
      time: "x",
      a: "y",
      b: "z",
      c: 1,
    });
    assert.deepEqual(found, ["time", "a", "b"]);
    assert.deepEqual(mapped, { event: "e", properties: { c: 1 } });
  });

  it("and ids keep the texts of their columns from being taken for numbers", () => {
    const recipe = recipeOf({ map: ["distinct_id=customer", "n=count"], type: ["n:number"] });
    const columns = textColumns(recipe);
    for (const name of ["customer", "n", "count", "$insert_id"]) assert.ok(columns.has(name), name);
    assert.ok(!columns.has("other"));
  });
});

describe("mapping profiles and groups", () => {
  it("makes updates of rows, of exported profiles, and leaves updates alone", () => {
    const flags: MapFlags = { kind: "profiles", map: ["distinct_id=email"] };
    assert.deepEqual(map(flags, { email: "a@b.c", time: 5, name: "A", gone: null }), {
      $distinct_id: "a@b.c",
      $ignore_time: true,
      $set: { time: 5, name: "A" },
    });
    assert.deepEqual(
      map({ kind: "profiles", change: "$set_once" }, { $distinct_id: 5n, $properties: { $city: "Bonn" } }),
      {
        $distinct_id: "5",
        $ignore_time: true,
        $set_once: { $city: "Bonn" },
      },
    );
    const update = { $distinct_id: "a", $unset: ["b"] };
    assert.equal(map({ kind: "profiles" }, update), update);
  });

  it("makes updates of groups with the key that is given, or theirs", () => {
    assert.deepEqual(map({ kind: "groups", groupKey: "company", map: ["group_id=id"] }, { id: 7, seats: 3 }), {
      $group_key: "company",
      $group_id: "7",
      $set: { seats: 3 },
    });
    assert.deepEqual(map({ kind: "groups" }, { $group_key: "team", $group_id: "x", $properties: { a: 1 } }), {
      $group_key: "team",
      $group_id: "x",
      $set: { a: 1 },
    });
  });
});

describe("flags of a mapping", () => {
  const refused = (flags: MapFlags, message: RegExp) => assert.throws(() => recipeOf(flags), message);

  it("are refused with what to write", () => {
    refused({ map: ["event"] }, /Cannot use --map "event": not NAME=VALUE/);
    refused({ map: ["event="] }, /not NAME=VALUE/);
    refused({ type: ["a:float"] }, /Cannot use --column-type a:float: no such type/);
    refused({ type: ["a"] }, /not NAME:VALUE/);
    refused({ tz: "Berlin" }, /Cannot use --timezone "Berlin": no such time zone/);
    refused({ preset: "ga4", kind: "groups" }, /Cannot use --preset ga4 with --kind groups: it has none/);
  });

  it("may have the separators in names", () => {
    assert.deepEqual(recipeOf({ map: ["a=b=c"], type: ["x:y:number"] }), {
      kind: "events",
      rename: { a: "b=c" },
      types: { "x:y": "number" },
    });
  });
});
