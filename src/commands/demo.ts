import { z } from "zod";
import { command } from "../cli/command.ts";
import type { Context } from "../cli/context.ts";
import { MpError } from "../errors.ts";
import { commandLines } from "../cli/help_text.ts";
import { createStyle, wantsColour } from "../output/colour.ts";
import { formatDuration, formatNumber } from "../output/format.ts";
import { wrapText } from "../output/text_width.ts";
import {
  dirname,
  join,
  listFolder,
  makeTemporaryFolder,
  removeFile,
  writeFileAtomically,
} from "../runtime/files/files.ts";
import { platform } from "../runtime/process.ts";
import { compiledProgram, runSelf } from "../runtime/self.ts";
import { shellWord } from "../runtime/shell_word.ts";
import { SANDBOX, seedDefaults } from "../sandbox/defaults.ts";
import { historicalLines } from "../sandbox/demo/history.ts";
import { loadDemo } from "../sandbox/load_demo.ts";
import { type ServedSandbox, startSandbox } from "../sandbox/start.ts";
import { openStore } from "../sandbox/store/store.ts";
import {
  DAYS_BEFORE_KILL,
  EXPORT_DAYS,
  EXPORT_FOLDERS,
  HISTORY,
  type Step,
  story,
  withMistakes,
} from "./demo/shared/story.ts";
import { sandboxEnvironment } from "./sandbox/shared/sandbox_environment.ts";

/** Fewer than the sandbox has by itself: who watches does not want to wait. */
const EVENTS = 100_000;
const CLEAR = "\x1b[2J\x1b[H";
/** For how long the request hangs that the export is killed in. */
const HANG_MS = 3000;
const POLL_MS = 20;

export default command({
  description:
    `Starts a sandbox with two months of a coffee shop's events, and tells a story in it with real commands over HTTP: a
question, an import that is not clean, an export that is killed and goes on, and what it has written. On a terminal each
screen waits for Enter. Nothing leaves this machine, and nothing stays on it.`,
  globals: "none",
  examples: [{ text: "A tour of half a minute", run: "mp demo" }],
  input: z.object({}),
  async run(context) {
    const folder = await makeTemporaryFolder("mp-demo-");
    const store = openStore(":memory:");
    try {
      const nowMs = context.clock.now();
      seedDefaults(store);
      await say(context, "Starting a sandbox with the events of a coffee shop …");
      const loaded = loadDemo(store, { projectId: SANDBOX.projectId, nowMs, events: EVENTS });
      const hang = { kind: "slow", path: "/api/2.0/export", skip: DAYS_BEFORE_KILL, delayMs: HANG_MS } as const;
      const served = startSandbox({ store, clock: context.clock, settings: { faults: [hang] } });
      const [events, people] = [formatNumber(loaded.events), formatNumber(loaded.profiles)];
      const time = formatDuration(context.clock.now() - nowMs);
      await say(context, `${events} events of ${people} customers are served on ${served.url} (${time})`);
      const history = [...withMistakes(historicalLines({ endDay: loaded.lastDay }))].join("");
      await writeFileAtomically(join(folder, HISTORY), history);
      try {
        await tell(context, { nowMs, served, folder });
      } finally {
        await served.stop();
      }
    } finally {
      store.close();
      await removeFile(folder);
    }
    await say(context, ["", ...nextSteps(context)].join("\n"));
  },
});

interface Place {
  /** When the demo began. */
  nowMs: number;
  served: ServedSandbox;
  folder: string;
}

async function tell(context: Context, place: Place): Promise<void> {
  const style = styleOf(context);
  const screens = story(place.nowMs);
  for (const [index, { title, steps }] of screens.entries()) {
    await waitForReader(context);
    await say(context, `\n${style.bold(style.cyan(`${index + 1} of ${screens.length}: ${title}`))}`);
    for (const step of steps) await show(context, step, place);
  }
  await waitForReader(context);
}

