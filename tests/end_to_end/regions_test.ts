import assert from "node:assert/strict";
import { readFileSync, rmSync } from "node:fs";
import { createServer } from "node:https";
import { type AddressInfo } from "node:net";
import { after, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { type BinaryResult, runBinary, temporaryFolder } from "../helpers/binary.ts";
import { startStubServer } from "../helpers/stub_server.ts";
import { assertFails, succeeded } from "./expectations.ts";
import { startSandboxProcess } from "./sandbox_process.ts";

/**
 * Mixpanel's hosts, as `mp` sees them through a proxy: those of the EU lead to a sandbox, and the others know nobody.
 * Nothing leaves this machine.
 */
const sandbox = await startSandboxProcess({ events: 300, days: 5 });
const folder = temporaryFolder();
const path = (name: string) => fileURLToPath(new URL(`../fixtures/tls/${name}`, import.meta.url));
const asked: string[] = [];
const mixpanel = createServer(
  { key: readFileSync(path("mixpanel.key")), cert: readFileSync(path("mixpanel.pem")) },
  (request, response) => {
    const { host = "", authorization = "" } = request.headers;
    asked.push(`${request.method} ${host}${request.url!.split("?")[0]}`);
    if (!/^(eu|api-eu|data-eu)\./.test(host)) {
      response.writeHead(401, { "content-type": "application/json" });
      response.end('{"request":"/","error":"Unable to authenticate request","status":"error"}');
      return;
    }
    const chunks: Uint8Array[] = [];
    request.on("data", (chunk: Uint8Array) => chunks.push(chunk));
    request.on("end", () => {
      const headers = ["content-type", "content-encoding"].flatMap((name): [string, string][] => {
        const value = request.headers[name];
        return typeof value === "string" ? [[name, value]] : [];
      });
      const body = chunks.length === 0 ? undefined : new Blob(chunks as BlobPart[]);
      void fetch(sandbox.url + request.url, {
        method: request.method,
        headers: { ...Object.fromEntries(headers), authorization },
        body,
      }).then(async (answer) => {
        response.writeHead(answer.status, { "content-type": answer.headers.get("content-type") ?? "" });
        response.end(await answer.text());
      });
    });
  },
);
await new Promise<void>((resolve) => mixpanel.listen(0, "127.0.0.1", resolve));
const proxy = await startStubServer();
const { port } = mixpanel.address() as AddressInfo;
for (const server of ["", "api", "data"]) {
  for (const region of ["", "eu", "in"]) {
    const name = [server, region].filter(Boolean).join("-");
    const host = name === "" ? "mixpanel.com" : `${name}.mixpanel.com`;
    // Hosts that no test asks for stay unused, which is no fault here.
    proxy.on("CONNECT", `${host}:443`, { tunnelTo: port }, 100);
  }
}
after(async () => {
  await proxy.finish().catch(() => {});
  mixpanel.close();
  await sandbox.stop();
  rmSync(folder, { recursive: true, force: true });
});

const { MP_API_BASE_URL: _, ...credentials } = sandbox.env;
function mp(args: string[], env: Record<string, string> = {}): Promise<BinaryResult> {
  asked.length = 0;
  const network = { HTTPS_PROXY: proxy.url, SSL_CERT_FILE: path("mixpanel.pem") };
  return runBinary(args, { home: folder, env: { ...network, ...credentials, ...env } });
}

describe("regions", () => {
  it("are found by the doctor when the credentials belong to another", async () => {
    const { code, stdout } = await mp(["doctor", "-f", "json"]);
    const findings = JSON.parse(stdout) as { check: string; result: string; detail: string; fix?: string }[];
    assert.equal(code, 1);
    assert.equal(findings.find(({ check }) => check === "certificate of data.mixpanel.com")?.result, "ok");
    const app = findings.find(({ check }) => check === "App API");
    assert.equal(app?.detail, "region us does not know the credentials, region eu does");
    assert.equal(app?.fix, "export MP_REGION=eu, or 'mp login'");
  });

  it("that are wrong are told with those that may be right", async () => {
    const us = await mp(["events", "list"]);
    assertFails(
      us,
      2,
      "mp: Cannot GET mixpanel.com/api/query/events/names: the credentials were refused\n" +
        "server: Unable to authenticate request\n" +
        "hint: check MP_USERNAME and MP_SECRET; the us region was asked; " +
        "a project of another needs --region eu or --region in\n",
    );
    const india = await mp(["export", "events", "--last", "2d", "--region", "in"]);
    assertFails(india, 2, /^mp: Cannot GET data-in\.mixpanel\.com\/api\/2\.0\/export: .*\n.*\nhint: .*--region us or /);
  });

  it("lead each family to its own host", async () => {
    const eu = { MP_REGION: "eu" };
    const event = JSON.stringify({ event: "Seen", properties: { time: 1780000000, distinct_id: "u-1" } });
    succeeded(await mp(["events", "list"], eu));
    assert.deepEqual(asked, ["GET eu.mixpanel.com/api/query/events/names"]);
    succeeded(await mp(["export", "events", "--last", "2d"], eu));
    assert.deepEqual(new Set(asked), new Set(["GET data-eu.mixpanel.com/api/2.0/export"]));
    succeeded(await mp(["projects", "list"], eu));
    assert.deepEqual(asked, ["GET eu.mixpanel.com/api/app/me"]);
    succeeded(await mp(["api", "POST", "/import", "--data", `[${event}]`], eu));
    assert.deepEqual(asked, ["POST api-eu.mixpanel.com/import"]);
  });

  it("are found by login, which asks one after another and stores the right one", async () => {
    const login = ["login", "work", "--username", credentials.MP_USERNAME!, "--secret-env", "MP_SECRET"];
    const result = await mp([...login, "--project", credentials.MP_PROJECT_ID!, "--yes", "-f", "json"]);
    assert.equal(JSON.parse(succeeded(result)).region, "eu");
    assert.deepEqual(asked, ["GET mixpanel.com/api/app/me", "GET eu.mixpanel.com/api/app/me"]);
    // From now on the account says where to go.
    succeeded(await mp(["events", "list"], { MP_USERNAME: "", MP_PROJECT_ID: "", MP_TOKEN: "", MP_ACCOUNT: "work" }));
    assert.deepEqual(asked, ["GET eu.mixpanel.com/api/query/events/names"]);
  });

  it("where nobody knows the credentials are all named", async () => {
    const result = await mp(["login", "other", "--username", "nobody", "--secret-env", "MP_SECRET", "--yes"]);
    assertFails(
      result,
      2,
      /^mp: Cannot log in: these credentials are unknown in every region \(us, eu, in\)\n.*\nhint: check user name and secret; /,
    );
    assert.equal(asked.length, 3);
  });
});
