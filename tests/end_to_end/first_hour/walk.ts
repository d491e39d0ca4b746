/** One of the things that people do in their first hour: what is typed, and what has to be on the terminal then. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { textWidth } from "../../../src/output/text_width.ts";
import type { S3Server } from "../../helpers/s3_server.ts";
import type { SandboxProcess } from "../sandbox_process.ts";
import type { Desk } from "../workbench.ts";

export interface StoredEvent {
  event: string;
  properties: Record<string, unknown> & { time: number; distinct_id: string };
}

/** Where it is done. */
export interface Place {
  desk: Desk;
  sandbox: SandboxProcess;
  bucket: S3Server;
  /** A sandbox that enforces the rate limits. */
  quotas: SandboxProcess;
  /** All events of the last sixty days, as the server has them. */
  events: readonly StoredEvent[];
  /** The terminal's. */
  columns: number;
}

export interface Walk {
  /** Its row in the table of the newcomer's jobs, from 1. */
  job: number;
  who: string;
  /** The lines that are typed, each on a terminal of its own. */
  type: readonly string[];
  /** What the screens show, one after another; the text of the last when it is one. */
  shows: RegExp | readonly RegExp[];
  /** The exit code of each line; 0 by default. */
  codes?: readonly number[];
  /** Typed on the keyboard while the last line runs: keys, and the text that they answer. */
  keys?: readonly (readonly [keys: string, after: string])[];
  /** What has to be so before; it may bring variables. */
  before?: (place: Place) => Promise<Record<string, string> | void> | Record<string, string> | void;
  /** What the screens say, held against what is true. */
  check?: (screens: string[], place: Place) => Promise<void> | void;
}

const SCRIPT = fileURLToPath(new URL("../on_terminal.py", import.meta.url));
const hasPython = process.platform !== "win32" &&
  spawnSync("python3", ["-c", "import pty, os; os.waitstatus_to_exitcode"]).status === 0;

/** Why nothing can be typed on a terminal here. */
export const noTerminal = !hasPython && "needs Python 3.9 and a terminal";

/** What a person sees, line by line: without styles, and of a line that was written over only what stayed. */
export function screen(text: string): string[] {
  // The terminal itself shows ^C where the key was pressed. A prompt goes back to the beginning of its line, or to other lines, before it is drawn again.
  // deno-lint-ignore no-control-regex
  const moved = text.replaceAll("^C", "").replace(/\x1b\[\d*[DG]/g, "\r").replace(/\x1b\[\d*[AB]/g, "\n");
  // deno-lint-ignore no-control-regex
  const plain = moved.replace(/\x1b\[[\d;?]*[A-Za-z]/g, "");
  return plain.split(/\r?\n/).map((line) => line.split("\r").filter((part) => part !== "").at(-1) ?? "");
}

const hex = (text: string): string => Buffer.from(text).toString("hex");

/** Does it on a terminal of this size. */
export async function take(walk: Walk, rows: number, place: Place): Promise<void> {
  const { desk, columns } = place;
  const env = await walk.before?.(place) ?? {};
  const screens: string[] = [];
  for (const [index, line] of walk.type.entries()) {
    const isLast = index === walk.type.length - 1;
    const steps = isLast ? walk.keys ?? [] : [];
    const keys = steps.map(([typed, after]) => `${hex(typed)}@${hex(after)}`).join(",");
    // Keys such as Ctrl-C are for the program alone, not for a shell around it.
    const quoted = (steps.length > 0 ? `exec ${line}` : line).replace(/["$\\`]/g, "\\$&");
    const { code, stdout } = await desk.type(
      `python3 '${SCRIPT}' ${rows} ${columns} '${keys}' "$(command -v sh)" -c "${quoted}"`,
      { MP_PAGER: "cat", LANG: "C.UTF-8", ...env },
    );
    const lines = screen(stdout);
    screens.push(lines.join("\n"));
    assert.equal(code, walk.codes?.[index] ?? 0, `${line}\n${screens.at(-1)}`);
    for (const one of lines) {
      assert.ok(textWidth(one) <= columns, `${line}: ${textWidth(one)} columns: ${one}`);
      assert.doesNotMatch(one, /\d…|\d\.\.\.(?!\d)/, `${line}: a number is cut`);
    }
  }
  const wanted = walk.shows instanceof RegExp ? [walk.shows] : walk.shows;
  for (const [index, shown] of wanted.entries()) {
    assert.match(screens[screens.length - wanted.length + index]!, shown, walk.type.join("; "));
  }
  await walk.check?.(screens, place);
}
