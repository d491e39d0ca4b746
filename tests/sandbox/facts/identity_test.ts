import assert from "node:assert/strict";
import { SANDBOX, seedDefaults } from "../../../src/sandbox/defaults.ts";
import { createSandbox } from "../../../src/sandbox/sandbox.ts";
import type { IdentityMode } from "../../../src/sandbox/store/projects.ts";
import { openStore } from "../../../src/sandbox/store/store.ts";
import { Lab, NOW_SECONDS, record } from "../lab.ts";
import { facts } from "./facts.ts";

const UUID = "1f7c1a2e-3b4d-4e6f-8a90-b1c2d3e4f506";
const { projectId, token } = SANDBOX;
const resolve = (lab: Lab, id: string) => lab.store.identities.resolve(projectId, id);
const identity = (event: string, properties: Record<string, unknown>) => ({
  event,
  properties: { token, time: NOW_SECONDS - 60, distinct_id: "", $insert_id: `i-${event.slice(1, 5)}`, ...properties },
});
const unique = async (lab: Lab) =>
  (await lab.query("/segmentation", {
    event: "Signup",
    from_date: "2026-11-23",
    to_date: "2026-11-23",
    type: "unique",
  })).json.data.values.Signup["2026-11-23"];

/** A lab whose project joins ids in another way. */
function inMode(identity: IdentityMode): Lab {
  const lab = new Lab();
  const store = openStore(":memory:");
  seedDefaults(store, { identity });
  const sandbox = createSandbox({ store, clock: lab.clock });
  return Object.assign(lab, { store, sandbox });
}

facts("2.1", "events that join ids", {
  "2.1-1": {
    says: "$identify joins an anonymous UUID to a user, by /track and by /import",
    async holds(lab) {
      await lab.post("/track", [identity("$identify", { $identified_id: "user", $anon_id: UUID })]);
      const other = UUID.replace("1f", "2f");
      await lab.import([identity("$identify", { $identified_id: "user", $anon_id: other })]);
      assert.deepEqual([resolve(lab, UUID), resolve(lab, other)], ["user", "user"]);
    },
  },
  "2.1-2": {
    says: "$create_alias gives an id several aliases, and an alias one id",
    async holds(lab) {
      const alias = (id: string, name: string) =>
        lab.post("/track", [identity("$create_alias", { distinct_id: id, alias: name })]);
      await alias("u-1", "a");
      await alias("u-1", "b");
      await alias("u-2", "a");
      assert.equal(resolve(lab, "a"), resolve(lab, "u-1"));
      assert.equal(resolve(lab, "b"), resolve(lab, "u-1"));
      assert.notEqual(resolve(lab, "u-2"), resolve(lab, "u-1"));
    },
  },
  "2.1-3": {
    says: "$merge joins exactly two ids, by /import",
    async holds(lab) {
      await lab.import([identity("$merge", { $distinct_ids: ["x", "y"] })]);
      await lab.import([identity("$merge", { $insert_id: "other", $distinct_ids: ["p", "q", "r"] })]);
      assert.equal(resolve(lab, "x"), resolve(lab, "y"));
      assert.notEqual(resolve(lab, "p"), resolve(lab, "q"));
    },
  },
  "2.1-4": {
    says: "a person has at most 500 ids, and whoever sends one more is not told",
    async holds(lab) {
      for (let n = 1; n < 502; n++) {
        const merge = identity("$merge", { $insert_id: `m-${n}`, $distinct_ids: ["first", `id-${n}`] });
        assert.equal((await lab.import([merge])).status, 200);
      }
      assert.equal(lab.store.identities.countIds(projectId, "first"), 500);
    },
  },
});

facts("2.1", "joining events, further", {
  "2.1-5": {
    says: "$identify and $create_alias come as forms too, with strict in them; $identify needs no distinct_id",
    async holds(lab) {
      const send = (event: string, properties: Record<string, unknown>) =>
        lab.send("/track", {
          method: "POST",
          auth: "",
          body: new URLSearchParams({
            data: JSON.stringify({ event, properties: { token, ...properties } }),
            strict: "1",
          }),
        });
      await send("$identify", { $identified_id: "user", $anon_id: UUID });
      await send("$create_alias", { distinct_id: "user", alias: "a" });
      assert.deepEqual([resolve(lab, UUID), resolve(lab, "a")], ["user", resolve(lab, "user")]);
    },
  },
  "2.1-6": {
    says: "a legacy project knows aliases, and neither $identify nor $merge",
    async holds() {
      const lab = inMode("legacy");
      await lab.import([
        identity("$create_alias", { distinct_id: "user", alias: "a" }),
        identity("$identify", { $identified_id: "user", $anon_id: UUID }),
        identity("$merge", { $distinct_ids: ["x", "y"] }),
      ]);
      assert.equal(resolve(lab, "a"), resolve(lab, "user"));
      assert.notEqual(resolve(lab, UUID), resolve(lab, "user"));
      assert.notEqual(resolve(lab, "x"), resolve(lab, "y"));
    },
  },
});

