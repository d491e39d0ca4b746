/** Text that is longer than the terminal is shown by a pager. */
import { textWidth } from "../output/text_width.ts";
import { isProgram, type Pager, startPager } from "../runtime/pager.ts";
import type { Output } from "../runtime/standard_streams.ts";
import type { World } from "./context.ts";
import { plainCharacters, showsUnicode } from "./plain_characters.ts";

// deno-lint-ignore no-control-regex
const STYLES = /\x1b\[[\d;]*m/g;

/** An output that must be told when there is no more. */
export interface PagedOutput extends Output {
  end(): Promise<void>;
}

/**
 * Standard output, which hands over to a pager as soon as more than a screen is written to it. Off a terminal, with
 * `MP_PAGER` (or `PAGER`) empty or `cat`, and where there is no such program, nothing comes between.
 */
export function pagedOutput({ stdin, stdout, env }: Pick<World, "stdin" | "stdout" | "env">): PagedOutput {
  const command = pagerCommand(env);
  const rows = stdout.isTerminal && stdin.isTerminal ? stdout.rows?.() : undefined;
  if (command === undefined || rows === undefined) {
    return { ...plainOutput(stdout), end: () => Promise.resolve() };
  }
  const shown = showsUnicode(env) ? (text: string) => text : plainCharacters;
  let pager: Pager | undefined;
  let held = "";
  let lines = 0;
  return {
    ...plainOutput(stdout),
    async write(content) {
      const text = typeof content === "string" ? content : new TextDecoder().decode(content);
      if (pager !== undefined) return await pager.write(shown(text));
      held += text;
      lines += linesOf(text, stdout.columns());
      // The prompt takes a line.
      if (lines < rows) return;
      pager = startPager(command);
      await pager.write(shown(held));
      held = "";
    },
    async end() {
      if (pager === undefined) { if (held !== "") await stdout.write(held); }
      else await pager.end();
    },
  };
}

/** The pager that the user wants: `$MP_PAGER`, `$PAGER`, or less where it is installed. */
function pagerCommand(env: World["env"]): string | undefined {
  const command = (env.MP_PAGER ?? env.PAGER ?? "less").trim();
  if (command === "" || command === "cat" || env.TERM === "dumb") return undefined;
  // What begins with anything but the name of a program is for the shell to understand.
  return /^[\w./\\-]+(\s|$)/.test(command) && !isProgram(command) ? undefined : command;
}

const plainOutput = (output: Output): Output => ({
  isTerminal: output.isTerminal,
  columns: () => output.columns(),
  rows: output.rows && (() => output.rows?.()),
  isClosed: output.isClosed,
  write: (content) => output.write(content),
});

/** The lines that a text takes on a terminal that wraps long ones. */
function linesOf(text: string, columns: number): number {
  const lines = text.replace(STYLES, "").split("\n").slice(0, -1);
  return lines.reduce((sum, line) => sum + Math.max(1, Math.ceil(textWidth(line) / columns)), 0);
}
