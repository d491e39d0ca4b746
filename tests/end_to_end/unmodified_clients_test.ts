/**
 * Programs that know nothing of the sandbox, through `mp sandbox --proxy`: they send what they would send to Mixpanel,
 * over https, and only the environment names a proxy and an authority.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import process from "node:process";
import { after, before, describe, it } from "node:test";
import { type BinaryResult, runBinary, type RunningBinary, spawnBinary } from "../helpers/binary.ts";
import { CHROMIUM, openBrowser } from "../helpers/browser.ts";
import { itUnless } from "../helpers/needs.ts";
import { temporaryFolder } from "../helpers/temporary_folder.ts";
import { succeeded } from "./expectations.ts";
import { readExports } from "./sandbox_process.ts";

const folder = temporaryFolder();
const without = (program: string, ...args: string[]) => spawnSync(program, args).status !== 0 && `no ${program}`;
// Windows has a curl of its own, which asks Windows whom to trust.
const noCurl = process.platform === "win32" ? "no curl that reads CURL_CA_BUNDLE" : without("curl", "--version");
const noNode = without("node", "--version");
const noGo = without("go", "version");
const noJava = without("keytool", "-help") || without("java", "--version");
const noRuby = without("ruby", "--version");
const noBrowser = (!CHROMIUM && "no Chromium") ||
  (process.platform !== "linux" && "not Linux") ||
  without("sh", "-c", "command -v certutil") && "no certutil";
const noRequests = spawnSync("python3", ["-c", "import requests"]).status !== 0 && "no requests for Python";

let sandbox: RunningBinary;
let env: Record<string, string>;
before(async () => {
  mkdirSync(folder.path("home"));
  const argv = ["sandbox", "--port", "0", "--tls", "--proxy"];
  sandbox = await spawnBinary(argv, { ready: /^export MP_TOKEN=.+\n/m, home: folder.path("home") });
  env = readExports(sandbox.output().stdout);
});
after(() => sandbox.stop());

const run = (program: string, args: string[], more: Record<string, string> = {}): Promise<BinaryResult> =>
  runBinary(args, {
    program,
    env: { ...env, PATH: process.env.PATH!, ...more },
    cwd: folder.path(""),
    timeoutMs: 120_000,
  });
const LONG_MS = 300_000;
const event = (name: string) =>
  JSON.stringify([{ event: name, properties: { token: env.MP_TOKEN, distinct_id: "u-1" } }]);

/** Names of the events that `mp` exports, which goes the same way. */
async function stored(): Promise<string[]> {
  const text = succeeded(await runBinary(["export", "events", "--last", "2d", "-o", "-"], { env }));
  return text.split("\n").filter(Boolean).map((line) => JSON.parse(line).event);
}

const REFUSED = /403 Forbidden: example\.com is not one of Mixpanel's hosts|response 403|Proxy returns "HTTP\/1\.1 403/;

