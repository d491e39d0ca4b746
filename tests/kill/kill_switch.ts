/**
 * Preloaded into a program under test, on Bun, on Deno or into the binary: watches every change that the program makes to
 * the file system through `node:fs`, numbers them, and ends the process at one of them as `kill -9` would. The changes that
 * SQLite makes are its own affair.
 *
 * - `MP_TEST_KILL=12:half` ends it at change 12: `before` it, `after` it, or when `half` of the bytes are written
 * - `MP_TEST_KILL_LOG` names a file that gets a line for each change
 * - `MP_TEST_CLOCK=<start>:<step>` sets the clock, and lets so many milliseconds pass each time somebody looks at it: what
 *   is done once a second is then done often in a run that takes none
 */
import { appendFileSync, constants, promises as fs } from "node:fs";
import process from "node:process";
import type { Moment } from "./kill_point.ts";

const { MP_TEST_KILL: at, MP_TEST_KILL_LOG: log, MP_TEST_CLOCK: clock } = process.env;
const [killAt, killMoment] = (at ?? "").split(":") as [string, Moment];
let changes = 0;

function die(): void {
  process.kill(process.pid, "SIGKILL");
}

/** Does something that changes a file; `half` does the first half of it. */
async function change<T>(what: string, path: unknown, whole: () => Promise<T>, half?: () => Promise<unknown>) {
  const isHere = ++changes === Number(killAt);
  if (log !== undefined) appendFileSync(log, `${what} ${half === undefined ? "whole" : "halves"} ${String(path)}\n`);
  if (isHere && killMoment === "before") die();
  if (isHere && killMoment === "half") {
    await half?.();
    die();
  }
  const result = await whole();
  if (isHere) die();
  return result;
}

// deno-lint-ignore no-explicit-any -- functions of any signature are replaced by their likes
type Any = any;
const promises = fs as Any;

for (
  const name of [
    "appendFile",
    "chmod",
    "copyFile",
    "link",
    "mkdir",
    "mkdtemp",
    "rename",
    "rm",
    "rmdir",
    "symlink",
    "truncate",
    "unlink",
    "utimes",
    "writeFile",
  ]
) {
  const original = promises[name];
  promises[name] = (...args: Any[]) => change(name, args[0], () => original.apply(fs, args));
}

const CHANGING_FLAGS = constants.O_CREAT | constants.O_TRUNC;
const { open } = fs;
promises.open = async (path: string, flags: string | number = "r", ...rest: Any[]) => {
  const changes = typeof flags === "number" ? (flags & CHANGING_FLAGS) !== 0 : /[wa]/.test(flags);
  const opening = () => (open as Any).call(fs, path, flags, ...rest);
  return watched(await (changes ? change("open", path, opening) : opening()), path);
};

function watched(handle: Any, path: string): Any {
  for (const name of ["chmod", "datasync", "sync", "truncate", "utimes"]) {
    const original = handle[name];
    handle[name] = (...args: Any[]) => change(name, path, () => original.apply(handle, args));
  }
  const { write, writeFile } = handle;
  handle.write = (bytes: Uint8Array, offset = 0, length = bytes.length - offset, ...rest: Any[]) => {
    const writing = (count: number) => write.call(handle, bytes, offset, count, ...rest);
    return change("write", path, () => writing(length), () => writing(Math.floor(length / 2)));
  };
  handle.writeFile = (content: string | Uint8Array, ...rest: Any[]) => {
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    const half = bytes.subarray(0, Math.floor(bytes.length / 2));
    return change("write", path, () => writeFile.call(handle, bytes, ...rest), () => write.call(handle, half));
  };
  return handle;
}

if (clock !== undefined) {
  const [startMs = 0, stepMs = 0] = clock.split(":").map(Number);
  let looks = 0;
  Date.now = () => startMs + stepMs * looks++;
}
