/**
 * `npm run TASK`, `deno task TASK` and `bun run TASK`: makes a fresh clone ready, then does the task.
 *
 *     node scripts/run.mjs demo|test|build|release|compile|dates|kills|mutations [arguments of the task]
 *
 * It runs on Node.js, Deno and Bun. JavaScript without packages, because it is what installs them.
 */
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { choosePackageManager } from "./package_manager.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const bun = join(root, "node_modules", "bun", "bin", "bun.exe");
const isWindows = process.platform === "win32";
const deno = join(root, "node_modules", "deno", isWindows ? "deno.exe" : "deno");
const program = join(root, "dist", isWindows ? "mp.exe" : "mp");
const runtime = process.versions.deno ? "deno" : process.versions.bun ? "bun" : "node";
const lockFile = join(root, "package-lock.json");
/** npm's own note of what it installed, and ours where Deno or Bun did. */
const npmNote = join(root, "node_modules", ".package-lock.json");
const ownNote = join(root, "node_modules", ".mp-packages");

const tasks = {
  build: (args) => run(bun, ["scripts/compile.ts", ...args]),
  release: (args) => run(bun, ["scripts/release/release.ts", ...args]),
  compile: (args) => run(bun, ["scripts/deno_compile.ts", ...args]),
  test: (args) => run(bun, ["scripts/check.ts", ...args]),
  dates: async (args) =>
    (await run(bun, ["scripts/compile.ts"])) || (await run(bun, ["scripts/test_dates.ts", ...args])),
  kills: (args) => run(bun, ["tests/kill/run_every_moment.ts", ...args]),
  mutations: (args) => run(bun, ["scripts/mutate.ts", ...args]),
  demo: async (args) => (await run(bun, ["scripts/compile.ts"])) || (await run(program, ["demo", ...args])),
};

const [name = "", ...args] = process.argv.slice(2);
if (!Object.hasOwn(tasks, name)) {
  console.error(`Cannot run '${name}': the tasks are ${Object.keys(tasks).join(", ")}`);
  process.exit(3);
}
if (Number(process.versions.node.split(".")[0]) < 20) {
  console.error(`Cannot run on Node.js ${process.versions.node}: 20 or newer is needed`);
  console.error("hint: install Node.js 20 or newer, or run 'deno task' or 'bun run' with the name of the task");
  process.exit(1);
}
process.exitCode = (await prepare()) || (await tasks[name](args));

/** Installs packages and writes generated files, where that has not been done. Returns an exit code. */
async function prepare() {
  if (!packagesAreCurrent()) {
    const code = await install();
    if (code !== 0) return code;
  }
  for (const [tool, installer] of [[bun, "bun/install.js"], [deno, "deno/install.cjs"]]) {
    // Package managers that skip install scripts leave a placeholder where the program should be.
    if (works(tool)) continue;
    const script = join(root, "node_modules", installer);
    await run(process.execPath, runtime === "deno" ? ["run", "--allow-all", script] : [script]);
    if (!works(tool)) {
      console.error(`Cannot start ${tool}: it is not installed for this machine (${process.platform} ${process.arch})`);
      console.error("hint: delete node_modules and try again");
      return 1;
    }
  }
  return await run(bun, ["scripts/embed_wasm.ts"]);
}

/** Installs the packages of the lock file. Returns an exit code. */
async function install() {
  const npmScript = process.env.npm_execpath;
  const manager = choosePackageManager({ runtime, execPath: process.execPath, npmScript, works });
  if (manager === undefined) {
    console.error("Cannot install packages: neither npm nor Deno nor Bun is here");
    console.error("hint: install Node.js with npm, Deno or Bun, and try again");
    return 1;
  }
  console.error(`Installing packages with ${manager.name} …`);
  rmSync(npmNote, { force: true });
  const shell = isWindows && manager.command === "npm";
  const code = await run(manager.command, manager.args, { shell, env: { ...manager.env, ...process.env } });
  if (code !== 0) {
    console.error(`Cannot install packages: ${manager.name} ended with ${code}; what it says is above`);
    console.error(
      "hint: see that the registry can be reached which NPM_CONFIG_REGISTRY or .npmrc names, and try again",
    );
  } else if (manager.name !== "npm") writeFileSync(ownNote, digestOfLock());
  return code;
}

/** Whether what is installed is what the lock file asks for. */
function packagesAreCurrent() {
  if (existsSync(ownNote)) return readFileSync(ownNote, "utf8") === digestOfLock();
  if (!existsSync(npmNote)) return false;
  const wanted = JSON.parse(readFileSync(lockFile, "utf8")).packages;
  const installed = JSON.parse(readFileSync(npmNote, "utf8")).packages;
  return Object.entries(wanted).every(([path, entry]) => {
    const found = installed[path];
    return path === "" || (found === undefined ? entry.optional === true : found.version === entry.version);
  });
}

function digestOfLock() {
  return createHash("sha256").update(readFileSync(lockFile)).digest("hex");
}

function works(path) {
  return spawnSync(path, ["--version"], { stdio: "ignore", shell: isWindows && path === "npm" }).status === 0;
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
