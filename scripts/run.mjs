/**
 * `npm run demo`, `npm test`, `npm run build`, `npm run release` and `deno task compile`: makes a fresh clone ready, then
 * does the task.
 *
 *     node scripts/run.mjs demo|test|build|release|compile [arguments of the task]
 *
 * Plain Node.js without packages, because it is what installs them.
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const bun = join(root, "node_modules", "bun", "bin", "bun.exe");
const program = join(root, "dist", process.platform === "win32" ? "mp.exe" : "mp");

const tasks = {
  build: (args) => run(bun, ["scripts/compile.ts", ...args]),
  release: (args) => run(bun, ["scripts/release/release.ts", ...args]),
  compile: (args) => run(bun, ["scripts/deno_compile.ts", ...args]),
  test: (args) => run(bun, ["scripts/check.ts", ...args]),
  "test:dates": async (args) =>
    (await run(bun, ["scripts/compile.ts"])) || (await run(bun, ["scripts/test_dates.ts", ...args])),
  demo: async (args) => (await run(bun, ["scripts/compile.ts"])) || (await run(program, ["demo", ...args])),
};

const [name = "", ...args] = process.argv.slice(2);
if (!Object.hasOwn(tasks, name)) {
  console.error(`Cannot run '${name}': the tasks are ${Object.keys(tasks).join(", ")}`);
  process.exit(3);
}
if (Number(process.versions.node.split(".")[0]) < 20) {
  console.error(`Cannot run on Node.js ${process.versions.node}: 20 or newer is needed`);
  process.exit(1);
}
process.exitCode = (await prepare()) || (await tasks[name](args));

/** Installs packages and writes generated files, where that has not been done. Returns an exit code. */
async function prepare() {
  if (!packagesAreCurrent()) {
    console.error("Installing packages …");
    // Not `npm ci`: it insists on the lock naming the packages of every other platform, and a registry mirror need
    // not carry those. With --no-save the lock is obeyed and left alone all the same.
    const code = await npm("install", "--no-save", "--no-audit", "--no-fund", "--loglevel=error");
    if (code !== 0) return code;
  }
  for (const [tool, installer] of [[bun, "bun/install.js"], [denoPath(), "deno/install.cjs"]]) {
    // Package managers that skip install scripts leave a placeholder where the program should be.
    if (works(tool)) continue;
    await run(process.execPath, [join(root, "node_modules", installer)]);
    if (!works(tool)) {
      console.error(`Cannot start ${tool}: it is not installed for this machine (${process.platform} ${process.arch})`);
      console.error("hint: delete node_modules and try again");
      return 1;
    }
  }
  return await run(bun, ["scripts/embed_wasm.ts"]);
}

/** Whether what is installed is what the lock file asks for. */
function packagesAreCurrent() {
  const wanted = readJson(join(root, "package-lock.json"));
  const installed = readJson(join(root, "node_modules", ".package-lock.json"));
  if (wanted === undefined || installed === undefined) return false;
  return Object.entries(wanted.packages).every(([path, entry]) => {
    const found = installed.packages[path];
    return path === "" || (found === undefined ? entry.optional === true : found.version === entry.version);
  });
}

function readJson(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : undefined;
}

function denoPath() {
  return join(root, "node_modules", "deno", process.platform === "win32" ? "deno.exe" : "deno");
}

function works(path) {
  return spawnSync(path, ["--version"], { stdio: "ignore" }).status === 0;
}

function npm(...args) {
  // npm names its own script to what it runs; on Windows `npm` by name is a batch file, which needs a shell.
  const script = process.env.npm_execpath;
  if (script?.endsWith(".js")) return run(process.execPath, [script, ...args]);
  return run("npm", args, { shell: process.platform === "win32" });
}

/** Runs a program to its end with this one's streams, and returns its exit code. */
function run(command, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: "inherit", ...options });
    // A terminal sends Ctrl-C to both; the child decides what it means. Other signals only come to this process.
    const forward = (signal) => child.kill(signal);
    const ignore = () => {};
    process.on("SIGINT", ignore);
    process.on("SIGTERM", forward);
    child.on("error", (error) => {
      console.error(`Cannot run ${command}: ${error.message}`);
      resolve(1);
    });
    child.on("exit", (code, signal) => {
      process.off("SIGINT", ignore);
      process.off("SIGTERM", forward);
      resolve(code ?? 128 + (constants.signals[signal] ?? 0));
    });
  });
}
