/** Runs one command: reads its arguments, builds its context, and lets it do its work. */
import { inputError, MpError } from "../errors.ts";
import type { Client } from "../client/types.ts";
import { wantsColour } from "../output/colour.ts";
import type { Format, Result } from "../output/print.ts";
import { readTextFile, writeFileAtomically } from "../runtime/files.ts";
import { runShell } from "../runtime/process.ts";
import type { ResolvedSettings } from "../settings/resolve.ts";
import type { Command } from "./command.ts";
import type { Context, GlobalFlags, World } from "./context.ts";
import { isDryRunEnd } from "./dry_run.ts";
import { parseCommand } from "./parse.ts";
import { redact } from "./redact.ts";

/** Parses, runs, and returns the exit code; throws what the command throws. */
export async function runCommand(name: string, command: Command, argv: string[], world: World): Promise<number> {
  const { globals, input } = await parseCommand(name, command, argv, {
    nowMs: world.clock.now(),
    readText: (source) => readSource(source, world),
  });
  const context = createContext(globals, world);
  for (const operation of command.operations ?? []) {
    if (operation.deprecated !== undefined) await context.note(`Deprecated: ${operation.deprecated}`);
  }
  try {
    return await command.run(context, input) ?? 0;
  } catch (error) {
    if (isDryRunEnd(error)) return 0;
    throw error;
  }
}

/** The context of a command, with settings and client made when they are first asked for. */
export function createContext(globals: GlobalFlags, world: World): Context {
  let settings: Promise<ResolvedSettings> | undefined;
  let client: Promise<Client> | undefined;
  const context: Context = {
    ...world,
    globals,
    settings: () => settings ??= loadSettings(globals, world),
    client: () => client ??= loadClient(context),
    print: (result) => print(context, result),
    async note(line) {
      if (!globals.quiet) await world.stderr.write(redact(line) + "\n");
    },
    confirm: (question) => confirm(context, question),
  };
  return context;
}

async function loadSettings(globals: GlobalFlags, world: World): Promise<ResolvedSettings> {
  const [{ resolveSettings }, { readConfig }, { configPath }] = await Promise.all([
    import("../settings/resolve.ts"),
    import("../settings/file.ts"),
    import("../settings/paths.ts"),
  ]);
  return await resolveSettings({
    flags: globals,
    env: world.env,
    readConfig: () => readConfig(configPath(world.env)),
    runShell,
    signal: world.signal,
  });
}

async function loadClient(context: Context): Promise<Client> {
  const settings = await context.settings();
  if (context.globals.dryRun) {
    const { dryRunClient } = await import("./dry_run.ts");
    return await dryRunClient(settings, context.stdout);
  }
  const [{ connect }, { toConnection }] = await Promise.all([
    import("./connect.ts"),
    import("../settings/resolve.ts"),
  ]);
  return connect(context, await toConnection(settings), { stateFolder: settings.stateFolder });
}

const FORMAT_OF_ENDING: Record<string, Format> = {
  csv: "csv",
  tsv: "tsv",
  jsonl: "jsonl",
  ndjson: "jsonl",
  json: "json",
};

async function print(context: Context, result: Result): Promise<void> {
  const { printResult } = await import("../output/print.ts");
  const { globals, stdout, env } = context;
  const path = globals.output === "-" ? undefined : globals.output;
  const written: string[] = [];
  const output = path === undefined ? stdout : {
    isTerminal: false,
    columns: () => stdout.columns(),
    write: (content: string | Uint8Array) => {
      written.push(typeof content === "string" ? content : new TextDecoder().decode(content));
      return Promise.resolve();
    },
  };
  const ending = path?.slice(path.lastIndexOf(".") + 1).toLowerCase() ?? "";
  const usual: Format = !output.isTerminal ? "json" : result.chart === undefined ? "table" : "chart";
  await printResult(output, result, {
    format: globals.format ?? FORMAT_OF_ENDING[ending] ?? usual,
    jq: globals.jq,
    colour: wantsColour({ isTerminal: output.isTerminal, environment: env, refused: !globals.color }),
  });
  if (path === undefined) return;
  await writeFileAtomically(path, written.join(""));
  await context.note(`Wrote ${path}`);
}

async function confirm(context: Context, question: string): Promise<void> {
  const { globals, stdin, stderr } = context;
  if (globals.yes || globals.dryRun) return;
  if (!stdin.isTerminal || !stderr.isTerminal) {
    throw inputError(`Cannot go on without an answer: ${question}`, "add --yes to say so in a script", "not_confirmed");
  }
  const [{ confirm: ask }, { promptStreams }] = await Promise.all([
    import("@clack/prompts"),
    import("../runtime/terminal.ts"),
  ]);
  const answer = await ask({ message: question, initialValue: false, ...promptStreams() });
  if (answer !== true) throw new MpError("Nothing was changed", { category: "interrupted", code: "not_confirmed" });
}

/** The text behind `@file` or `-`. */
async function readSource(source: string, world: World): Promise<string> {
  if (source === "-") {
    if (world.stdin.isTerminal) throw inputError("Cannot read standard input: nothing is piped in");
    return await new Response(world.stdin.stream()).text();
  }
  const content = await readTextFile(source);
  if (content === undefined) throw inputError(`Cannot read ${source}: no such file`, undefined, "missing_file");
  return content;
}
