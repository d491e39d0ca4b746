/** A Chromium without a window, told what to do over its debugging protocol. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "chrome"];

/** The program; undefined where there is none. */
export const chromium = NAMES.find((name) => spawnSync("sh", ["-c", `command -v ${name}`]).status === 0);

export interface Page {
  /** What an expression comes to in the page; a promise is waited for. */
  run(expression: string): Promise<unknown>;
  /** Sends a command of the protocol. */
  send(method: string, params?: Record<string, unknown>): Promise<Record<string, unknown>>;
  /** What was written to the console as an error or a warning, and exceptions, so far. */
  readonly complaints: readonly string[];
  close(): void;
}

export interface Browser {
  page(url: string): Promise<Page>;
  close(): Promise<void>;
}

/** Waits for what `look` finds. */
export async function until<T>(what: string, look: () => T | undefined | false): Promise<T> {
  for (let tries = 0; tries < 300; tries++) {
    const found = look();
    if (found !== undefined && found !== false) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`There was no ${what}`);
}

/** Starts it, with a profile of its own in `folder`. */
export async function openChromium(folder: string): Promise<Browser> {
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
      const answer = await fetch(`http://127.0.0.1:${port}/json/new?${encodeURIComponent("about:blank")}`, {
        method: "PUT",
      });
      const { webSocketDebuggerUrl } = await answer.json() as { webSocketDebuggerUrl: string };
      const page = await connect(webSocketDebuggerUrl);
      for (const domain of ["Runtime", "Log", "Page"]) await page.send(`${domain}.enable`);
      await page.send("Page.navigate", { url });
      return page;
    },
    async close() {
      const ended = new Promise((resolve) => child.on("exit", resolve));
      child.kill("SIGKILL");
      await ended;
    },
  };
}

interface Message {
  id?: number;
  method?: string;
  result?: Record<string, unknown>;
  error?: { message: string };
  params?: Record<string, Record<string, unknown>> & { type?: string };
}

async function connect(url: string): Promise<Page> {
  const socket = new WebSocket(url);
  await new Promise((resolve) => socket.addEventListener("open", resolve, { once: true }));
  const complaints: string[] = [];
  const waiting = new Map<number, (message: Message) => void>();
  let next = 0;
  socket.addEventListener("message", ({ data }) => {
    const message = JSON.parse(String(data)) as Message;
    if (message.id !== undefined) waiting.get(message.id)?.(message);
    const complaint = complaintOf(message);
    if (complaint !== undefined) complaints.push(complaint);
  });
  const send: Page["send"] = (method, params = {}) =>
    new Promise((resolve, reject) => {
      const id = ++next;
      waiting.set(id, ({ result, error }) => {
        waiting.delete(id);
        if (error === undefined) resolve(result ?? {});
        else reject(new Error(`${method}: ${error.message}`));
      });
      socket.send(JSON.stringify({ id, method, params }));
    });
  return {
    send,
    complaints,
    async run(expression) {
      const { result } = await send("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true });
      return (result as { value?: unknown }).value;
    },
    close: () => socket.close(),
  };
}

function complaintOf({ method, params }: Message): string | undefined {
  if (method === "Runtime.exceptionThrown") return String(params?.exceptionDetails?.text);
  if (method === "Log.entryAdded") {
    return params?.entry?.level === "error" || params?.entry?.level === "warning"
      ? String(params.entry.text)
      : undefined;
  }
  if (method !== "Runtime.consoleAPICalled" || (params?.type !== "error" && params?.type !== "warning")) {
    return undefined;
  }
  return `console.${params.type}`;
}
