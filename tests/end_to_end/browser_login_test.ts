import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { after, before, it } from "node:test";
import { BINARY } from "../helpers/binary.ts";
import { CHROMIUM, openBrowser, until } from "../helpers/browser.ts";
import { type SandboxProcess, startSandboxProcess } from "./sandbox_process.ts";
import { describeUnless } from "../helpers/needs.ts";

describeUnless(CHROMIUM === undefined && "no Chromium", "mp login in a real browser", () => {
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
    const browser = await openBrowser();
    const env = { HOME: home, MP_API_BASE_URL: sandbox.url, PATH: process.env.PATH };
    const child = spawn(BINARY, ["login", "me", "--no-browser"], { env, stdio: ["ignore", "pipe", "pipe"] });
    try {
      let said = "";
      child.stderr.setEncoding("utf8").on("data", (text: string) => said += text);
      const ended = new Promise<number | null>((resolve) => child.on("exit", resolve));
      const address = await until("address", () => /\n(http\S+)\n/.exec(said)?.[1]);
      const page = await browser.page(address);
      await page.until("document.body.innerText.includes('Let this program in?')");
      await page.run(`document.querySelector('button[value="allow"]').click()`);
      await page.until("document.body.innerText.includes('Go back to the terminal.')");
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
