import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { redact, rememberSecret } from "../../src/cli/redact.ts";

describe("redacting", () => {
  it("replaces every occurrence of a secret", () => {
    rememberSecret("redact-one-hunter2");
    assert.equal(redact("a redact-one-hunter2 b redact-one-hunter2"), "a [redacted] b [redacted]");
  });

  it("finds a secret as it stands in addresses, forms and JSON", () => {
    rememberSecret('redact two/+&"\\ü');
    for (
      const text of [
        'redact two/+&"\\ü',
        `?token=${encodeURIComponent('redact two/+&"\\ü')}`,
        `?${new URLSearchParams({ token: 'redact two/+&"\\ü' })}`,
        JSON.stringify({ message: 'redact two/+&"\\ü is wrong' }),
      ]
    ) {
      assert.match(redact(text), /\[redacted\]/, text);
      assert.doesNotMatch(redact(text), /two/, text);
    }
  });

  it("leaves nothing of a secret that begins with another one", () => {
    rememberSecret("redact-three");
    rememberSecret("redact-three-and-more");
    assert.equal(redact("redact-three-and-more redact-three"), "[redacted] [redacted]");
  });

  it("hides what follows Basic and Bearer, known or not", () => {
    assert.equal(redact("authorization: Basic dXNlcjpwYXNz"), "authorization: Basic [redacted]");
    assert.equal(redact("authorization: Bearer abc.def-123_~+/="), "authorization: Bearer [redacted]");
    assert.equal(redact("basic knowledge of a Bearer of news"), "basic knowledge of a Bearer of news");
  });

  it("leaves very short secrets alone, and no secret at all", () => {
    rememberSecret("abc");
    rememberSecret("");
    rememberSecret(undefined);
    assert.equal(redact("abc, undefined"), "abc, undefined");
  });
});
