/**
 * The lines that mp shows for each of Mixpanel's SDKs, on the page of the sandbox and in the guide of the emulator, run as they
 * stand with the SDK as it is published: `npm run test:sdks`. Those for Android and iOS need machines of their own.
 */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { spawnSync } from "node:child_process";
import { describe, it } from "node:test";
import { BUN, ROOT } from "../../scripts/project.ts";
import { snippetsFor } from "../../src/sandbox/watch/page/snippets.ts";
import { BINARY, type BinaryResult, runBinary, spawnBinary, temporaryFolder } from "../helpers/binary.ts";
import { openBrowser, until } from "../helpers/browser.ts";
import { describeUnless } from "../helpers/needs.ts";
import { readExports } from "../end_to_end/sandbox_process.ts";
import { prepareBrowserSdk, type Sdk, SDKS } from "./sdks.ts";

const TIMEOUT_MS = 120_000;
const GUIDE = readFileSync(join(ROOT, "docs", "guides", "sandbox-in-tests.md"), "utf8");
/** The blocks of the guide, by what Markdown calls the language. */
const IN_GUIDE: Readonly<Record<string, string>> = { js: "Node.js", python: "Python", go: "Go" };
/** What needs an emulator of a telephone, or no SDK. */
const ELSEWHERE = ["Android", "iOS", "mp", "curl", "Browser"];

interface Watched {
  url: string;
  token: string;
  env: Record<string, string>;
  home: string;
  /** The events that have arrived. */
  events(): Promise<{ event: string; properties: Record<string, unknown> }[]>;
}

/** Does something with a sandbox that nothing has been sent to. */
async function withSandbox(work: (sandbox: Watched) => Promise<void>): Promise<void> {
  const home = temporaryFolder();
  const sandbox = await spawnBinary(["sandbox", "--port", "0"], { home, ready: /^export MP_TOKEN=.+\n/m });
  const env = readExports(sandbox.output().stdout);
  try {
    await work({
      url: env.MP_API_BASE_URL!,
      token: env.MP_TOKEN!,
      env,
      home,
      async events() {
        const { code, stdout, stderr } = await runBinary(["export", "events", "--last", "2d"], { env });
        assert.equal(code, 0, stderr);
        return stdout.split("\n").filter(Boolean).map((line) => JSON.parse(line));
      },
    });
  } finally {
    await sandbox.stop();
    rmSync(home, { recursive: true, force: true });
  }
}

function snippet(name: string, { url, token }: Watched): string {
  return snippetsFor(url, token).find((one) => one.name === name)!.code;
}

async function assertSignUp(sandbox: Watched): Promise<void> {
  const events = await sandbox.events();
  assert.deepEqual(events.map(({ event, properties }) => [event, properties.plan]), [["Sign Up", "pro"]]);
}

function runProgram(sdk: Sdk, folder: string, lines: string, { env, home }: Watched): Promise<BinaryResult> {
  mkdirSync(folder, { recursive: true });
  const own = mkdtempSync(join(folder, "run-"));
  writeFileSync(join(own, sdk.file), sdk.program(lines));
  const argv = sdk.command(`${own}/${sdk.file}`, folder).map((word) => `'${word}'`).join(" ");
  const line = `mkdir bin && ln -s '${BINARY}' bin/mp && export PATH="$PWD/bin:$PATH" && cd '${folder}' && ${argv}`;
  return runBinary(["-c", line], {
    program: "/bin/sh",
    env: { ...env, ...sdk.env?.(folder) },
    timeoutMs: TIMEOUT_MS,
    home,
  }).finally(() => rmSync(own, { recursive: true, force: true }));
}

for (const [name, sdk] of Object.entries(SDKS)) {
  const prepared = sdk.prepare();
  describeUnless("reason" in prepared && prepared.reason, `the SDK for ${name}`, () => {
    const { folder } = prepared as { folder: string };

    it(
      "sends an event by the lines on the sandbox's page",
      { timeout: TIMEOUT_MS },
      () =>
        withSandbox(async (sandbox) => {
          const { code, stdout, stderr } = await runProgram(sdk, folder, snippet(name, sandbox), sandbox);
          assert.equal(code, 0, stdout + stderr);
          await assertSignUp(sandbox);
        }),
    );

    for (const language of Object.keys(IN_GUIDE).filter((one) => IN_GUIDE[one] === name)) {
      it(
        `does what the guide says in its block of ${language}`,
        { timeout: TIMEOUT_MS },
        () =>
          withSandbox(async (sandbox) => {
            const [, lines] = new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, "m").exec(GUIDE) ?? [];
            const { code, stdout, stderr } = await runProgram(sdk, folder, lines!, sandbox);
            assert.equal(code, 0, stdout + stderr);
            await assertSignUp(sandbox);
          }),
      );
    }
  });
}

const browserSdk = prepareBrowserSdk();
describeUnless("reason" in browserSdk && browserSdk.reason, "the SDK for browsers", () => {
  const { folder } = browserSdk as { folder: string };

  it(
    "sends an event by the lines on the sandbox's page",
    { timeout: TIMEOUT_MS },
    () =>
      withSandbox(async (sandbox) => {
        writeFileSync(join(folder, "snippet.js"), snippet("Browser", sandbox));
        const bundle = spawnSync(BUN, ["build", "snippet.js", "--target=browser"], { cwd: folder, encoding: "utf8" });
        assert.equal(bundle.status, 0, bundle.stderr);
        // A page of another origin, as that of whoever develops it is.
        const server = createServer(({ url }, response) => {
          const isScript = url === "/script.js";
          response.setHeader("content-type", isScript ? "text/javascript" : "text/html");
          response.end(isScript ? bundle.stdout : '<!doctype html><script type="module" src="/script.js"></script>');
        });
        await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
        const browser = await openBrowser();
        try {
          const page = await browser.page(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
          await until("event", async () => (await sandbox.events()).length > 0);
          await assertSignUp(sandbox);
          page.close();
        } finally {
          await browser.close();
          server.close();
        }
      }),
  );
});

describe("the sandbox's page", () => {
  it("has an SDK that is tested here behind each of its languages", () => {
    const shown = snippetsFor("http://127.0.0.1:1", "t").map(({ name }) => name);
    assert.deepEqual(shown.filter((name) => !ELSEWHERE.includes(name)).sort(), Object.keys(SDKS).sort());
  });

  it("has lines for mp that find what they have tracked", () =>
    withSandbox(async (sandbox) => {
      // Without an end, the first would follow forever.
      const lines = snippet("mp", sandbox).replace("events tail", "events tail --for 1s");
      const { code, stdout, stderr } = await runBinary(["-c", lines.replace(/^mp /gm, `'${BINARY}' `)], {
        program: "/bin/sh",
        home: sandbox.home,
      });
      assert.equal(code, 0, stderr);
      assert.match(stdout, /"Sign Up"/);
      await assertSignUp(sandbox);
    }));

  it("has lines for curl", () =>
    withSandbox(async (sandbox) => {
      const { code, stdout } = await runBinary(["-c", snippet("curl", sandbox)], { program: "/bin/sh" });
      assert.deepEqual([code, JSON.parse(stdout)], [0, { status: 1, error: null }]);
      assert.deepEqual((await sandbox.events()).map(({ event }) => event), ["Sign Up"]);
    }));
});
