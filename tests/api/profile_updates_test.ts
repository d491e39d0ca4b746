import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { call } from "../../src/api/call.ts";
import { loadOperations } from "../../src/api/catalog.ts";
import { updateGroups } from "../../src/api/groups.ts";
import { sendUpdates, type UpdateOperation } from "../../src/api/profile_updates.ts";
import { addToProfile, deleteProfile, setProfile, updateProfiles } from "../../src/api/profiles.ts";
import { fakeClient } from "../jobs/fake_client.ts";

const OK = '{"error":null,"status":1}';
const set = { $distinct_id: "u", $set: { a: 1 } };

describe("operations on profiles", () => {
  it("are one for each page of the documentation, told apart by what it appends to the path", async () => {
    const operations = [...(await loadOperations()).values()];
    const anchors = (path: string) =>
      operations.filter((one) => one.anchor !== undefined && one.routes[0].path === path).map(({ anchor }) => anchor);
    assert.equal(new Set(anchors("/engage")).size, 9);
    assert.equal(new Set(anchors("/groups")).size, 7);
    assert.equal(new Set(anchors("/track")).size, 2);
  });

  it("may be repeated when twice is as good as once", () => {
    assert.equal(setProfile.repeatable, true);
    assert.equal(addToProfile.repeatable, false);
    assert.equal(updateProfiles.repeatable, false);
  });

  it("have the switches that are published, and no others", () => {
    const names = (operation: UpdateOperation) => [...operation.inQuery ?? []].sort();
    assert.deepEqual(names(setProfile), ["callback", "ip", "strict", "verbose_answer"]);
    assert.deepEqual(names(deleteProfile), ["callback", "strict", "verbose_answer"]);
    assert.deepEqual(names(updateGroups), ["ip", "strict", "verbose_answer"]);
  });

  it("want the change that they are about, and updates that name a profile", async () => {
    const client = fakeClient(() => OK);
    const wrong: [UpdateOperation, Record<string, unknown>, RegExp][] = [
      [setProfile, { $distinct_id: "u", $add: { a: 1 } }, /--updates\.0\.\$set is missing/],
      [setProfile, { $set: {} }, /--updates\.0\.\$distinct_id: not an id/],
      [setProfile, { $distinct_id: "", $set: {} }, /not an id/],
      [addToProfile, { $distinct_id: "u", $add: { a: "1" } }, /\$add\.a: not a number/],
      [updateProfiles, { $distinct_id: "u" }, /no change: one of \$set, .*\$delete/],
      [updateProfiles, { ...set, $unset: ["b"] }, /several changes, \$set and \$unset/],
      [updateGroups, { $group_key: "k", $group_id: "g", $add: { a: 1 } }, /no change/],
    ];
    for (const [operation, update, message] of wrong) {
      await assert.rejects(sendUpdates(client, operation, [update]), { category: "input", message });
    }
    await assert.rejects(sendUpdates(client, setProfile, Array(2001).fill(set)), { category: "input" });
    await assert.rejects(sendUpdates(client, setProfile, []), { category: "input" });
    assert.equal(client.requests.length, 0);
  });

  it("take ids that are numbers, and keep keys that are not published", async () => {
    const client = fakeClient(() => OK);
    await sendUpdates(client, updateProfiles, [{ $distinct_id: 9007199254740993n, $ip: 0, $set: { b: 1, a: null } }]);
    const { body } = client.requests[0]!;
    const expected = '[{"$token":"token-1","$distinct_id":9007199254740993,"$set":{"b":1,"a":null},"$ip":0}]';
    assert.equal(body?.kind === "json" && body.text, expected);
  });

  it("can be asked to answer with a script", async () => {
    const client = fakeClient(() => "done(1);");
    const { text, data } = await call(client, setProfile, { updates: [set], callback: "done" } as never);
    assert.deepEqual([text, data], ["done(1);", "done(1);"]);
    assert.deepEqual(Object.fromEntries(client.requests[0]!.query), { verbose: "1", ip: "0", callback: "done" });
  });
});
