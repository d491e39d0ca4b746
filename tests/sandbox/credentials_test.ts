import { describe, it } from "node:test";
import assert from "node:assert/strict";
import { credentialsOf } from "../../src/sandbox/credentials.ts";

describe("credentials", () => {
  const read = (authorization: string) =>
    credentialsOf(new Request("http://sandbox.test/", { headers: { authorization } }));

  it("are read from Basic in all the ways that clients write it", () => {
    assert.deepEqual(read(`Basic ${btoa("user:pass:word")}`), { kind: "basic", user: "user", password: "pass:word" });
    assert.deepEqual(read(`basic ${btoa("secret:")}`), { kind: "basic", user: "secret", password: "" });
    assert.deepEqual(read(`Basic ${btoa("secret")}`), { kind: "basic", user: "secret", password: "" });
    assert.deepEqual(read("Basic user:secret"), { kind: "basic", user: "user", password: "secret" });
    assert.deepEqual(read(`Basic ${btoa("a?>:b").replace("+", "-").replace("/", "_").replace("=", "")}`), {
      kind: "basic",
      user: "a?>",
      password: "b",
    });
  });

  it("are read from Bearer, and are none otherwise", () => {
    assert.deepEqual(read("Bearer abc"), { kind: "bearer", token: "abc" });
    assert.deepEqual(read("Digest x"), { kind: "none" });
    assert.deepEqual(credentialsOf(new Request("http://sandbox.test/")), { kind: "none" });
  });
});
