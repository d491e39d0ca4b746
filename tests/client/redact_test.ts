import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { redact, redactAnswer, redactHeaders, rememberSecret } from "../../src/client/redact.ts";

const base64 = (text: string, options?: { alphabet: "base64" | "base64url" }) =>
  new TextEncoder().encode(text).toBase64(options);
const cleaned = (text: string) => new TextDecoder().decode(redactAnswer(new TextEncoder().encode(text)));

/** Full of what encodings change. */
const HARD = 'redact two/+&"\\ü=';

/** As programs in many languages write it, by hand. */
const FORMS: readonly (readonly [of: string, text: string])[] = [
  ["plain text", 'redact two/+&"\\ü='],
  ["an address", "redact%20two%2F%2B%26%22%5C%C3%BC%3D"],
  ["an address in small letters", "redact%20two%2f%2b%26%22%5c%c3%bc%3d"],
  ["an address in an address", "redact%2520two%252F%252B%2526%2522%255C%25C3%25BC%253D"],
  ["a form", "redact+two%2F%2B%26%22%5C%C3%BC%3D"],
  ["JSON of JavaScript", 'redact two/+&\\"\\\\ü='],
  ["JSON of PHP", 'redact two\\/+&\\"\\\\\\u00fc='],
  ["JSON of Go", 'redact two/+\\u0026\\"\\\\ü='],
  ["JSON of .NET", "redact two/\\u002B\\u0026\\u0022\\\\\\u00FC="],
  ["JSON of Gson", 'redact two/+\\u0026\\"\\\\ü\\u003d'],
  ["JSON in JSON", 'redact two/+&\\\\\\"\\\\\\\\ü='],
  ["HTML", "redact two/+&amp;&quot;\\ü="],
  ["HTML with numbers", "redact two/+&#38;&#x22;\\&#xFC;&#61;"],
  ["hex", "7265646163742074776f2f2b26225cc3bc3d"],
];

describe("redacting", () => {
  it("replaces every occurrence of a secret", () => {
    rememberSecret("redact-one-hunter2");
    assert.equal(redact("a redact-one-hunter2 b redact-one-hunter2"), "a [redacted] b [redacted]");
  });

  for (const [of, text] of FORMS) {
    it(`finds a secret in ${of}`, () => {
      rememberSecret(HARD);
      assert.equal(redact(`before ${text} after`), "before [redacted] after");
      assert.equal(cleaned(`before ${text} after`), "before [redacted] after");
    });
  }

  it("finds a secret in base64, wherever it stands in the encoded text", () => {
    const secret = "S3cr3t-Zq9w+/=x";
    rememberSecret(secret);
    for (const before of ["", "a", "ab", "abc", "svc:", '{"token":"']) {
      for (const after of ["", ":", '"}', "abc"]) {
        const text = base64(`${before}${secret}${after}`);
        const urlSafe = base64(`${before}${secret}${after}`, { alphabet: "base64url" });
        for (
          const form of [text, text.replace(/=+$/, ""), urlSafe, urlSafe.replace(/=+$/, ""), encodeURIComponent(text)]
        ) {
          const clean = cleaned(`echo=${form}&x=1`);
          assert.match(clean, /^echo=[\w%/+-]*\[redacted\][\w%/+-]*=*&x=1$/, form);
          // What is left decodes to no part of the secret that is longer than a character.
          assert.doesNotMatch(clean, /UzNj|MzY3|NjcjN0|c3Ry/, form);
        }
      }
    }
  });

  it("finds a secret that ends in one window of a long answer and begins in another", () => {
    rememberSecret("redact-long-A1b2C3d4");
    const before = "x".repeat(1024 * 1024 - 7);
    assert.equal(cleaned(`${before}redact-long-A1b2C3d4y`), `${before}[redacted]y`);
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

describe("redacting answers", () => {
  it("leaves the very bytes of an answer without secrets, also when they are no text", () => {
    rememberSecret("redact-bytes-1");
    const bytes = Uint8Array.of(0xff, 0xfe, 0x00, 0x80);
    assert.equal(redactAnswer(bytes), bytes);
  });

  it("leaves secrets alone that are words or numbers, which data are made of", () => {
    for (const secret of ["password", "api_secret", "31415926", "s3cr3t"]) rememberSecret(secret);
    const text = '{"api_secret": "password", "s3cr3t": 31415926}';
    assert.equal(cleaned(text), text);
    assert.equal(redact("the password"), "the [redacted]");
  });

  it("leaves JSON that still is JSON, and says the same beside the secret", () => {
    rememberSecret(HARD);
    for (const text of [HARD, `"${HARD}"`, `\\${HARD}\n${HARD}\t`, JSON.stringify({ [HARD]: `a\\${HARD}` })]) {
      const json = JSON.stringify({ before: "\\", text, after: '"' });
      const clean = JSON.parse(cleaned(json));
      assert.deepEqual([clean.before, clean.after], ["\\", '"'], json);
      assert.doesNotMatch(clean.text, /redact two/);
    }
  });

  it("leaves every other byte of an answer that is no text", () => {
    rememberSecret("redact-bytes-2");
    const secret = new TextEncoder().encode("redact-bytes-2");
    const clean = redactAnswer(Uint8Array.of(0xff, 0xc3, ...secret, 0xfe, 0x80));
    assert.deepEqual([...clean], [0xff, 0xc3, ...new TextEncoder().encode("[redacted]"), 0xfe, 0x80]);
  });

  it("reaches headers", () => {
    rememberSecret("redact-header-1");
    const headers = redactHeaders(new Headers({ "x-request-id": "a redact-header-1", "retry-after": "3" }));
    assert.equal(headers.get("x-request-id"), "a [redacted]");
    assert.equal(headers.get("retry-after"), "3");
  });
});