async function show(context: Context, step: Step, { served, folder }: Place): Promise<void> {
  const style = styleOf(context);
  const columns = context.stdout.isTerminal ? context.stdout.columns() : Infinity;
  const [first = "", ...more] = commandLines(`mp ${step.args.map(shellWord).join(" ")}`, columns);
  const text = wrapText(step.text, columns - 2).map((line) => style.dim(`# ${line}`));
  await say(context, ["", ...text, ...[`$ ${first.trim()}`, ...more].map(style.bold)].join("\n"));
  const own = Object.entries(context.env).filter(([name]) => !name.startsWith("MP_") && !/_proxy$/i.test(name));
  const env = {
    ...Object.fromEntries(own),
    ...sandboxEnvironment(served.url),
    MP_CONFIG_PATH: join(folder, "config.toml"),
    XDG_STATE_HOME: folder,
  };
  const killWhen = step.isKilled ? halfDone(context, served, folder) : undefined;
  const code = await runSelf(step.args, { env, cwd: folder, signal: context.signal, killWhen });
  context.signal.throwIfAborted();
  if (step.isKilled) {
    // What was killed on a terminal leaves its progress there, and the cursor behind it.
    const lineEnd = context.stderr.isTerminal ? "\n" : "";
    return await say(
      context,
      `${lineEnd}${style.yellow("Killed")}: ${await daysThere(folder)} of ${EXPORT_DAYS} days are there`,
    );
  }
  if (code === (step.code ?? 0)) return;
  throw new MpError(`The demo's command 'mp ${step.args.join(" ")}' ended with exit code ${code}`, {
    category: "failure",
    code: "demo_failed",
  });
}

/**
 * Resolves when the request that hangs has come, and the days of those before it are there; at the latest when it no
 * longer hangs.
 */
async function halfDone(
  context: Context,
  { sandbox }: ServedSandbox,
  folder: string,
): Promise<void> {
  for (;;) {
    const answer = await sandbox.handle(new Request("http://127.0.0.1/sandbox/state"), "");
    const { faults } = await answer.json() as { faults: unknown[] };
    if (faults.length === 0) break;
    await context.clock.sleep(POLL_MS, context.signal);
  }
  for (let waitedMs = 0; waitedMs < HANG_MS && await daysThere(folder) < DAYS_BEFORE_KILL; waitedMs += POLL_MS) {
    await context.clock.sleep(POLL_MS, context.signal);
  }
}

/** How many days of the export are there, whether or not they are files yet. */
async function daysThere(folder: string): Promise<number> {
  const names = await Promise.all(EXPORT_FOLDERS.map((name) => namesIn(join(folder, name))));
  const days = names.flat().flatMap((name) =>
    /^(?:events_)?(\d{4}-\d\d-\d\d).*\.(?:parquet|jsonl)/.exec(name)?.[1] ?? []
  );
  return new Set(days).size;
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await listFolder(folder);
  } catch (error) {
    // expected: a folder that the export has not made yet
    if ((error as { code?: string }).code === "ENOENT") return [];
    throw error;
  }
}

/** On a terminal, the next screen comes when its reader wants it. */
async function waitForReader(context: Context): Promise<void> {
  if (!context.stdin.isTerminal || !context.stdout.isTerminal) return;
  const { waitForEnter } = await import("../runtime/terminal.ts");
  await context.stdout.write(`\n${styleOf(context).dim("Enter goes on, Ctrl-C ends it ")}`);
  await waitForEnter(context.signal);
  if (context.env.TERM !== "dumb") await context.stdout.write(CLEAR);
}

/** How to go on, and, when this is a binary, where it is and how it gets onto the PATH. */
function nextSteps({ env }: Context): string[] {
  const lines = [
    "That was the real thing, against a sandbox. For your own project, log in and",
    "type the same commands:",
    "  mp login",
    "To play on, 'mp sandbox --demo'; 'mp help guides' has whole jobs, step by step.",
  ];
  const program = compiledProgram();
  if (program === undefined) return lines;
  const folder = dirname(program);
  const isWindows = platform() === "win32";
  const isOnPath = (env.PATH ?? "").split(isWindows ? ";" : ":").includes(folder);
  if (isOnPath) return [...lines, `The program is ${program}`];
  const line = isWindows ? `$env:Path = "${folder};$env:Path"` : `export PATH=${shellWord(folder)}:"$PATH"`;
  return [...lines, `The program is ${program}; this puts it on the PATH:`, `  ${line}`];
}

const styleOf = ({ stdout, env, globals }: Context) =>
  createStyle(wantsColour({ isTerminal: stdout.isTerminal, environment: env, refused: !globals.color }));

async function say(context: Context, text: string): Promise<void> {
  await context.stdout.write(text + "\n");
}
