import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { after, before, it } from "node:test";
import { BINARY } from "../helpers/binary.ts";
import { type SandboxProcess, startSandboxProcess } from "./sandbox_process.ts";
import { describeUnless } from "../helpers/needs.ts";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "chrome"];
const chromium = NAMES.find((name) => spawnSync("sh", ["-c", `command -v ${name}`]).status === 0);

const until = async <T>(what: string, look: () => T | undefined | false): Promise<T> => {
  for (let tries = 0; tries < 300; tries++) {
    const found = look();
    if (found !== undefined && found !== false) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`There was no ${what}`);
};

/** A Chromium without a window, told what to do over its debugging protocol. */
async function openChromium(folder: string): Promise<{ page: (url: string) => Promise<Page>; close(): Promise<void> }> {
  const flags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0", "--no-first-run"];
  const child: ChildProcess = spawn(chromium!, [...flags, `--user-data-dir=${folder}`, "about:blank"], {
    stdio: "ignore",
    env: { PATH: process.env.PATH, HOME: folder },
  });
  const portFile = join(folder, "DevToolsActivePort");
  const port = await until(
    "debugging port",
    // It is there a moment before it has been written.
    () => existsSync(portFile) && /^\d+(?=\n)/.exec(readFileSync(portFile, "utf8"))?.[0],
  );
  return {
    async page(url) {
      const answer = await fetch(`http://127.0.0.1:${port}/json/new?${encodeURIComponent(url)}`, { method: "PUT" });
      const { webSocketDebuggerUrl } = await answer.json() as { webSocketDebuggerUrl: string };
      const socket = new WebSocket(webSocketDebuggerUrl);
      await new Promise((resolve) => socket.addEventListener("open", resolve, { once: true }));
      let next = 0;
      return {
        run: (expression) =>
          new Promise((resolve) => {
            const id = ++next;
            const onMessage = ({ data }: MessageEvent) => {
              const message = JSON.parse(String(data));
              if (message.id !== id) return;
              socket.removeEventListener("message", onMessage);
              resolve(message.result?.result?.value);
            };
            socket.addEventListener("message", onMessage);
            socket.send(JSON.stringify({ id, method: "Runtime.evaluate", params: { expression } }));
          }),
        close: () => socket.close(),
      };
    },
    async close() {
      const ended = new Promise((resolve) => child.on("exit", resolve));
      child.kill("SIGKILL");
      await ended;
    },
  };
}

interface Page {
  /** What an expression comes to in the page. */
  run(expression: string): Promise<unknown>;
  close(): void;
}

describeUnless(chromium === undefined && "no Chromium", "mp login in a real browser", () => {
  let sandbox: SandboxProcess;
  let home: string;
  before(async () => {
    sandbox = await startSandboxProcess({ events: 200, days: 5 });
    home = mkdtempSync(join(tmpdir(), "mp-chromium-"));
  });
  after(async () => {
    await sandbox?.stop();
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  });

  it("ends with a page that says so, and an account that works", { timeout: 60_000 }, async () => {
    const browser = await openChromium(join(home, "chromium"));
    const env = { HOME: home, MP_API_BASE_URL: sandbox.url, PATH: process.env.PATH };
    const child = spawn(BINARY, ["login", "me", "--no-browser"], { env, stdio: ["ignore", "pipe", "pipe"] });
    try {
      let said = "";
      child.stderr.setEncoding("utf8").on("data", (text: string) => said += text);
      const ended = new Promise<number | null>((resolve) => child.on("exit", resolve));
      const address = await until("address", () => /\n(http\S+)\n/.exec(said)?.[1]);
      const page = await browser.page(address);
      const text = async () => String(await page.run("document.body ? document.body.innerText : ''"));
      for (let tries = 0; !(await text()).includes("Let this program in?"); tries++) {
        assert.ok(tries < 200, "the page did not load");
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      await page.run(`document.querySelector('button[value="allow"]').click()`);
      for (let tries = 0; !(await text()).includes("Go back to the terminal."); tries++) {
        assert.ok(tries < 200, `the browser ended elsewhere: ${await text()}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      page.close();
      assert.equal(await ended, 0, said);
      const names = spawnSync(BINARY, ["events", "list"], { env, encoding: "utf8" });
      assert.equal(names.status, 0, names.stderr);
      assert.match(names.stdout, /"Purchase"/);
    } finally {
      child.kill("SIGKILL");
      await browser.close();
    }
  });
});
