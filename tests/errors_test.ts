import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { alsoFailed, MpError } from "../src/errors.ts";

describe("a failure after a failure", () => {
  it("is a part of the first one's cause", () => {
    const [first, second, third] = [new Error("first"), new Error("second"), new Error("third")];
    assert.equal(alsoFailed(first, second), first);
    assert.equal(first.cause, second);
    alsoFailed(first, third);
    assert.deepEqual((first.cause as AggregateError).errors, [second, third]);
  });

  it("adds nothing when it is the same error, or one is behind the other", () => {
    const interrupted = new MpError("Interrupted", { category: "interrupted" });
    assert.equal(alsoFailed(interrupted, interrupted), interrupted);
    assert.equal(interrupted.cause, undefined);
    const outer = new MpError("Cannot save", { category: "failure", cause: interrupted });
    assert.equal(alsoFailed(interrupted, outer), interrupted);
    assert.equal(interrupted.cause, undefined);
    assert.equal(alsoFailed(outer, interrupted), outer);
    assert.equal(outer.cause, interrupted);
    const several = new AggregateError([new Error("other"), interrupted]);
    assert.equal(alsoFailed(interrupted, several), interrupted);
    assert.equal(interrupted.cause, undefined);
  });

  it("goes with what is no error", () => {
    assert.deepEqual((alsoFailed("first", "second") as AggregateError).errors, ["first", "second"]);
  });
});
