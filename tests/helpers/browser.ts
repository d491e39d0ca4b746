/** A real browser without a window, told what to do over its debugging protocol. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "chrome"];

/** The browser's program; undefined where there is none. */
export const CHROMIUM: string | undefined = NAMES.find((name) =>
  spawnSync("sh", ["-c", `command -v ${name}`]).status === 0
);

export interface Browser {
  page(url: string): Promise<Page>;
  close(): Promise<void>;
}

export interface Page {
  /** What an expression comes to in the page, awaited. Throws when it throws. */
  run(expression: string): Promise<unknown>;
  /** Waits until an expression is true in the page; throws with the page's text when it does not become so. */
  until(expression: string): Promise<void>;
  /** Sends a command of the DevTools protocol. */
  send(method: string, params?: Record<string, unknown>): Promise<Record<string, unknown>>;
  /** Errors and warnings so far: of the console, of scripts, and of the browser about the page. */
  readonly problems: readonly string[];
  /** Whether the system is said to be dark, and the size of the window. */
  show(options: { dark?: boolean; width?: number; height?: number }): Promise<void>;
  /** Writes the whole page as a PNG. */
  screenshot(path: string): Promise<void>;
  /** What axe finds against WCAG 2.2 AA and its best practices, in a line each. */
  accessibilityProblems(): Promise<string[]>;
  close(): void;
}

export interface BrowserNetwork {
  /** The way to other machines: `http://host:port`. */
  proxy?: string;
  /** The file of an authority that is trusted; it needs certutil. */
  authority?: string;
  /** A name that the browser takes for one of this machine, as when its owner points it there. */
  ownName?: string;
}

/** Starts a browser with a profile of its own. */
export async function openBrowser({ proxy, authority, ownName }: BrowserNetwork = {}): Promise<Browser> {
  const folder = mkdtempSync(join(tmpdir(), "mp-chromium-"));
  if (authority !== undefined) trust(authority, folder);
  const flags = [
    ...(proxy === undefined ? [] : [`--proxy-server=${proxy}`]),
    ...(ownName === undefined ? [] : [`--host-resolver-rules=MAP ${ownName} 127.0.0.1`]),
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--remote-debugging-port=0",
    "--no-first-run",
  ];
  const child: ChildProcess = spawn(CHROMIUM!, [...flags, `--user-data-dir=${folder}`, "about:blank"], {
    stdio: "ignore",
    env: { PATH: process.env.PATH, HOME: folder },
    // The leader of a group of its own, so that its children can be ended with it.
    detached: true,
  });
  const portFile = join(folder, "DevToolsActivePort");
  // It is there a moment before it has been written.
  const portNow = () => existsSync(portFile) ? /^\d+(?=\n)/.exec(readFileSync(portFile, "utf8"))?.[0] : undefined;
  const port = await until("debugging port", portNow);
  return {
    async page(url) {
      const answer = await fetch(`http://127.0.0.1:${port}/json/new?about:blank`, { method: "PUT" });
      const { webSocketDebuggerUrl } = await answer.json() as { webSocketDebuggerUrl: string };
      return await openPage(webSocketDebuggerUrl, url);
    },
    async close() {
      const ended = new Promise((resolve) => child.on("exit", resolve));
      process.kill(-child.pid!, "SIGKILL");
      await ended;
      await until("end of the browser's writing", () => isRemoved(folder));
    },
  };
}

/** Writes an authority into the database in which Chromium on Linux looks for those of its user. */
function trust(authority: string, home: string): void {
  const folder = join(home, ".pki", "nssdb");
  mkdirSync(folder, { recursive: true });
  for (const argv of [["-N", "--empty-password"], ["-A", "-t", "C,,", "-n", "mp", "-i", authority]]) {
    const { status, stderr } = spawnSync("certutil", ["-d", `sql:${folder}`, ...argv], { encoding: "utf8" });
    if (status !== 0) throw new Error(`certutil failed: ${stderr}`);
  }
}

