/** A program that shows text a screen at a time, such as less. */
import { spawn } from "node:child_process";
import process from "node:process";
import { ClosedPipeError, MpError } from "../errors.ts";
import { isExecutable, pathPrograms } from "./path_programs.ts";

export interface Pager {
  /** Throws `ClosedPipeError` when the reader has left it. */
  write(content: string | Uint8Array): Promise<void>;
  /** Says that there is no more, and returns when the reader has left. */
  end(): Promise<void>;
}

/** What less does when nothing else is set: it ends where all fits the screen, shows colours, and leaves the text there. */
const LESS = "FRX";
const NOT_FOUND = 127;

/** Whether a command line begins with a program that there is. */
export function isProgram(command: string): boolean {
  const [word = ""] = command.trim().split(/\s+/);
  return /[/\\]/.test(word) ? isExecutable(word) : word !== "" && pathPrograms(word).length > 0;
}

/** Starts a pager, by a line for the shell, on the terminal. */
export function startPager(command: string): Pager {
  const child = spawn(command, {
    shell: true,
    stdio: ["pipe", "inherit", "inherit"],
    env: { LESS, ...process.env },
  });
  let hasLeft = false;
  const left = new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  }).finally(() => hasLeft = true);
  // expected: EPIPE, of a reader who has seen enough and leaves before everything is written
  child.stdin.on("error", () => hasLeft = true);
  return {
    async write(content) {
      if (hasLeft) throw new ClosedPipeError();
      if (child.stdin.write(content)) return;
      await Promise.race([new Promise((resolve) => child.stdin.once("drain", resolve)), left]);
    },
    async end() {
      child.stdin.end();
      if (await left !== NOT_FOUND) return;
      throw new MpError(`Cannot show the result: there is no pager ${JSON.stringify(command)}`, {
        category: "failure",
        code: "no_pager",
        hint: "set MP_PAGER to a program that is installed, or to 'cat' for none",
      });
    },
  };
}
