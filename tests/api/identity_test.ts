import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { call } from "../../src/api/call.ts";
import { identify, merge, mergeIdentities, mergePairs } from "../../src/api/identity.ts";
import { MpError } from "../../src/errors.ts";
import { fakeClient } from "../jobs/fake_client.ts";

describe("identity", () => {
  it("is a form with the event as JSON and the token in it", async () => {
    const client = fakeClient(() => '{"error":null,"status":1}');
    const properties = { $identified_id: "u", $anon_id: "a" };
    await call(client, identify, { data: { event: "$identify", properties }, strict: true });
    const [{ body, query }] = client.requests as [typeof client.requests[0]];
    assert.deepEqual(query, [["verbose", "1"]]);
    assert.deepEqual(body, {
      kind: "form",
      fields: [
        {
          name: "data",
          value: '{"event":"$identify","properties":{"token":"token-1","$identified_id":"u","$anon_id":"a"}}',
        },
        { name: "strict", value: "1" },
      ],
    });
  });

  it("makes pairs with the first of several ids", () => {
    assert.deepEqual(mergePairs(["a", "b", "c", "a"]), [["a", "b"], ["a", "c"]]);
    assert.deepEqual(mergePairs(["a"]), []);
    assert.deepEqual(mergePairs([]), []);
  });

  it("merges two ids in an event, no more", async () => {
    const client = fakeClient(() => "{}");
    const event = { event: "$merge" as const, properties: { $distinct_ids: ["a", "b", "c"] } };
    await assert.rejects(call(client, mergeIdentities, { events: [event] }), { category: "input" });
    assert.equal(client.requests.length, 0);
  });

  it("goes to /track, as the reference has it, where /import is not there", async () => {
    const client = fakeClient(({ path }) => {
      if (path === "/track") return "1";
      throw new MpError("Cannot POST /import: no such endpoint", { category: "not_found", endpointMissing: true });
    });
    assert.deepEqual((await merge(client, ["a", "b"])).result(), { status: 1 });
    assert.deepEqual(client.requests.map(({ path }) => path), ["/import", "/track"]);
  });
});
