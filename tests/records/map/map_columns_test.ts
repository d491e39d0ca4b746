import { describe, it } from "node:test";
import assert from "node:assert/strict";
import { checkColumns } from "../../../src/records/map/map_columns.ts";
import { type MapFlags, recipeOf } from "../../../src/records/map/map_flags.ts";

const check = (flags: MapFlags, columns: string[]) => checkColumns(recipeOf(flags), "t.csv", columns);

describe("the columns of a table", () => {
  it("are enough when name, time and user can be found, in whatever way", () => {
    check({}, ["event", "time", "distinct_id", "x"]);
    check({}, ["event", "properties"]);
    check({}, ["event", "time", "$device_id"]);
    check({ map: ["event=name", "time=at", "distinct_id=user.id"] }, ["name", "at", "user"]);
    check({ set: { event: "Import" }, map: ["$user_id=id"] }, ["id", "time"]);
    check({ preset: "segment" }, ["type", "timestamp", "anonymousId"]);
    check({ preset: "heap" }, ["event_table_name", "time", "user_id"]);
    check({ kind: "profiles" }, ["$distinct_id"]);
    check({ kind: "groups" }, ["group_id"]);
  });

  it("are refused with the flag that helps and the columns that are there", () => {
    assert.throws(() => check({}, ["name", "time", "distinct_id"]), {
      message: 'Cannot read t.csv: it has no column "event"',
      hint: "--map event=name says which one it is; there are name, time, distinct_id",
      category: "input",
    });
    assert.throws(() => check({}, ["Action", "created at", "x"]), {
      message: 'Cannot read t.csv: it has no column "event"',
      hint: "--map event=Action --map time='created at' --map distinct_id=COLUMN says which ones they are; " +
        "there are Action, created at, x",
    });
    assert.throws(() => check({ map: ["time=at"] }, ["event", "time", "distinct_id"]), /it has no column "at"/);
    assert.throws(() => check({}, ["event", "time"]), /no column "distinct_id" or "\$distinct_id" or/);
    assert.throws(() => check({ preset: "amplitude" }, ["event", "time", "distinct_id"]), /no column "event_type"/);
    assert.throws(() => check({ kind: "profiles" }, ["email"]), /no column "distinct_id"/);
  });
});