facts("2.2", "identity on an original project", {
  "2.2-6": {
    says: "$merge joins two anonymous ids, and two users",
    async holds(lab) {
      const other = UUID.replace("1f", "2f");
      await lab.import([
        identity("$merge", { $distinct_ids: [UUID, other], $insert_id: "m-1" }),
        identity("$merge", { $distinct_ids: ["user-1", "user-2"], $insert_id: "m-2" }),
      ]);
      assert.equal(resolve(lab, UUID), resolve(lab, other));
      assert.equal(resolve(lab, "user-1"), resolve(lab, "user-2"));
    },
  },
  "2.2-7": {
    says: "the activity of any member of a cluster is that of all",
    async holds(lab) {
      await lab.import([
        record({ distinct_id: UUID }),
        record({ distinct_id: "user", $insert_id: "j", time: NOW_SECONDS - 30 }),
        identity("$identify", { $identified_id: "user", $anon_id: UUID }),
      ]);
      for (const id of [UUID, "user"]) {
        const days = { from_date: "2026-11-23", to_date: "2026-11-23" };
        const { json } = await lab.query("/stream/query", { distinct_ids: JSON.stringify([id]), ...days });
        const signups = json.results.events.filter(({ event }: { event: string }) => event === "Signup");
        assert.equal(signups.length, 2, id);
      }
    },
  },
  "2.2-1": {
    says: "a strict import takes every event that joins ids, and breaks of rules join nothing without a word",
    async holds(lab) {
      const { status, json } = await lab.import([
        identity("$identify", { $identified_id: "user", $anon_id: "no-uuid" }),
      ]);
      assert.deepEqual([status, json.num_records_imported], [200, 1]);
      assert.equal(resolve(lab, "no-uuid"), "no-uuid");
    },
  },
  "2.2-2": {
    says: "$device_id and $user_id of an event join nothing",
    async holds(lab) {
      await lab.import([record({ distinct_id: "u", $device_id: "d", $user_id: "u" })]);
      assert.equal(resolve(lab, "d"), "d");
    },
  },
  "2.2-3": {
    says: "an export has the joining events with all their properties, and re-keyed rows name the id of before",
    async holds(lab) {
      await lab.import([
        record({ distinct_id: UUID }),
        identity("$identify", { $identified_id: "user", $anon_id: UUID }),
      ]);
      const rows = await lab.exported() as { event: string; properties: Record<string, unknown> }[];
      const joining = rows.find(({ event }) => event === "$identify")!;
      assert.deepEqual([joining.properties.$identified_id, joining.properties.$anon_id], ["user", UUID]);
      const rekeyed = rows.find(({ event }) => event === "Signup")!;
      assert.deepEqual(
        [rekeyed.properties.distinct_id, rekeyed.properties.$distinct_id_before_identity],
        ["user", UUID],
      );
    },
  },
  "2.2-4": {
    says: "reports count joined ids as one person",
    async holds(lab) {
      await lab.import([record({ distinct_id: UUID }), record({ distinct_id: "user", $insert_id: "j" })]);
      assert.equal(await unique(lab), 2);
      await lab.import([identity("$identify", { $identified_id: "user", $anon_id: UUID })]);
      assert.equal(await unique(lab), 1);
    },
  },
  "2.2-5": {
    says: "JQL sees the ids as they were sent",
    async holds(lab) {
      await lab.import([
        record({ distinct_id: UUID }),
        identity("$identify", { $identified_id: "user", $anon_id: UUID }),
      ]);
      const script = `function main() { return Events({ from_date: "2026-11-23", to_date: "2026-11-23",
        event_selectors: [{ event: "Signup" }] }).map(function (e) { return e.distinct_id }) }`;
      const { json } = await lab.query("/jql", {}, { method: "POST", body: new URLSearchParams({ script }) });
      assert.deepEqual(json, [UUID]);
    },
  },
});

