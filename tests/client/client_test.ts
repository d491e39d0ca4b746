import { describe, it } from "node:test";
import assert from "node:assert/strict";
import { gunzipSync, gzipSync } from "node:zlib";
import { MpError } from "../../src/errors.ts";
import { createTransport } from "../../src/runtime/network/transport.ts";
import { readBytes } from "../../src/runtime/network/transport_body.ts";
import { connectionTo, exportRequest, failure, harness, importRequest, queryRequest, withServer } from "./harness.ts";

const SEGMENTATION = "/api/query/segmentation";
const basic = (pair: string) => `Basic ${btoa(pair)}`;

describe("the client's requests", () => {
  it("carry the service account, the project and the parameters", () =>
    withServer(async (server) => {
      server.on("GET", "/api/query/segmentation?project_id=123&event=Sign%20up", { json: { data: {} } });
      const answer = await harness(server.url).client.send(queryRequest());
      assert.equal(await answer.text(), '{"data":{}}');
      const { headers } = server.requests[0]!;
      assert.equal(headers.get("authorization"), basic("ana:ana-secret"));
      assert.equal(headers.get("user-agent"), "mp/test");
      assert.equal(headers.get("accept-encoding"), "gzip");
    }));

  it("carry a project secret without the project", () =>
    withServer(async (server) => {
      server.on("GET", "/api/query/segmentation?event=Sign%20up", { json: {} });
      const { client } = harness(server.url, { credentials: { projectSecret: "s3cret" } });
      await client.send(queryRequest());
      assert.equal(server.requests[0]!.headers.get("authorization"), basic("s3cret:"));
    }));

  it("carry a bearer token with the project", () =>
    withServer(async (server) => {
      server.on("GET", SEGMENTATION, { json: {} });
      await harness(server.url, { credentials: { oauthToken: "tok" } }).client.send(queryRequest());
      assert.equal(server.requests[0]!.headers.get("authorization"), "Bearer tok");
      assert.equal(server.requests[0]!.query.get("project_id"), "123");
    }));

  it("carry a project token as a user name, and no project", () =>
    withServer(async (server) => {
      server.on("POST", "/import?strict=1", { json: { code: 200, num_records_imported: 1, status: "OK" } });
      const { client } = harness(server.url, { credentials: { projectToken: "tkn" } });
      await client.send(importRequest());
      assert.equal(server.requests[0]!.headers.get("authorization"), basic("tkn:"));
    }));

  it("keep user names and secrets that are not ASCII", () =>
    withServer(async (server) => {
      server.on("GET", SEGMENTATION, { json: {} });
      const serviceAccount = { username: "jürgen", secret: "pä:ß" };
      await harness(server.url, { credentials: { serviceAccount } }).client.send(queryRequest());
      const [, encoded = ""] = server.requests[0]!.headers.get("authorization")!.split(" ");
      assert.equal(new TextDecoder().decode(Uint8Array.fromBase64(encoded)), "jürgen:pä:ß");
    }));

  it("send JSON Lines compressed", () =>
    withServer(async (server) => {
      server.on("POST", "/import", { json: { code: 200, num_records_imported: 1, status: "OK" } });
      await harness(server.url).client.send(importRequest());
      const { headers, body } = server.requests[0]!;
      assert.equal(headers.get("content-encoding"), "gzip");
      assert.equal(headers.get("content-type"), "application/x-ndjson");
      assert.equal(gunzipSync(body).toString(), '{"event":"A"}\n');
    }));

  it("send forms, with base64 of the UTF-8 bytes where a field asks for it", () =>
    withServer(async (server) => {
      server.on("POST", "/track", { body: "1" });
      const body = {
        kind: "form" as const,
        fields: [{ name: "data", value: '{"é":1}', base64: true }, { name: "ip", value: "1" }],
      };
      await harness(server.url).client.send(importRequest({ path: "/track", query: [], auth: [], body }));
      const form = new URLSearchParams(server.requests[0]!.text);
      assert.equal(new TextDecoder().decode(Uint8Array.fromBase64(form.get("data")!)), '{"é":1}');
      assert.equal(form.get("ip"), "1");
      assert.equal(server.requests[0]!.headers.get("authorization"), null);
    }));

  it("name the project among a form's fields where that is its place, and nowhere with a project's own secret", () =>
    withServer(async (server) => {
      server.on("POST", "/api/2.0/nessie/pipeline/cancel", { body: "" }, 2);
      const body = { kind: "form" as const, fields: [{ name: "name", value: "p" }] };
      const request = queryRequest({
        method: "POST",
        family: "pipelines",
        path: "/cancel",
        query: [],
        body,
        projectIn: "form",
      });
      await harness(server.url).client.send(request);
      await harness(server.url, { credentials: { projectSecret: "s3cret" } }).client.send(request);
      assert.deepEqual(server.requests.map(({ query, text }) => [String(query), text]), [
        ["", "name=p&project_id=123"],
        ["", "name=p"],
      ]);
    }));

  it("carry a project secret as a parameter where that is asked for, and no header then", () =>
    withServer(async (server) => {
      server.on("GET", SEGMENTATION, { json: {} });
      const secret = { credentials: { projectSecret: "s3cret" }, secretIn: "query" as const };
      const { client, traces } = harness(server.url, secret);
      await client.send(queryRequest());
      const [{ query, headers }] = server.requests as [typeof server.requests[0]];
      assert.deepEqual([query.get("api_key"), query.get("project_id")], ["s3cret", null]);
      assert.equal(headers.get("authorization"), null);
      assert.match(traces[0]!, /api_key=…/);
    }));

  it("send raw bytes as they are, and a POST without a body with length 0", () =>
    withServer(async (server) => {
      server.on("PUT", "/lookup-tables/7", { json: {} });
      server.on("POST", "/api/app/x", { json: {} });
      const { client } = harness(server.url);
      const bytes = new Uint8Array([0, 255, 10]);
      const table = { kind: "raw" as const, contentType: "text/csv", bytes };
      await client.send(importRequest({ method: "PUT", path: "/lookup-tables/7", body: table }));
      await client.send(queryRequest({ method: "POST", family: "app", path: "/x", projectIn: "none", query: [] }));
      assert.deepEqual(server.requests[0]!.body, bytes);
      assert.equal(server.requests[0]!.headers.get("content-type"), "text/csv");
      assert.equal(server.requests[1]!.headers.get("content-length"), "0");
    }));

  it("are refused before sending without a project", () =>
    withServer(async (server) => {
      const { client } = harness(server.url, { projectId: undefined });
      const error = await failure(client.send(queryRequest()));
      assert.equal(error.category, "input");
      assert.match(error.hint!, /MP_PROJECT_ID/);
    }));

  it("are refused before sending with the wrong kind of credentials", () =>
    withServer(async (server) => {
      const { client } = harness(server.url, { credentials: { projectToken: "tkn" } });
      const error = await failure(client.send(queryRequest()));
      assert.equal(error.exitCode, 2);
      assert.equal(error.code, "wrong_credentials");
      assert.match(
        error.message,
        /needs a service account, an OAuth token or a project secret, and only a project token/,
      );
      assert.match(error.hint!, /MP_USERNAME and MP_SECRET .*Organization Settings → Service Accounts/);
      assert.doesNotMatch(error.message + error.hint, /tkn/);
    }));

  it("reuse a connection", () =>
    withServer(async (server) => {
      server.on("GET", SEGMENTATION, { json: {} }, 3);
      const { client } = harness(server.url);
      for (let count = 0; count < 3; count++) await (await client.send(queryRequest())).text();
      assert.deepEqual(server.requests.map(({ connection }) => connection), [1, 1, 1]);
    }));

  it("use a new connection when they must not be sent twice", () =>
    withServer(async (server) => {
      server.on("POST", "/import", { json: { code: 200, status: "OK" } }, 2);
      const { client } = harness(server.url);
      for (let count = 0; count < 2; count++) await client.send(importRequest({ repeatable: false }));
      assert.deepEqual(server.requests.map(({ connection }) => connection), [1, 2]);
    }));
});