/** Whether a folder could be removed: a child that has just been killed may still have written to it. */
function isRemoved(folder: string): boolean {
  try {
    rmSync(folder, { recursive: true, force: true });
    return true;
  } catch (error) {
    if ((error as { code?: string }).code !== "ENOTEMPTY") throw error;
    return false;
  }
}

/** Waits for what `look` returns, for 15 s at most. */
export async function until<T>(
  what: string,
  look: () => T | undefined | false | Promise<T | undefined | false>,
): Promise<T> {
  for (let tries = 0; tries < 300; tries++) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`There was no ${what}`);
}

interface Message {
  id?: number;
  method?: string;
  params?: Record<string, unknown>;
  result?: Record<string, unknown>;
  error?: { message: string };
}

async function openPage(address: string, url: string): Promise<Page> {
  const socket = new WebSocket(address);
  await new Promise((resolve) => socket.addEventListener("open", resolve, { once: true }));
  const waiting = new Map<number, (message: Message) => void>();
  const problems: string[] = [];
  let next = 0;
  socket.addEventListener("message", ({ data }) => {
    const message = JSON.parse(String(data)) as Message;
    if (message.id !== undefined) waiting.get(message.id)?.(message);
    else note(message, problems);
  });
  const send = async (method: string, params: Record<string, unknown> = {}) => {
    const id = ++next;
    const { result = {}, error } = await new Promise<Message>((resolve) => {
      waiting.set(id, resolve);
      socket.send(JSON.stringify({ id, method, params }));
    });
    waiting.delete(id);
    if (error !== undefined) throw new Error(`${method}: ${error.message}`);
    return result;
  };
  const run = async (expression: string) => {
    const params = { expression, awaitPromise: true, returnByValue: true };
    const { result, exceptionDetails } = await send("Runtime.evaluate", params) as {
      result: { value?: unknown };
      exceptionDetails?: { exception?: { description?: string }; text: string };
    };
    if (exceptionDetails === undefined) return result.value;
    throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
  };
  for (const domain of ["Runtime", "Log", "Page"]) await send(`${domain}.enable`);
  await send("Page.navigate", { url });
  const page: Page = {
    run,
    send,
    problems,
    async until(expression) {
      try {
        // expected: a page that is just being left, in which nothing can be evaluated
        await until(expression, () => run(expression).then(Boolean, () => false));
      } catch (cause) {
        throw new Error(`${(cause as Error).message}; the page says:\n${await run("document.body?.innerText")}`);
      }
    },
    async show({ dark, width, height = 900 }) {
      if (dark !== undefined) {
        const features = [{ name: "prefers-color-scheme", value: dark ? "dark" : "light" }];
        await send("Emulation.setEmulatedMedia", { features });
      }
      if (width !== undefined) {
        const mobile = width < 600;
        await send("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: 1, mobile });
      }
    },
    async screenshot(path) {
      const { data } = await send("Page.captureScreenshot", { captureBeyondViewport: true }) as { data: string };
      writeFileSync(path, data, "base64");
    },
    async accessibilityProblems() {
      const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
      await run(`${axe}; undefined`);
      const { violations } = await run("axe.run()") as {
        violations: { id: string; help: string; nodes: { html: string; failureSummary: string }[] }[];
      };
      return violations.flatMap(({ id, help, nodes }) =>
        nodes.map(({ html, failureSummary }) => `${id} (${help}): ${html} ${failureSummary}`)
      );
    },
    close: () => socket.close(),
  };
  await page.until("document.readyState === 'complete' && location.href !== 'about:blank'");
  return page;
}

/** Keeps what a developer would see in red or yellow. */
function note({ method, params = {} }: Message, problems: string[]): void {
  if (method === "Runtime.exceptionThrown") problems.push(JSON.stringify(params.exceptionDetails));
  if (method === "Runtime.consoleAPICalled" && /error|warning|assert/.test(String(params.type))) {
    problems.push(JSON.stringify(params.args));
  }
  if (method === "Log.entryAdded") {
    const { level, text, url } = params.entry as { level: string; text: string; url?: string };
    if (level === "error" || level === "warning") problems.push(`${text} ${url ?? ""}`);
  }
}
