import { describe, it } from "node:test";
import assert from "node:assert/strict";
import { openStore } from "../../../src/sandbox/store/store.ts";

describe("stored profiles", () => {
  it("come out in the order of their ids when there is more than a page of them", () => {
    const { profiles } = openStore(":memory:");
    const ids = Array.from({ length: 2500 }, (_, index) => `u-${String(index).padStart(5, "0")}`);
    profiles.putAll(1, ids.toReversed().map((distinctId) => ({ distinctId, properties: { distinctId } })));
    profiles.putAll(2, [{ distinctId: "other", properties: {} }]);
    assert.deepEqual([...profiles.all(1)].map(({ distinctId }) => distinctId), ids);
    assert.equal(profiles.count(1), 2500);
  });

  it("can have an empty id among them", () => {
    const { profiles } = openStore(":memory:");
    profiles.put(1, "", "", { a: 1 });
    assert.deepEqual([...profiles.all(1)], [{ distinctId: "", properties: { a: 1 } }]);
  });

  it("of groups have an id for each kind of group, the same each time", () => {
    const { profiles } = openStore(":memory:");
    const id = profiles.dataGroupId(1, "company");
    assert.equal(profiles.dataGroupId(1, "company"), id);
    assert.notEqual(profiles.dataGroupId(1, "team"), id);
    assert.notEqual(profiles.dataGroupId(2, "company"), id);
  });
});