describe("the client's answers", () => {
  it("decompress a stream", () =>
    withServer(async (server) => {
      const lines = '{"event":"A","properties":{}}\n'.repeat(50_000);
      const headers = { "content-encoding": "gzip", "content-type": "text/plain" };
      server.on("GET", "/api/2.0/export", { headers, body: gzipSync(lines) });
      const answer = await harness(server.url).client.send(exportRequest());
      let text = "";
      const decoder = new TextDecoder();
      for await (const chunk of answer.stream()) text += decoder.decode(chunk, { stream: true });
      assert.equal(text.length, lines.length);
      assert.equal(text, lines);
    }));

  for (
    const [what, cut] of [
      ["without its trailer", (bytes: Uint8Array) => bytes.slice(0, bytes.length - 8)],
      ["cut in half", (bytes: Uint8Array) => bytes.slice(0, bytes.length >> 1)],
      ["without any byte", () => new Uint8Array(0)],
    ] as const
  ) {
    it(`fail for a compressed stream ${what}`, () =>
      withServer(async (server) => {
        const bytes = cut(new Uint8Array(gzipSync("some text\n".repeat(5000))));
        const head = "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\nconnection: close\r\n\r\n";
        server.on("GET", "/api/2.0/export", { raw: [head, bytes], then: "close" });
        const answer = await harness(server.url).client.send(exportRequest());
        const error = await failure(drain(answer.stream()));
        assert.equal(error.category, "network");
        assert.equal(error.code, "cut");
        assert.match(error.message, /ended early$/);
      }));
  }

  for (
    const [what, raw] of [
      ["shorter than announced", ["HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n", "only this"]],
      ["cut between chunks", ["HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", "4\r\nhalf\r\n"]],
    ] as const
  ) {
    it(`fail for a stream ${what}`, () =>
      withServer(async (server) => {
        server.on("GET", "/api/2.0/export", { raw: [...raw], then: "reset" });
        const answer = await harness(server.url).client.send(exportRequest());
        const error = await failure(drain(answer.stream()));
        assert.equal(error.code, "cut");
        assert.match(error.hint!, /run the command again/);
      }));
  }

  it("come as they are on the wire for who wants that, with a step that decompresses them", () =>
    withServer(async (server) => {
      const lines = '{"event":"A","properties":{}}\n'.repeat(5000);
      const bytes = new Uint8Array(gzipSync(lines));
      server.on("GET", "/api/2.0/export", { headers: { "content-encoding": "gzip" }, body: bytes });
      server.on("GET", "/api/2.0/export", { body: lines });
      const { client } = harness(server.url);
      const packed = (await client.send(exportRequest())).encoded();
      assert.equal(packed.isGzip, true);
      const encoded = new Uint8Array(await readBytes(packed.body, 1e9));
      assert.deepEqual(encoded, bytes);
      const text = new TextDecoder().decode(await readBytes(copies(packed.inflate(new Blob([encoded]).stream())), 1e9));
      assert.equal(text, lines);
      const plain = (await client.send(exportRequest())).encoded();
      assert.equal(plain.isGzip, false);
      assert.equal(new TextDecoder().decode(await readBytes(plain.body, 1e9)), lines);
    }));

  for (const form of ["stream", "views", "encoded"] as const) {
    it(`fail as ${form} when they are shorter than announced or stop arriving`, () =>
      withServer(async (server) => {
        const head = "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 100\r\n\r\n";
        const raw = [head, new Uint8Array(gzipSync("x")).subarray(0, 12)];
        server.on("GET", "/api/2.0/export", { raw, then: "close" });
        server.on("GET", "/api/2.0/export", { raw, then: "hang" });
        const connection = connectionTo(server.url);
        const transport = createTransport({ ...connection, idleTimeoutMs: 60 });
        const { client } = harness(server.url, {}, { transport });
        for (const code of ["cut", "idle_timeout"]) {
          const answer = await client.send(exportRequest());
          const error = await failure(drain(form === "encoded" ? answer.encoded().body : answer[form]()));
          assert.equal(error.category, "network");
          assert.equal(error.code, code);
        }
      }));
  }

  it("put the faults of decompression into words, wherever it is done", () =>
    withServer(async (server) => {
      const bytes = new Uint8Array(gzipSync("some text\n".repeat(500)));
      server.on("GET", "/api/2.0/export", { headers: { "content-encoding": "gzip" }, body: bytes });
      const { inflate, body } = (await harness(server.url).client.send(exportRequest())).encoded();
      await drain(body);
      const cut = await failure(drain(inflate(new Blob([bytes.subarray(0, 30)]).stream())));
      assert.equal(cut.code, "cut");
      assert.match(cut.message, /the answer of .* ended early$/);
      const damaged = await failure(drain(inflate(new Blob(["nothing"]).stream())));
      assert.equal(damaged.code, "bad_answer");
    }));

  it("give a compressed empty body as nothing", () =>
    withServer(async (server) => {
      server.on("GET", "/api/2.0/export", { headers: { "content-encoding": "gzip" } });
      const answer = await harness(server.url).client.send(exportRequest());
      assert.equal(await drain(answer.stream()), 0);
    }));

  it("name their address without secrets", () =>
    withServer(async (server) => {
      server.on("GET", "/flags", { json: {} });
      const { client, traces } = harness(server.url);
      const answer = await client.send(
        queryRequest({ family: "flags", path: "/flags", query: [["token", "tkn"], ["a", "b"]], projectIn: "none" }),
      );
      assert.equal(answer.url, `${server.url}/flags?token=…&a=b`);
      assert.doesNotMatch(traces.join("\n"), /tkn|ana-secret|Basic/);
    }));

  it("end when the caller gives up while waiting for them", () =>
    withServer(async (server) => {
      const controller = new AbortController();
      server.on("GET", SEGMENTATION, () => {
        controller.abort(new MpError("Interrupted", { category: "interrupted" }));
        return { raw: [], then: "hang" };
      });
      const error = await failure(harness(server.url).client.send(queryRequest(), { signal: controller.signal }));
      assert.equal(error.exitCode, 130);
      assert.equal(server.requests.length, 1);
    }));

  it("end when the caller gives up in the middle of a stream", () =>
    withServer(async (server) => {
      const controller = new AbortController();
      server.on("GET", "/api/2.0/export", {
        // The beginning is looked through as a whole.
        raw: [`HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n10000\r\n${"half".repeat(0x4000)}\r\n`],
        then: "hang",
      });
      const answer = await harness(server.url).client.send(exportRequest(), { signal: controller.signal });
      const chunks = answer.stream()[Symbol.asyncIterator]();
      assert.equal(new TextDecoder().decode((await chunks.next()).value).slice(-4), "half");
      controller.abort();
      assert.equal((await failure(chunks.next())).exitCode, 130);
    }));

  it("are not waited for longer than the request allows", () =>
    withServer(async (server) => {
      server.on("GET", SEGMENTATION, { raw: [], then: "hang" });
      const error = await failure(harness(server.url).client.send(queryRequest({ timeoutMs: 60 })));
      assert.equal(error.category, "network");
      assert.equal(error.code, "first_byte_timeout");
      assert.match(error.hint!, /--timeout/);
    }));
});

