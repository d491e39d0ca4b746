/**
 * Draws docs/session.svg, the picture of the README: commands and what the program itself prints for them, on a terminal of
 * 92 columns, with the demo's data as of a fixed day.
 *
 *     bun scripts/session_picture.ts             writes it
 *     bun scripts/session_picture.ts --check     fails when the program prints something else
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { sandboxEnvironment } from "../src/commands/sandbox/shared/sandbox_environment.ts";
import type { World } from "../src/cli/context.ts";
import { run } from "../src/program.ts";
import type { Clock } from "../src/runtime/clock.ts";
import { serve } from "../src/runtime/network/server.ts";
import { SANDBOX, seedDefaults } from "../src/sandbox/defaults.ts";
import { loadDemo } from "../src/sandbox/load_demo.ts";
import { createSandbox } from "../src/sandbox/sandbox.ts";
import { openStore } from "../src/sandbox/store/store.ts";
import { textWidth } from "../src/output/text_width.ts";
import { ROOT } from "./project.ts";
import { replaceFile } from "./replace_file.ts";

export const PICTURE = "docs/session.svg";
const COLUMNS = 92;
const NOW_MS = Date.UTC(2026, 10, 27, 12);

const COMMANDS = [
  "mp query funnel 7001 --last 30d --on mp_country_code --limit 4",
  "mp query retention 'Sign Up' --event Purchase --last 8w",
];

/** The picture as it would be now. */
export async function sessionPicture(): Promise<string> {
  const store = openStore(":memory:");
  const clock: Clock = { now: () => NOW_MS, sleep: () => Promise.resolve(), random: () => 0.5 };
  seedDefaults(store);
  loadDemo(store, { projectId: SANDBOX.projectId, nowMs: NOW_MS, events: 60_000 });
  const sandbox = createSandbox({ store, clock });
  const server = serve((request, address) => sandbox.handle(request, address), { hostname: "127.0.0.1", port: 0 });
  try {
    const lines: string[] = [];
    for (const command of COMMANDS) {
      const printed = await printedBy(command, sandboxEnvironment(`http://127.0.0.1:${server.port}`), clock);
      lines.push(`\x1b[32m$\x1b[0m \x1b[1m${command}\x1b[0m`, ...printed.trimEnd().split("\n"), "");
    }
    return svgOf(lines.slice(0, -1));
  } finally {
    await server.stop();
    store.close();
  }
}

async function printedBy(command: string, env: Record<string, string>, clock: Clock): Promise<string> {
  let text = "";
  const output = (keep: boolean): World["stdout"] => ({
    isTerminal: true,
    columns: () => COLUMNS,
    write: (content) => {
      if (keep) text += typeof content === "string" ? content : new TextDecoder().decode(content);
      return Promise.resolve();
    },
  });
  const words = command.match(/'[^']*'|\S+/g)!.slice(1).map((word) => word.replaceAll("'", ""));
  const code = await run(words, {
    stdin: { isTerminal: false, stream: () => new Blob([]).stream() },
    stdout: output(true),
    stderr: output(false),
    env: { ...env, FORCE_COLOR: "1", XDG_STATE_HOME: "/dev/null" },
    clock,
    signal: new AbortController().signal,
  });
  if (code !== 0) throw new Error(`Cannot draw '${command}': it ended with ${code}`);
  return text;
}

const CELL = { width: 8.4, height: 18 };
const MARGIN = 16;

/** Styles of the terminal as classes, with colours that read on the picture's light or dark ground. */
const STYLE = `
  svg { --ground: #ffffff; --text: #1f2328; --dim: #656d76; --c32: #1a7f37; --c36: #0b7285; --c33: #9a6700; }
  @media (prefers-color-scheme: dark) {
    svg { --ground: #0d1117; --text: #e6edf3; --dim: #8b949e; --c32: #3fb950; --c36: #39c5cf; --c33: #d29922; }
  }
  text { font: 14px ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: var(--text); white-space: pre; }
  .b { font-weight: 700 } .d { fill: var(--dim) } .c32 { fill: var(--c32) } .c36 { fill: var(--c36) } .c33 { fill: var(--c33) }`;

/** The 256-colour backgrounds of heat maps, and the texts on them. */
const PALETTE: Record<string, string> = {
  "16": "#000000",
  "26": "#005fd7",
  "75": "#5fafff",
  "117": "#87d7ff",
  "153": "#afd7ff",
  "189": "#d7d7ff",
  "231": "#ffffff",
};

function svgOf(lines: readonly string[]): string {
  const width = Math.ceil(COLUMNS * CELL.width + 2 * MARGIN);
  const height = lines.length * CELL.height + 2 * MARGIN;
  const body = lines.flatMap((line, row) => spansOf(line).map((span) => drawn(span, row)));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" ` +
    `role="img" aria-labelledby="title">
<title id="title">A terminal: ${COMMANDS.map(escaped).join("; ")}</title>
<style>${STYLE}
</style>
<rect width="${width}" height="${height}" rx="8" style="fill: var(--ground)"/>
${body.filter((one) => one !== "").join("\n")}
</svg>
`;
}

interface Span {
  text: string;
  column: number;
  codes: readonly string[];
}

/** The pieces of a line, each with the style that escape sequences have set. */
function spansOf(line: string): Span[] {
  const spans: Span[] = [];
  let column = 0;
  let codes: string[] = [];
  // deno-lint-ignore no-control-regex
  for (const part of line.split(/(\x1b\[[\d;]*m)/)) {
    // deno-lint-ignore no-control-regex
    const sequence = /^\x1b\[([\d;]*)m$/.exec(part)?.[1];
    if (sequence !== undefined) codes = sequence === "0" || sequence === "" ? [] : [...codes, sequence];
    else if (part !== "") {
      spans.push({ text: part, column, codes });
      column += textWidth(part);
    }
  }
  return spans;
}

function drawn({ text, column, codes }: Span, row: number): string {
  const x = round(MARGIN + column * CELL.width);
  const top = MARGIN + row * CELL.height;
  const length = round(textWidth(text) * CELL.width);
  const [, ground, front] = /^48;5;(\d+);38;5;(\d+)$/.exec(codes.join(";")) ?? [];
  const back = ground === undefined
    ? ""
    : `<rect x="${x}" y="${top}" width="${length}" height="${CELL.height}" fill="${PALETTE[ground]}"/>`;
  if (text.trim() === "") return back;
  const classes = codes.flatMap((code) =>
    code === "1" ? ["b"] : code === "2" ? ["d"] : code.length === 2 ? [`c${code}`] : []
  );
  const style = front === undefined ? "" : ` style="fill: ${PALETTE[front]}"`;
  const named = classes.length === 0 ? "" : ` class="${classes.join(" ")}"`;
  return `${back}<text x="${x}" y="${top + 13}" textLength="${length}" xml:space="preserve"${named}${style}>${
    escaped(text)
  }</text>`;
}

const round = (value: number): number => Math.round(value * 10) / 10;
const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

if (import.meta.main) {
  const path = join(ROOT, PICTURE);
  const text = await sessionPicture();
  if (!process.argv.includes("--check")) replaceFile(path, text);
  else if (readFileSync(path, "utf8") !== text) {
    console.error(`${PICTURE} is not what the program prints\nhint: bun scripts/session_picture.ts`);
    process.exit(1);
  }
}
