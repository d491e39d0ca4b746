import assert from "node:assert/strict";
import { SANDBOX } from "../../../src/sandbox/defaults.ts";
import { type Lab } from "../lab.ts";
import { type Fact, facts } from "./facts.ts";

const { token, projectId } = SANDBOX;
const PROJECT = `project_id=${projectId}`;
const TABLE = `/lookup-tables/${SANDBOX.lookupTableId}?${PROJECT}`;

const profile = (lab: Lab, id = "u") => lab.store.profiles.get(projectId, "", id);
const withoutSeen = (properties: Record<string, unknown> | undefined) => {
  const { $last_seen: _seen, ...rest } = properties ?? {};
  return rest;
};

/** What a list of updates of one profile leaves. */
function update(says: string, updates: Record<string, unknown>[], expected: Record<string, unknown>): Fact {
  return {
    says,
    async holds(lab) {
      const body = updates.map((one) => ({ $token: token, $distinct_id: "u", ...one }));
      assert.deepEqual((await lab.post("/engage?verbose=1", body)).json, { error: null, status: 1 });
      assert.deepEqual(withoutSeen(profile(lab)), expected);
    },
  };
}

facts("1.6", "/engage", {
  "1.6-1": update("$set overwrites what it names", [{ $set: { a: 1, b: 2 } }, { $set: { a: 3 } }], { a: 3, b: 2 }),
  "1.6-2": update("$set_once sets what is unset", [{ $set: { a: 1 } }, { $set_once: { a: 2, b: 2 } }], { a: 1, b: 2 }),
  "1.6-3": update("$add starts at 0 and goes below it", [{ $add: { n: 2 } }, { $add: { n: -5 } }], { n: -3 }),
  "1.6-4": update("$append keeps copies", [{ $append: { l: 1 } }, { $append: { l: 1 } }], { l: [1, 1] }),
  "1.6-5": update("$union adds what is not there", [{ $union: { l: [1, 2] } }, { $union: { l: [2, 3] } }], {
    l: [1, 2, 3],
  }),
  "1.6-6": update("$remove takes one value out of a list, and does nothing where it is not", [
    { $set: { l: [1, 2, 3] } },
    { $remove: { l: 2, none: 1 } },
  ], { l: [1, 3] }),
  "1.6-7": update("$unset takes a list of names", [{ $set: { a: 1, b: 2 } }, { $unset: ["a"] }], { b: 2 }),
  "1.6-8": {
    says: "$delete deletes the profile, whatever its value is, and leaves the events",
    async holds(lab) {
      lab.load([{ event: "E", properties: { time: 1_700_000_000, distinct_id: "u" } }]);
      for (const value of ["", "null", 1]) {
        await lab.post("/engage", [{ $token: token, $distinct_id: "u", $set: { a: 1 } }]);
        await lab.post("/engage", [{ $token: token, $distinct_id: "u", $delete: value }]);
        assert.equal(profile(lab), undefined);
      }
      assert.equal(lab.store.events.count(projectId), 1);
    },
  },
  "1.6-9": {
    says: "$last_seen is kept up to date, unless $ignore_time says otherwise",
    async holds(lab) {
      await lab.post("/engage", [{ $token: token, $distinct_id: "u", $set: { a: 1 } }]);
      const seen = profile(lab)!.$last_seen;
      assert.match(String(seen), /^2026-11-23T12:00:00/);
      lab.clock.advance(3_600_000);
      await lab.post("/engage", [{ $token: token, $distinct_id: "u", $ignore_time: true, $set: { a: 2 } }]);
      assert.equal(profile(lab)!.$last_seen, seen);
      await lab.post("/engage", [{ $token: token, $distinct_id: "u", $set: { a: 3 } }]);
      assert.match(String(profile(lab)!.$last_seen), /^2026-11-23T13:00:00/);
    },
  },
  "1.6-10": {
    says: "a charge of an SDK is an $append to $transactions",
    async holds(lab) {
      const charge = { $amount: 9.5, $time: "2026-11-23T10:00:00" };
      await lab.post("/engage", [{ $token: token, $distinct_id: "u", $append: { $transactions: charge } }]);
      assert.deepEqual(profile(lab)!.$transactions, [charge]);
    },
  },
  "1.6-11": {
    says: "what is wrong is told with status 200",
    async holds(lab) {
      const { status, json } = await lab.post("/engage?verbose=1", [{ $token: token, $set: { a: 1 } }]);
      assert.deepEqual([status, json], [200, { error: "$distinct_id, missing or empty", status: 0 }]);
    },
  },
});

