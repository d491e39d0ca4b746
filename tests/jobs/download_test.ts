import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { MpError } from "../../src/errors.ts";
import { download, fileNameOf } from "../../src/jobs/download.ts";
import { pipeTarget } from "../../src/jobs/target.ts";
import { createTransport } from "../../src/runtime/network/transport.ts";
import { startStubServer, type StubReply } from "../helpers/stub_server.ts";

async function fetched(replies: Record<string, StubReply>, first: string): Promise<string> {
  const server = await startStubServer();
  for (const [path, reply] of Object.entries(replies)) server.on("GET", path, reply);
  const decoder = new TextDecoder();
  let text = "";
  const target = pipeTarget({ write: (bytes) => Promise.resolve(void (text += decoder.decode(bytes))) });
  try {
    const bytes = await download(createTransport({ proxy: {} }), `${server.url}${first}`, target, {
      timeoutMs: 5000,
      userAgent: "test",
    });
    assert.equal(bytes, text.length);
    for (const { headers } of server.requests) assert.equal(headers.get("authorization"), null);
    return text;
  } finally {
    await server.finish();
  }
}

async function refused(replies: Record<string, StubReply>, first: string): Promise<MpError> {
  const error = await fetched(replies, first).then(() => undefined, (error: unknown) => error);
  assert.ok(error instanceof MpError, String(error));
  return error;
}

describe("download", () => {
  it("follows redirects to the file", async () => {
    const replies = { "/a": { status: 302, headers: { location: "/b?sig=1" } }, "/b?sig=1": { body: "content" } };
    assert.equal(await fetched(replies, "/a"), "content");
  });

  it("says that a link has run out, without its query string", async () => {
    const { category, message, hint } = await refused({ "/x": { status: 403, body: "expired" } }, "/x?sig=secret");
    assert.equal(category, "not_found");
    assert.match(message, /^Cannot download from 127\.0\.0\.1:\d+: it answered 403$/);
    assert.match(hint!, /links run out/);
  });

  it("fails when the file does not arrive whole", async () => {
    const head = "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n";
    const { category } = await refused({ "/x": { raw: [head, "half"], then: "close" } }, "/x");
    assert.equal(category, "network");
  });

  it("does not follow a link to plain HTTP elsewhere", async () => {
    const reply = { status: 302, headers: { location: "http://example.com/file" } };
    assert.match((await refused({ "/x": reply }, "/x")).message, /not an https address/);
  });
});

describe("fileNameOf", () => {
  it("is the last part of the path, when it would do as a name", () => {
    assert.equal(fileNameOf("https://files.example.com/a/result.json.gz?sig=1"), "result.json.gz");
    assert.equal(fileNameOf("files.example.com/98712"), "98712");
    for (const odd of ["https://x.example.com/", "https://x.example.com/a/..%2fb", "https://x.example.com/.."]) {
      assert.equal(fileNameOf(odd), undefined, odd);
    }
  });
});