facts("2.3", "the simplified ID merge", {
  "2.3-1": {
    says: "a device and a user on any event are joined, and a first joint event wins",
    async holds() {
      const lab = inMode("simplified");
      await lab.import([
        record({ distinct_id: undefined, $device_id: "d", $insert_id: "a" }),
        record({ distinct_id: undefined, $device_id: "d", $user_id: "u-1", $insert_id: "b" }),
        record({ distinct_id: undefined, $device_id: "d", $user_id: "u-2", $insert_id: "c" }),
      ]);
      assert.equal(resolve(lab, "$device:d"), "u-1");
      assert.equal(await unique(lab), 2);
    },
  },
  "2.3-2": {
    says: "distinct_id becomes the user's id, or $device: and the device's",
    async holds() {
      const lab = inMode("simplified");
      await lab.import([
        record({ distinct_id: "x", $user_id: "u", $insert_id: "a" }),
        record({ distinct_id: undefined, $device_id: "d", $insert_id: "b" }),
      ]);
      const ids = (await lab.exported()).map(({ properties }) => (properties as Record<string, unknown>).distinct_id);
      assert.deepEqual(ids.sort(), ["$device:d", "u"]);
    },
  },
  "2.3-3": {
    says: "exported rows carry the $device_id or $user_id that a bare id stands for",
    async holds() {
      const lab = inMode("simplified");
      await lab.import([
        record({ distinct_id: "$device:d", $insert_id: "a" }),
        record({ distinct_id: UUID, $insert_id: "b" }),
        record({ distinct_id: undefined, $device_id: "$device:e", $insert_id: "c" }),
      ]);
      const rows = (await lab.exported()).map(({ properties }) => properties as Record<string, unknown>);
      assert.deepEqual(rows.map(({ $device_id, $user_id }) => [$device_id, $user_id]), [
        ["d", undefined],
        [undefined, UUID],
        ["e", undefined],
      ]);
    },
  },
  "2.3-4": {
    says: "a strict import of an event that joins ids refuses the whole batch, with a text for a record",
    async holds() {
      const lab = inMode("simplified");
      const { status, json } = await lab.import([record(), identity("$merge", { $distinct_ids: ["a", "b"] })]);
      assert.deepEqual([status, json.num_records_imported, json.failed_records], [400, 0, [
        "identity events are not allowed when project is using simplified identity management",
      ]]);
      assert.deepEqual(await lab.exported(), []);
    },
  },
  "2.3-5": {
    says: "a joint event that is dated before the anonymous ones joins them all the same",
    async holds() {
      const lab = inMode("simplified");
      await lab.import([
        record({ distinct_id: undefined, $device_id: "d", $insert_id: "a", time: NOW_SECONDS - 10 }),
        record({ distinct_id: undefined, $device_id: "d", $user_id: "u-1", $insert_id: "b", time: NOW_SECONDS - 99 }),
      ]);
      assert.equal(await unique(lab), 1);
    },
  },
  "2.3-6": {
    says: "a user has any number of devices",
    async holds() {
      const lab = inMode("simplified");
      const joint = Array.from(
        { length: 600 },
        (_, n) => record({ distinct_id: undefined, $device_id: `d-${n}`, $user_id: "u", $insert_id: `i-${n}` }),
      );
      await lab.import(joint);
      assert.equal(await unique(lab), 1);
      assert.equal(resolve(lab, "$device:d-599"), "u");
    },
  },
  "2.3-7": {
    says: "what is set on the profile of a device is not the user's",
    async holds() {
      const lab = inMode("simplified");
      await lab.post("/engage", [{ $token: token, $distinct_id: "$device:d", $set: { plan: "pro" } }]);
      await lab.import([record({ distinct_id: undefined, $device_id: "d", $user_id: "u" })]);
      await lab.post("/engage", [{ $token: token, $distinct_id: "u", $set: { n: 1 } }]);
      const { $last_seen: _seen, ...properties } = lab.store.profiles.get(projectId, "", "u")!;
      assert.deepEqual(properties, { n: 1 });
    },
  },
  "2.3-8": {
    says: "two users stay two, whatever joins them",
    async holds() {
      const lab = inMode("simplified");
      await lab.post("/track", [identity("$create_alias", { distinct_id: "u-1", alias: "u-2" })]);
      await lab.import([record({ distinct_id: "u-1" }), record({ distinct_id: "u-2", $insert_id: "j" })]);
      assert.equal(await unique(lab), 2);
    },
  },
  "2.4-1": {
    says: "a strict import without distinct_id tells the modes apart",
    async holds(lab) {
      const old = record({ distinct_id: undefined, $device_id: "d" });
      assert.equal((await lab.import([old])).status, 400);
      assert.equal((await inMode("simplified").import([old])).json.num_records_imported, 1);
    },
  },
  "2.4-2": {
    says: "what the server has added to an exported event does no harm when it comes back, and copies count once",
    settings: { addServerProperties: true },
    async holds(lab) {
      await lab.import([record({ distinct_id: "u-1" })]);
      await lab.import(await lab.exported());
      assert.equal(await unique(lab), 1);
      const days = { event: "Signup", from_date: "2026-11-23", to_date: "2026-11-23" };
      assert.equal((await lab.query("/segmentation", days)).json.data.values.Signup["2026-11-23"], 1);
    },
  },
});