facts("1.7", "/groups", {
  "1.7-1": {
    says: "profiles of groups have a key and an id, and the operations of users",
    async holds(lab) {
      const send = (operation: Record<string, unknown>) =>
        lab.post("/groups?verbose=1", [{ $token: token, $group_key: "company", $group_id: "acme", ...operation }]);
      for (
        const operation of [
          { $set: { plan: "pro", seats: ["a", "b"] } },
          { $set_once: { plan: "free", since: 2020 } },
          { $union: { seats: ["b", "c"] } },
          { $remove: { seats: "a" } },
          { $unset: ["since"] },
        ]
      ) assert.deepEqual((await send(operation)).json, { error: null, status: 1 });
      assert.deepEqual(withoutSeen(lab.store.profiles.get(projectId, "company", "acme")), {
        plan: "pro",
        seats: ["b", "c"],
      });
      await send({ $delete: "" });
      assert.equal(lab.store.profiles.get(projectId, "company", "acme"), undefined);
    },
  },
});

facts("1.8", "lookup tables", {
  "1.8-1": {
    says: "they are listed with id and name",
    async holds(lab) {
      assert.deepEqual((await lab.send(`/lookup-tables?${PROJECT}`)).json, {
        code: 200,
        status: "OK",
        results: [{ id: SANDBOX.lookupTableId, name: "Products" }],
      });
    },
  },
  "1.8-2": {
    says: "a table is replaced as a whole by CSV, gzip too",
    async holds(lab) {
      const csv = "product_id,name\np-1,Tea\n";
      const put = (body: BodyInit, headers = {}) =>
        lab.send(TABLE, { method: "PUT", body, headers: { "content-type": "text/csv", ...headers } });
      assert.deepEqual((await put(csv)).json, { code: 200, status: "OK" });
      const packed = await new Response(new Blob([csv]).stream().pipeThrough(new CompressionStream("gzip")))
        .arrayBuffer();
      assert.equal((await put(packed, { "content-encoding": "gzip" })).status, 200);
      assert.equal(lab.store.lookupTables.csv(projectId, SANDBOX.lookupTableId), csv);
    },
  },
  "1.8-3": {
    says: "one bad row refuses the table, and at most ten are named",
    async holds(lab) {
      const before = lab.store.lookupTables.csv(projectId, SANDBOX.lookupTableId);
      const put = (body: string) => lab.send(TABLE, { method: "PUT", body, headers: { "content-type": "text/csv" } });
      const wide = await put("id,name\n1,a\n2,b,c\n");
      assert.equal(wide.status, 400);
      assert.deepEqual(wide.json, {
        code: 400,
        error: "Some data points in the request failed validation.",
        status: "Bad Request",
        failed_records: [{ index: 2, message: "invalid row: wrong number of fields" }],
      });
      const twice = await put("id,name\n1,a\n1,b\n");
      assert.equal(
        twice.json.failed_records[0].message,
        "invalid row: row indexes 1 and 2 have the same primary key",
      );
      assert.match(
        (await put("id,name\n,a\n")).json.failed_records[0].message,
        /primary key is required and cannot be blank/,
      );
      assert.equal((await put(`id,name\n${"x\n".repeat(30)}`)).json.failed_records.length, 10);
      assert.equal(lab.store.lookupTables.csv(projectId, SANDBOX.lookupTableId), before);
    },
  },
  "1.8-4": {
    says: "an unknown table is 404 with code 200",
    async holds(lab) {
      const { status, json } = await lab.send(`/lookup-tables/none?${PROJECT}`, { method: "PUT", body: "a,b\n" });
      assert.deepEqual([status, json], [404, {
        code: 200,
        error: "Lookup table with id 'none' was not found.",
        status: "Not Found",
      }]);
    },
  },
  "1.8-5": {
    says: "there are 100 replacements in 24 hours",
    settings: { quotas: { lookup_tables: { perDay: 100 } } },
    async holds(lab) {
      const put = () => lab.send(TABLE, { method: "PUT", body: "a,b\n1,2\n", headers: { "content-type": "text/csv" } });
      for (let n = 0; n < 100; n++) assert.equal((await put()).status, 200);
      assert.equal((await put()).status, 429);
      lab.clock.advance(86_400_000);
      assert.equal((await put()).status, 200);
    },
  },
});
