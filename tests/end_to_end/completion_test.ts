import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { after, before, describe, it } from "node:test";
import { BINARY, runBinary } from "../helpers/binary.ts";
import { type SandboxProcess, startSandboxProcess } from "./sandbox_process.ts";
import { itUnless } from "../helpers/needs.ts";

const has = (program: string) => spawnSync("sh", ["-c", `command -v ${program}`]).status === 0;

/** How each shell is started without anybody's settings, and told about mp. */
const SHELLS: Record<string, { start: string; setUp: string }> = {
  bash: { start: "bash --norc --noprofile", setUp: "source <(mp completion bash)" },
  zsh: { start: "zsh -f", setUp: "autoload -U compinit; compinit -u -D; source <(mp completion zsh)" },
  fish: { start: "fish --no-config", setUp: "mp completion fish | source" },
};

/** A shell in a pseudo-terminal: types, and waits for what it shows. */
function openTerminal(command: string, env: Record<string, string>) {
  const child = spawn("script", ["-qfec", command, "/dev/null"], { env, stdio: ["pipe", "pipe", "inherit"] });
  let shown = "";
  let wake = () => {};
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    shown += text;
    wake();
  });
  return {
    type: (text: string) => void child.stdin.write(text),
    /** What is shown from here on, until it matches. */
    async until(pattern: RegExp): Promise<string> {
      const deadline = Date.now() + 20_000;
      // deno-lint-ignore no-control-regex -- the terminal's own sequences
      const plain = () => shown.replace(/\x1b(\[[0-9;?<=>]*[a-zA-Z]|\][^\x07\x1b]*(\x07|\x1b\\)|[()].|[=>])/g, "");
      for (let text = plain();; text = plain()) {
        const match = pattern.exec(text);
        if (match !== null) {
          shown = "";
          return text;
        }
        assert.ok(Date.now() < deadline, `${pattern} was not shown:\n${text}`);
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, 500);
          wake = () => (clearTimeout(timer), resolve());
        });
      }
    },
    close: () => void child.kill("SIGKILL"),
  };
}

describe("completion of what only the project knows", () => {
  let sandbox: SandboxProcess;
  let home: string;
  before(async () => {
    sandbox = await startSandboxProcess({ events: 2000, days: 20 });
    home = mkdtempSync(join(tmpdir(), "mp-complete-"));
  });
  after(async () => {
    await sandbox?.stop();
    rmSync(home, { recursive: true, force: true });
  });

  const complete = async (env: Record<string, string>, ...words: string[]) => {
    const { stdout } = await runBinary(["__complete", "--", ...words], { env: { ...sandbox.env, ...env } });
    return stdout.split("\n").filter(Boolean).map((line) => line.split("\t"));
  };
  /** As a user who presses Tab until something comes. */
  const eventually = async (env: Record<string, string>, ...words: string[]) => {
    for (let tries = 0; tries < 40; tries++) {
      const found = await complete(env, ...words);
      if (found.length > 0) return found;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return [];
  };

  it("offers events, properties of the event on the line, and ids with their names", async () => {
    const env = { XDG_STATE_HOME: join(home, "values") };
    assert.deepEqual(await eventually(env, "query", "segmentation", "Sign"), [["Sign Up", "event"]]);
    assert.deepEqual(await complete(env, "export", "events", "--event", "'Sign U"), [["Sign Up", "event"]]);
    assert.ok((await eventually(env, "query", "properties", "Purchase", "$")).some(([name]) => name === "$os"));
    assert.deepEqual((await eventually(env, "query", "funnel", ""))[0], ["7001", "Shop to purchase"]);
    assert.deepEqual((await eventually(env, "cohorts", "members", ""))[0], ["8001", "Subscribers"]);
    assert.equal((await eventually(env, "flags", "get", "")).length > 0, true);
    assert.equal((await eventually(env, "annotations", "get", ""))[0]?.[0], "9001");
    assert.deepEqual((await eventually(env, "reports", "run", ""))[2], ["9003", "funnels: From product to purchase"]);
    assert.deepEqual(await eventually(env, "boards", "export", ""), [["9501", "Shop"], ["9502", "Turnover"]]);
  });

  it("asks once for what is asked for often, and keeps the answer to its user", async () => {
    const env = { XDG_STATE_HOME: join(home, "once") };
    await sandbox.addFaults({ kind: "slow", path: "/api/query/*", delayMs: 1, times: 9 });
    await eventually(env, "query", "segmentation", "");
    for (let times = 0; times < 5; times++) await complete(env, "query", "segmentation", "S");
    assert.equal(9 - await sandbox.clearFaults(), 1);
    const folder = join(env.XDG_STATE_HOME, "mp", "completion");
    assert.equal(statSync(folder).mode & 0o777, 0o700);
  });

  it("asks nothing when MP_COMPLETION says so, and waits for no server that is silent", async () => {
    const offline = { XDG_STATE_HOME: join(home, "offline"), MP_COMPLETION: "offline" };
    assert.deepEqual(await complete(offline, "query", "segmentation", "Sign"), []);
    await sandbox.addFaults({ kind: "slow", path: "/api/query/*", delayMs: 3000, times: 1 });
    const env = { XDG_STATE_HOME: join(home, "slow") };
    assert.deepEqual(await complete(env, "query", "segmentation", "Sign"), []);
    assert.deepEqual(await complete(env, "query", "segmentation", "Sign"), []);
    await sandbox.clearFaults();
  });

  for (const [shell, { start, setUp }] of Object.entries(SHELLS)) {
    const missing = (process.platform !== "linux" || !has(shell) || !has("script")) && `no ${shell} in a terminal`;
    itUnless(missing, `works in ${shell}`, { timeout: 60_000 }, async () => {
      const env = {
        ...sandbox.env,
        PATH: `${dirname(BINARY)}:/usr/local/bin:/usr/bin:/bin`,
        HOME: mkdtempSync(join(home, shell)),
        XDG_STATE_HOME: join(home, "shells"),
        TERM: "xterm",
        // Without it, fish cannot show a folder whose name is not ASCII.
        LANG: "C.UTF-8",
        LC_ALL: "C.UTF-8",
      };
      await eventually(env, "query", "segmentation", "S");
      const terminal = openTerminal(start, env);
      try {
        terminal.type(`${setUp}; echo re""ady\r`);
        await terminal.until(/ready/);
        terminal.type("mp query segm\t");
        await terminal.until(/segmentation/);
        terminal.type("Sign\t");
        await terminal.until(/Sign\\ Up/);
        terminal.type("\x15mp query segmentation Sign\t --last 7d -f csv | head -1\r");
        await terminal.until(/date,Sign Up|date,value|date/);
      } finally {
        terminal.close();
      }
    });
  }
});