describe("an answer that is not UTF-8", () => {
  it("says that U+FFFD stands for bytes, which one that has this character does not", () =>
    withServer(async (server) => {
      const latin1 = Uint8Array.from('{"city":"S\u00e3o"}', (character) => character.charCodeAt(0));
      server.on("GET", SEGMENTATION, { body: latin1 });
      server.on("GET", SEGMENTATION, { json: { city: "S\ufffdo" } });
      const { client, notices } = harness(server.url);
      assert.equal(await (await client.send(queryRequest())).text(), '{"city":"S\ufffdo"}');
      assert.deepEqual(notices, [
        `the answer of ${new URL(server.url).host} is not UTF-8: U+FFFD stands for the bytes that are not`,
      ]);
      await (await client.send(queryRequest())).text();
      assert.equal(notices.length, 1);
    }));
});

describe("a project secret", () => {
  it("is warned about once", () =>
    withServer(async (server) => {
      server.on("GET", SEGMENTATION, { json: {} }, 2);
      const { client, notices } = harness(server.url, { credentials: { projectSecret: "s3cret" } });
      await client.send(queryRequest());
      await client.send(queryRequest());
      assert.equal(notices.length, 1);
      assert.match(notices[0]!, /2027-03-03/);
    }));
});

describe("tracing", () => {
  it("shows each request and answer, with the kind of credentials only", () =>
    withServer(async (server) => {
      server.on("GET", SEGMENTATION, { json: { data: 1 } });
      const { client, traces } = harness(server.url);
      await client.send(queryRequest());
      assert.deepEqual(traces, [
        `→ GET ${server.url}/api/query/segmentation?project_id=123&event=Sign%20up (service account ana)`,
        "← 200 in 0 ms, 10 B",
      ]);
    }));
});

async function* copies(views: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const view of views) yield view.slice();
}

async function drain(stream: AsyncIterable<Uint8Array>): Promise<number> {
  let length = 0;
  for await (const chunk of stream) length += chunk.length;
  return length;
}
