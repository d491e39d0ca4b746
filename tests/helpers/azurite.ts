/** Azurite, Microsoft's emulator of Azure's storage, installed on demand into a cache: it is too large for the lock file. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";

const VERSION = "3.35.0";
const START_MS = 60_000;

export interface Azurite {
  /** For AZURE_STORAGE_CONNECTION_STRING. */
  connectionString: string;
  /** Of the blob service, with the account's name. */
  endpoint: string;
  stop(): Promise<void>;
}

/** The folder it is installed in, or why it cannot be. */
export function installAzurite(): { folder: string } | { reason: string } {
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), ".cache");
  const folder = join(cache, "mp-tests", `azurite-${VERSION}`);
  if (existsSync(join(folder, "node_modules", "azurite", "package.json"))) return { folder };
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), "{}");
  const { status, stderr, error } = spawnSync(
    "npm",
    ["install", "--no-audit", "--no-fund", "--ignore-scripts", "--save-exact", `azurite@${VERSION}`],
    { cwd: folder, encoding: "utf8", timeout: 300_000 },
  );
  if (status === 0) return { folder };
  return { reason: error?.message ?? stderr.trim().split("\n")[0] ?? `npm ended with ${status}` };
}

/** Starts it on a free port of 127.0.0.1. It runs on Node.js. */
export async function startAzurite(folder: string): Promise<Azurite> {
  const data = mkdtempSync(join(tmpdir(), "mp-azurite-"));
  const program = join(folder, "node_modules", "azurite", "dist", "src", "blob", "main.js");
  const child: ChildProcess = spawn(
    "node",
    [program, "--blobHost", "127.0.0.1", "--blobPort", "0", "--location", data, "--disableTelemetry"],
    { cwd: data, stdio: ["ignore", "pipe", "ignore"] },
  );
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const port = await new Promise<string>((resolve, reject) => {
    let said = "";
    const timer = setTimeout(() => reject(new Error(`Azurite did not start: ${said}`)), START_MS);
    child.stdout!.on("data", (chunk) => {
      said += chunk;
      const match = /listens on http:\/\/127\.0\.0\.1:(\d+)/.exec(said);
      if (match === null) return;
      clearTimeout(timer);
      resolve(match[1]!);
    });
  });
  const endpoint = `http://127.0.0.1:${port}/devstoreaccount1`;
  return {
    endpoint,
    connectionString: `UseDevelopmentStorage=true;BlobEndpoint=${endpoint}`,
    async stop() {
      // Asked to end, it waits for connections that are kept.
      child.kill("SIGKILL");
      await ended;
      rmSync(data, { recursive: true, force: true });
    },
  };
}
