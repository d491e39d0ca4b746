import { strict as assert } from "node:assert";
import { createHash } from "node:crypto";
import { describe, it } from "node:test";
import { StoreClient } from "../../../src/storage/objects/store_client.ts";
import { S3Protocol } from "../../../src/storage/s3/s3_protocol.ts";
import type { S3Settings } from "../../../src/storage/s3/s3_settings.ts";
import type { TransportAnswer } from "../../../src/runtime/network/transport.ts";
import type { TransportRequest } from "../../../src/runtime/network/wire.ts";
import { watchedBody } from "../../../src/runtime/network/transport_body.ts";
import { fakeClock } from "../../helpers/fake_clock.ts";

/** A client whose requests go nowhere: they are answered by `reply`. */
function clientOf(
  bucket: string,
  settings: Partial<S3Settings>,
  reply: (request: TransportRequest) => { status: number; headers?: Record<string, string>; text?: string } = () => ({
    status: 200,
  }),
) {
  const requests: TransportRequest[] = [];
  const protocol = new S3Protocol(bucket, {
    region: "eu-west-1",
    credentials: () => Promise.resolve({ accessKeyId: "AKID", secretAccessKey: "secret-key" }),
    ...settings,
  });
  const client = new StoreClient(protocol, {
    clock: fakeClock(Date.UTC(2026, 0, 15)),
    userAgent: "mp/test",
    transport(request): Promise<TransportAnswer> {
      requests.push(request);
      const { status, headers, text = "" } = reply(request);
      const chunks = [new TextEncoder().encode(text)][Symbol.iterator]();
      const body = watchedBody({ next: () => Promise.resolve(chunks.next()) }, {
        controller: new AbortController(),
        now: Date.now,
        idleTimeoutMs: 1000,
        isGzip: false,
        onEnd() {},
      });
      return Promise.resolve({ status, headers: new Headers(headers), body });
    },
  });
  const put = () =>
    client.sendForText({
      method: "PUT",
      key: "a/b c",
      body: new Uint8Array(3),
      verb: "write",
      address: "s3://x/a/b c",
    });
  return { put, requests };
}

describe("requests to a store", () => {
  it("go to the bucket's own host at AWS, and to its path elsewhere", async () => {
    const cases: [string, Partial<S3Settings>, string][] = [
      ["bucket", {}, "https://bucket.s3.eu-west-1.amazonaws.com/a/b%20c"],
      ["bucket", { region: "cn-north-1" }, "https://bucket.s3.cn-north-1.amazonaws.com.cn/a/b%20c"],
      ["my.bucket", {}, "https://s3.eu-west-1.amazonaws.com/my.bucket/a/b%20c"],
      ["bucket", { endpoint: "http://127.0.0.1:9000" }, "http://127.0.0.1:9000/bucket/a/b%20c"],
      ["bucket", { endpoint: "https://gate.example/store" }, "https://gate.example/store/bucket/a/b%20c"],
    ];
    for (const [bucket, settings, href] of cases) {
      const { put, requests } = clientOf(bucket, settings);
      await put();
      assert.equal(requests[0]!.url.href, href);
    }
  });

  it("have their bytes signed where TLS does not protect them, and a digest everywhere", async () => {
    for (const endpoint of [undefined, "http://127.0.0.1:9000"]) {
      const { put, requests } = clientOf("bucket", { endpoint });
      await put();
      const { headers } = requests[0]!;
      assert.equal(headers["x-amz-content-sha256"] === "UNSIGNED-PAYLOAD", endpoint === undefined);
      assert.equal(headers["content-md5"], createHash("md5").update(new Uint8Array(3)).digest("base64"));
      assert.match(headers.authorization!, /SignedHeaders=content-md5;host;x-amz-content-sha256;x-amz-date/);
      assert.ok(!JSON.stringify(headers).includes("secret-key"));
    }
  });

  it("follow a bucket to its region, once and for all", async () => {
    for (
      const answer of [
        { status: 301, headers: { "x-amz-bucket-region": "us-west-2" } },
        { status: 400, text: "<Error><Code>AuthorizationHeaderMalformed</Code><Region>us-west-2</Region></Error>" },
      ]
    ) {
      const { put, requests } = clientOf(
        "bucket",
        {},
        ({ url }) => url.host.includes("us-west-2") ? { status: 200 } : answer,
      );
      await put();
      await put();
      assert.deepEqual(requests.map(({ url }) => url.host), [
        "bucket.s3.eu-west-1.amazonaws.com",
        "bucket.s3.us-west-2.amazonaws.com",
        "bucket.s3.us-west-2.amazonaws.com",
      ]);
      assert.match(requests[1]!.headers.authorization!, /\/us-west-2\/s3\//);
    }
    const hostile = clientOf(
      "bucket",
      {},
      () => ({ status: 301, headers: { "x-amz-bucket-region": "evil.example/" } }),
    );
    await assert.rejects(hostile.put(), {
      message: "Cannot write s3://x/a/b c: bucket.s3.eu-west-1.amazonaws.com answered 301",
    });
    assert.equal(hostile.requests.length, 1);
  });

  it("never go from one region to another forever", async () => {
    const { put, requests } = clientOf("bucket", {}, ({ url }) => ({
      status: 301,
      headers: { "x-amz-bucket-region": url.host.includes("us-west-2") ? "eu-west-1" : "us-west-2" },
    }));
    await assert.rejects(put(), /answered 301/);
    assert.ok(requests.length <= 3, String(requests.length));
  });
});
