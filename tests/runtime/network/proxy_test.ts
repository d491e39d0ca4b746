import { describe, it } from "node:test";
import assert from "node:assert/strict";
import { proxyAuthorization, proxyFor } from "../../../src/runtime/network/proxy.ts";

const PROXY = "http://proxy.test:3128";

function via(url: string, variables: Parameters<typeof proxyFor>[1]): string | undefined {
  return proxyFor(new URL(url), variables)?.href;
}

describe("proxyFor", () => {
  it("takes the variable of the URL's scheme", () => {
    const variables = { http: "http://plain.test:1", https: "http://secure.test:2" };
    assert.equal(via("http://a.test/", variables), "http://plain.test:1/");
    assert.equal(via("https://a.test/", variables), "http://secure.test:2/");
  });

  it("falls back to ALL_PROXY, and to none", () => {
    assert.equal(via("https://a.test/", { all: PROXY }), `${PROXY}/`);
    assert.equal(via("https://a.test/", { https: "", all: PROXY }), `${PROXY}/`);
    assert.equal(via("https://a.test/", { http: PROXY }), undefined);
  });

  it("takes a proxy without a scheme as HTTP", () => {
    assert.equal(via("https://a.test/", { https: "proxy.test:3128" }), `${PROXY}/`);
  });

  for (
    const [none, url, isExempt] of [
      ["*", "https://a.test/", true],
      ["a.test", "https://a.test/", true],
      ["a.test", "https://x.a.test/", true],
      [".a.test", "https://a.test/", true],
      [".a.test", "https://x.a.test/", true],
      ["*.a.test", "https://x.a.test/", true],
      ["a.test", "https://aa.test/", false],
      ["a.test", "https://a.test.evil/", false],
      ["A.Test", "https://a.TEST/", true],
      ["b.test, a.test", "https://a.test/", true],
      ["b.test a.test", "https://a.test/", true],
      ["a.test:443", "https://a.test/", true],
      ["a.test:8443", "https://a.test/", false],
      ["a.test:8443", "https://a.test:8443/", true],
      ["127.0.0.1", "http://127.0.0.1:8080/", true],
      ["127.0.0.1:8081", "http://127.0.0.1:8080/", false],
      ["::1", "http://[::1]:8080/", true],
      ["[::1]:8080", "http://[::1]:8080/", true],
      ["[::1]:8081", "http://[::1]:8080/", false],
      ["", "http://localhost/", false],
      [",", "http://localhost/", false],
      [".", "http://localhost/", false],
    ] as const
  ) {
    it(`with NO_PROXY="${none}" goes to ${url} ${isExempt ? "directly" : "through the proxy"}`, () => {
      assert.equal(via(url, { all: PROXY, none }), isExempt ? undefined : `${PROXY}/`);
    });
  }

  it("refuses other schemes and addresses that are none, without showing their passwords", () => {
    for (const all of ["socks5://u:pa55@h:1", "http://u:pa55@ho st"]) {
      assert.throws(() => via("https://a.test/", { all }), (error: Error & { category?: string }) => {
        assert.equal(error.category, "input");
        assert.match(error.message, /ALL_PROXY/);
        assert.doesNotMatch(error.message, /pa55/);
        return true;
      });
    }
  });
});

describe("proxyAuthorization", () => {
  it("decodes the user and password of the proxy's address", () => {
    assert.equal(proxyAuthorization(new URL("http://us%40er:p%3Aw@h:1")), `Basic ${btoa("us@er:p:w")}`);
    assert.equal(proxyAuthorization(new URL("http://h:1")), undefined);
  });
});
