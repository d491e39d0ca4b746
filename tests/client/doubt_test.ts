import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { doubtHint, isChange, lookHint } from "../../src/client/doubt.ts";
import { networkError } from "../../src/client/network_errors.ts";
import type { Exchange } from "../../src/client/errors.ts";
import { type FaultKind, NetworkFault } from "../../src/runtime/network/network_fault.ts";

const change = { method: "POST", family: "app", repeatable: false } as const;

const exchange = (request: Exchange["request"]): Exchange => ({
  request,
  url: new URL("https://mixpanel.com/api/app/x"),
  connection: { region: "us" },
});

describe("a request that may have been carried out", () => {
  it("changes something, unless it asks", () => {
    assert.ok(isChange(change));
    assert.ok(isChange({ method: "DELETE", family: "app", repeatable: false }));
    // Saved by a POST of the query family, which otherwise asks.
    assert.ok(isChange({ method: "POST", family: "query", repeatable: false }));
    assert.ok(!isChange({ method: "POST", family: "query", repeatable: true }));
    assert.ok(!isChange({ method: "GET", family: "app", repeatable: true }));
    assert.ok(!isChange({ method: "POST", family: "ingestion", repeatable: true, isProbe: true }));
  });

  it("is looked for, by the command that shows it", () => {
    assert.equal(
      doubtHint({ ...change, ifInDoubt: lookHint("mp x get {id}", { id: 5 }) }),
      "look whether it was done: mp x get 5",
    );
    assert.equal(
      lookHint("mp x {list.0.$id}", { list: [{ $id: "it's" }] }),
      "look whether it was done: mp x 'it'\\''s'",
    );
    assert.match(doubtHint(change)!, /^look whether it was done/);
    assert.match(doubtHint({ ...change, repeatable: true })!, /to do it twice changes nothing more/);
    assert.equal(doubtHint({ method: "GET", family: "app", repeatable: true }), undefined);
  });

  it("is in doubt after every fault of the network that came when it was sent, and after no other", () => {
    const kinds: FaultKind[] = ["reset", "cut", "first_byte_timeout", "idle_timeout"];
    for (const kind of kinds) {
      const lost = networkError(new NetworkFault(kind, true, "x"), exchange(change), 1000);
      assert.deepEqual([lost.inDoubt, lost.hint], [true, "look whether it was done before you run it again"], kind);
      const asked = networkError(new NetworkFault(kind, true, "x"), exchange({ ...change, method: "GET" }), 1000);
      assert.equal(asked.inDoubt, false);
    }
    const unsent = networkError(new NetworkFault("refused", false, "x"), exchange(change), 1000);
    assert.equal(unsent.inDoubt, false);
    assert.doesNotMatch(unsent.hint!, /look whether/);
  });
});
