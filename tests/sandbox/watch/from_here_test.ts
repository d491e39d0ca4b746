import assert from "node:assert/strict";
import http from "node:http";
import { after, before, describe, it } from "node:test";
import { type ServedSandbox, startSandbox } from "../../../src/sandbox/start.ts";
import { Lab } from "../lab.ts";

describe("the page of the sandbox and what it reads", () => {
  let served: ServedSandbox;
  before(() => served = startSandbox({ store: new Lab().store }));
  after(() => served.stop());

  /** The status of a request with the headers that a browser, or who attacks one, would send. */
  const ask = (path: string, headers: Record<string, string>, method = "GET") =>
    new Promise<{ status: number; headers: http.IncomingHttpHeaders; text: string }>((resolve, reject) => {
      const { port } = new URL(served.url);
      const request = http.request({ host: "127.0.0.1", port, path, headers, method }, (answer) => {
        let text = "";
        answer.setEncoding("utf8").on("data", (chunk: string) => text += chunk);
        answer.on("end", () => resolve({ status: answer.statusCode!, headers: answer.headers, text }));
      });
      request.on("error", reject);
      request.end();
    });
  const html = { accept: "text/html,application/xhtml+xml" };

  it("are there under the names of this machine alone", async () => {
    const { port } = new URL(served.url);
    for (const path of ["/", "/sandbox/feed", "/sandbox/profiles?project_id=1", "/sandbox/state"]) {
      for (const name of ["127.0.0.1", "localhost", "LOCALHOST", "127.1.2.3", "[::1]"]) {
        assert.equal((await ask(path, { ...html, host: `${name}:${port}` })).status, 200, `${path} as ${name}`);
      }
      for (const name of ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "192.168.1.5"]) {
        const { status, text } = await ask(path, { ...html, host: `${name}:${port}` });
        assert.equal(status, 403, `${path} as ${name}`);
        assert.match(text, /127\.0\.0\.1 or localhost only/);
      }
    }
  });

  it("are not for pages of other sites", async () => {
    const own = new URL(served.url);
    for (const path of ["/sandbox/feed", "/sandbox/profiles?project_id=1", "/sandbox/state"]) {
      assert.equal((await ask(path, { origin: own.origin })).status, 200);
      for (const origin of ["https://evil.example", `http://localhost:${own.port}`, "http://127.0.0.1:1", "null"]) {
        const { status, headers } = await ask(path, { origin });
        assert.equal(status, 403, `${path} from ${origin}`);
        assert.equal(headers["access-control-allow-origin"], undefined);
      }
      // What a script element or a form of another page would send.
      for (const site of ["cross-site", "same-site"]) {
        assert.equal((await ask(path, { "sec-fetch-site": site })).status, 403, `${path} ${site}`);
      }
    }
    assert.equal((await ask("/sandbox/faults", { origin: "https://evil.example" }, "DELETE")).status, 403);
    assert.equal((await ask("/", { ...html, origin: "https://evil.example" })).status, 403);
  });

  it("say that no other page may show or guess them", async () => {
    const { headers, status } = await ask("/", {
      ...html,
      "sec-fetch-site": "cross-site",
      "sec-fetch-mode": "navigate",
    });
    assert.equal(status, 200);
    assert.equal(headers["content-type"], "text/html; charset=utf-8");
    const policy = headers["content-security-policy"] as string;
    assert.match(
      policy,
      /^default-src 'none'; script-src 'sha256-\S{44}'; style-src 'sha256-\S{44}'; connect-src 'self';/,
    );
    assert.match(policy, /frame-ancestors 'none'/);
    assert.doesNotMatch(policy, /unsafe|\*/);
    assert.equal(headers["x-content-type-options"], "nosniff");
    assert.equal((await ask("/sandbox/feed", {})).headers["cross-origin-resource-policy"], "same-origin");
  });

  it("are for browsers: a program that asks for / finds what it found before", async () => {
    const { status, text } = await ask("/", { accept: "*/*" });
    assert.deepEqual([status, text], [404, "404 page not found\n"]);
  });

  it("need nothing from the network", async () => {
    const { text } = await ask("/", html);
    const addresses = [...text.matchAll(/(?:src|href)\s*=\s*"([^"]*)"/g)].map(([, address]) => address!);
    assert.deepEqual(addresses.filter((address) => !address.startsWith("data:")), []);
    assert.doesNotMatch(text, /\bimport\s*\(|@import|url\(/);
  });
});