describe("programs that are not changed", () => {
  it("need an authority, and no other address", () => {
    assert.match(readFileSync(env.SSL_CERT_FILE!, "utf8"), /^-----BEGIN CERTIFICATE-----\n/);
    assert.equal(env.MP_API_BASE_URL, undefined);
  });

  it("are, to begin with, mp itself, in each region", async () => {
    for (const region of ["us", "eu", "in"]) {
      succeeded(
        await runBinary(["track", `mp ${region}`, "--distinct-id", "u-1"], { env: { ...env, MP_REGION: region } }),
      );
    }
    const names = await stored();
    for (const region of ["us", "eu", "in"]) assert.ok(names.includes(`mp ${region}`), names.join());
  });

  itUnless(noCurl, "curl", async () => {
    const sent = await run("curl", ["-sS", "https://api-eu.mixpanel.com/track", "-d", `data=${event("curl")}`]);
    assert.equal(succeeded(sent), "1");
    assert.ok((await stored()).includes("curl"));
    const foreign = await run("curl", ["-sSv", "https://example.com/"]);
    assert.notEqual(foreign.code, 0);
    assert.match(foreign.stderr, REFUSED);
  });

  itUnless(noRequests, "requests in Python", async () => {
    const script = [
      "import requests, sys",
      "print(requests.post('https://api.mixpanel.com/track', data={'data': sys.argv[1]}).text)",
      "requests.get('https://example.com/')",
    ].join("\n");
    const { stdout, stderr, code } = await run("python3", ["-c", script, event("Python")]);
    assert.deepEqual([stdout, code], ["1\n", 1]);
    assert.match(stderr, REFUSED);
    assert.ok((await stored()).includes("Python"));
  });

  itUnless(noRequests, "Python, where it checks certificates by the letter", async () => {
    const script = [
      "import os, socket, ssl",
      "context = ssl.create_default_context(cafile=os.environ['SSL_CERT_FILE'])",
      "context.verify_flags |= ssl.VERIFY_X509_STRICT",
      `port = ${/https:\/\/127\.0\.0\.1:(\d+)/.exec(sandbox.output().stderr)![1]}`,
      "for name in ['localhost', '127.0.0.1', 'data-in.mixpanel.com']:",
      "  context.wrap_socket(socket.create_connection(('127.0.0.1', port)), server_hostname=name).close()",
    ].join("\n");
    succeeded(await run("python3", ["-c", script]));
  });

  itUnless(noNode, "the official SDK for Node.js", async () => {
    const required = createRequire(import.meta.url);
    const sdk = required.resolve("mixpanel");
    const agents = createRequire(sdk).resolve("https-proxy-agent");
    // SDK 0.19 to 0.24 calls the whole module as a constructor, which it no longer is (mixpanel-node, issue 252).
    const script = `
      const agents = require(${JSON.stringify(agents)});
      require.cache[${JSON.stringify(agents)}].exports = Object.assign(agents.HttpsProxyAgent, agents);
      const client = require(${JSON.stringify(sdk)}).init(process.env.MP_TOKEN);
      const failed = (error) => { if (error) { console.error(error); process.exit(1); } };
      client.track("Node SDK", { distinct_id: "u-1" }, failed);
      client.people.set("u-1", { plan: "pro" }, failed);`;
    succeeded(await run("node", ["-e", script]));
    assert.ok((await stored()).includes("Node SDK"));
    const profile = succeeded(await runBinary(["profiles", "get", "u-1", "-f", "json"], { env }));
    assert.match(profile, /"plan": ?"pro"/);
  });

  itUnless(noNode, "the official SDK for Node.js by --tls, given host and port", async () => {
    const host = /https:\/\/(127\.0\.0\.1:\d+)/.exec(sandbox.output().stderr)![1];
    const script = `
      const client = require(${JSON.stringify(createRequire(import.meta.url).resolve("mixpanel"))})
        .init(process.env.MP_TOKEN, { host: ${JSON.stringify(host)} });
      client.track("Node SDK by TLS", { distinct_id: "u-1" }, (error) => { if (error) throw error; });`;
    succeeded(await run("node", ["-e", script], { HTTPS_PROXY: "" }));
    assert.ok((await stored()).includes("Node SDK by TLS"));
  });

  itUnless(noGo, "net/http in Go", { timeout: LONG_MS }, async () => {
    const source = folder.write(
      "client/main.go",
      `package main
import ("fmt"; "io"; "net/http"; "os"; "strings")
func main() {
	for _, url := range []string{"https://api-in.mixpanel.com/track", "https://example.com/"} {
		answer, err := http.Post(url, "application/json", strings.NewReader(os.Args[1]))
		if err != nil { fmt.Println(err); continue }
		body, _ := io.ReadAll(answer.Body)
		fmt.Println(string(body))
	}
}
`,
    );
    // In the user's own cache: without one, Go compiles its whole library for half a minute.
    const cache = spawnSync("go", ["env", "GOCACHE"], { encoding: "utf8" }).stdout.trim();
    const settings = { GOCACHE: cache, GOPATH: folder.path("go"), CGO_ENABLED: "0" };
    const [first, second] = succeeded(await run("go", ["run", source, event("Go")], settings)).split("\n");
    assert.equal(first, "1");
    assert.match(second!, /Forbidden: example\.com is not one of Mixpanel's hosts/);
    assert.ok((await stored()).includes("Go"));
  });

  itUnless(noJava, "HttpURLConnection in Java, with a truststore", async () => {
    const store = folder.path("trust.jks");
    const secret = ["-storepass", "changeit"];
    succeeded(
      await run("keytool", ["-importcert", "-noprompt", "-file", env.SSL_CERT_FILE!, "-keystore", store, ...secret]),
    );
    const source = folder.write(
      "Client.java",
      `import java.net.*;
public class Client {
  public static void main(String[] args) throws Exception {
    for (String url : new String[] {"https://api.mixpanel.com/track", "https://example.com/"}) {
      HttpURLConnection asked = (HttpURLConnection) new URL(url).openConnection();
      asked.setDoOutput(true);
      asked.getOutputStream().write(("data=" + args[0]).getBytes());
      System.out.println(new String(asked.getInputStream().readAllBytes()));
    }
  }
}
`,
    );
    const { hostname, port } = new URL(env.HTTPS_PROXY!);
    const options = [
      ...[`-Djavax.net.ssl.trustStore=${store}`, "-Djavax.net.ssl.trustStorePassword=changeit"],
      ...[`-Dhttps.proxyHost=${hostname}`, `-Dhttps.proxyPort=${port}`],
    ];
    const { stdout, stderr, code } = await run("java", [...options, source, event("Java")]);
    assert.deepEqual([stdout, code], ["1\n", 1], stderr);
    assert.match(stderr, REFUSED);
    assert.ok((await stored()).includes("Java"));
  });

  itUnless(noRuby, "Net::HTTP in Ruby, which takes the proxy of http_proxy", async () => {
    const script =
      'require "net/http"; puts Net::HTTP.post(URI("https://api.mixpanel.com/track"), "data=" + ARGV[0]).body';
    const sent = await run("ruby", ["-e", script, event("Ruby")], { http_proxy: env.HTTPS_PROXY! });
    assert.equal(succeeded(sent), "1\n");
    assert.ok((await stored()).includes("Ruby"));
  });

  itUnless(
    noBrowser,
    "a page in Chromium, which sends from an origin of this machine",
    { timeout: 60_000 },
    async () => {
      const server = createServer((_, response) => {
        response.setHeader("content-type", "text/html");
        response.end("<!doctype html>");
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const browser = await openBrowser({ proxy: env.HTTPS_PROXY!, authority: env.SSL_CERT_FILE! });
      try {
        const page = await browser.page(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
        const sent = await page.run(`fetch("https://api-js.mixpanel.com/track/?verbose=1", {
        method: "POST",
        body: new URLSearchParams({ data: ${JSON.stringify(event("Browser"))} }),
      }).then((answer) => answer.json())`);
        assert.deepEqual(sent, { error: null, status: 1 });
        page.close();
      } finally {
        await browser.close();
        server.close();
      }
      assert.ok((await stored()).includes("Browser"));
    },
  );

  it("keep their authority when the sandbox starts again, and lose the proxy when it ends", async () => {
    const before = readFileSync(env.SSL_CERT_FILE!, "utf8");
    const again = await spawnBinary(["sandbox", "--port", "0", "--proxy"], {
      ready: /^export MP_TOKEN=.+\n/m,
      home: folder.path("home"),
    });
    const second = readExports(again.output().stdout);
    assert.equal(readFileSync(second.SSL_CERT_FILE!, "utf8"), before);
    const { code } = await again.stop();
    assert.equal(code, 0);
    const late = await runBinary(["events", "list"], { env: second });
    assert.notEqual(late.code, 0);
    assert.match(late.stderr, /proxy/);
  });
});

describe("a sandbox without --tls and --proxy", () => {
  it("makes no authority", async () => {
    const home = folder.path("other-home");
    mkdirSync(home);
    const plain = await spawnBinary(["sandbox", "--port", "0"], { ready: /^export MP_TOKEN=.+\n/m, home });
    await plain.stop();
    assert.deepEqual(readdirSync(`${home}/.local/state/mp`), ["sandboxes"]);
  });
});
