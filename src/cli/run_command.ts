/** Runs one command: reads its arguments, builds its context, and lets it do its work. */
import { inputError, MpError } from "../errors.ts";
import type { LiveKind } from "../api/params.ts";
import type { Client, WireRequest } from "../client/types.ts";
import { cleanForTerminal, escapeJsonForTerminal } from "../output/clean.ts";
import { wantsColour } from "../output/colour.ts";
import { REPORT_FORMATS } from "../output/formats.ts";
import type { Result } from "../output/print.ts";
import { writeAbove } from "../output/progress/above_progress.ts";
import type { Heading } from "../output/report.ts";
import { writeFileAtomically } from "../runtime/files/files.ts";
import type { ResolvedSettings } from "../settings/resolve.ts";
import type { Command } from "./command.ts";
import type { Context, World } from "./context.ts";
import type { GlobalFlags } from "./globals.ts";
import { isDryRunEnd } from "./dry_run.ts";
import { UnexpectedAnswerError } from "../api/call.ts";
import { isChange } from "../client/doubt.ts";
import { writingFile } from "../runtime/files/write_fault.ts";
import { chosenFormat, outputPath, proveOutput } from "./format_choice.ts";
import { parseCommand } from "./parse.ts";
import { redact } from "../client/redact.ts";
import { fitted } from "./fitted.ts";
import { concatenate } from "../streams/chunks.ts";
import { definedFields } from "../streams/json/defined_fields.ts";

/**
 * Parses, runs, and returns the exit code; throws what the command throws. Where a project is needed and none is set, a
 * person can pick one.
 *
 * @param routed what is to be said on how the command was found
 */
export async function runCommand(
  name: string,
  command: Command,
  argv: string[],
  world: World,
  routed: readonly string[] = [],
): Promise<number> {
  try {
    return await runWithProject(name, command, argv, world, routed);
  } catch (error) {
    if (command.failed === undefined) throw error;
    return await command.failed(error, argv, world);
  }
}

async function runWithProject(
  name: string,
  command: Command,
  argv: string[],
  world: World,
  routed: readonly string[],
): Promise<number> {
  let globals: GlobalFlags | undefined;
  try {
    return await runOnce(name, command, argv, world, { routed, onGlobals: (read) => globals = read });
  } catch (error) {
    if (globals === undefined || !(error instanceof MpError) || error.code !== "missing_project_id") throw error;
    const project = await pick("projects", globals, world);
    if (project === undefined) throw error;
    return await runOnce(name, command, ["--project", project, ...argv], world, {});
  }
}

async function runOnce(
  name: string,
  command: Command,
  argv: string[],
  world: World,
  { routed = [], onGlobals }: { routed?: readonly string[]; onGlobals?: (globals: GlobalFlags) => void },
): Promise<number> {
  const { globals: typedGlobals, input, typedDays, notes } = await parseCommand(name, command, argv, {
    nowMs: world.clock.now(),
    readText: (source, flag) => readSource(source, flag, world),
    onGlobals,
    pick: (kind, globals, event) => pick(kind, globals, world, event),
  });
  const globals = scoped(typedGlobals, command.scope?.(input));
  const notesAreJson = "progress" in input && input.progress === "json";
  const heading = async (projectId: string | undefined) =>
    (await import("./heading.ts")).headingOf({
      name,
      argv,
      args: command.args,
      input,
      nowMs: world.clock.now(),
      projectId,
    });
  const context = createContext(globals, world, { notesAreJson, heading, name });
  for (const note of [...routed, ...notes]) await context.note(note);
  for (const operation of command.operations ?? []) {
    if (operation.deprecated !== undefined) await context.note(`Deprecated: ${operation.deprecated}`);
  }
  try {
    await proveOutput(context, command);
    return await command.run(context, input, typedDays) ?? 0;
  } catch (error) {
    if (isDryRunEnd(error)) return 0;
    if (error instanceof UnexpectedAnswerError && error.isOfChange) return await showAsItCame(context, error);
    throw error;
  }
}

/** @throws MpError (input) where a flag says something else than the input does. */
function scoped(globals: GlobalFlags, scope: ReturnType<NonNullable<Command["scope"]>> = {}): GlobalFlags {
  const other = (Object.keys(scope) as (keyof typeof scope)[]).find((key) =>
    scope[key] !== undefined && globals[key] !== undefined && globals[key] !== scope[key]
  );
  if (other === undefined) return { ...globals, ...definedFields(scope) };
  throw inputError(
    `Cannot use --${other} ${globals[other]}: the address names ${other} ${scope[other]}`,
    `leave --${other} out`,
    "contradiction",
  );
}

/** Nobody is asked in a pipe, and no module is loaded for it. */
async function pick(
  kind: LiveKind,
  globals: GlobalFlags,
  world: World,
  event?: string,
): Promise<string | undefined> {
  if (!world.stdin.isTerminal || !world.stderr.isTerminal) return undefined;
  const { canPick, pickValue } = await import("./pick_value.ts");
  return canPick(globals, world) ? await pickValue({ kind, event }, createContext(globals, world)) : undefined;
}

/** Prints an answer that nothing more could be made of. What was asked for is done all the same. */
async function showAsItCame(context: Context, { message, text, data }: UnexpectedAnswerError): Promise<number> {
  await context.print({ text, data });
  await context.note(`${message}; it is shown as it came, and what was asked for has been done`);
  return 0;
}

/**
 * The context of a command, with settings and client made when they are first asked for.
 *
 * @param options.notesAreJson notes are objects too, beside those of the progress
 * @param options.name the command's
 * @param options.heading what a report says of where it comes from; the project is that of the settings, where they were needed
 */
export function createContext(
  globals: GlobalFlags,
  world: World,
  { notesAreJson = false, name = "", heading }: {
    notesAreJson?: boolean;
    name?: string;
    heading?: (projectId: string | undefined) => Promise<Heading>;
  } = {},
): Context {
  let settings: Promise<ResolvedSettings> | undefined;
  let client: Promise<Client> | undefined;
  /** Once something was changed: whether to do the same again would change more. */
  let change: { isRepeatable: boolean } | undefined;
  let hasSecret = false;
  const onAnswer = (request: WireRequest) => {
    if (isChange(request)) change = { isRepeatable: request.repeatable && change?.isRepeatable !== false };
    hasSecret ||= request.makesSecret === true;
  };
  const context: Context = {
    ...world,
    globals,
    settings: () => settings ??= world.host?.settings() ?? loadSettings(context, name),
    client: () => client ??= (world.host?.client() ?? loadClient(context)).then((loaded) => watched(loaded, onAnswer)),
    async print(result) {
      if (world.host !== undefined) return await world.host.show(result);
      try {
        if (change !== undefined && context.stdout.isClosed && outputPath(context) === undefined) throw closedOutput();
        const show = () =>
          print(context, result, {
            hasSecret,
            heading: async () => await heading?.((await settings)?.projectId?.value),
          });
        const { jq } = globals;
        if (change === undefined || jq === undefined) return await show();
        await (await import("./kept_answer.ts")).keptMeanwhile(context, result.text, async () => {
          await show();
          await tellUnchosen(context, result.text, jq);
        });
      } catch (cause) {
        if (change === undefined) throw cause;
        const { keepAnswer } = await import("./kept_answer.ts");
        const error = await keepAnswer(context, result.text, cause, change.isRepeatable);
        if (error !== undefined) throw error;
      }
    },
    async note(line) {
      if (globals.quiet) return;
      const said = notesAreJson
        ? escapeJsonForTerminal(JSON.stringify({ type: "note", text: line }))
        : await fitted(cleanForTerminal(line), world.stderr);
      // expected: any fault of standard error, since the work goes on when what is said about it cannot be written
      await writeAbove(world.stderr, redact(said) + "\n").catch(() => {});
    },
    confirm: (question) => confirm(context, question),
  };
  return context;
}

/** What a change has answered is given once: where `--jq` has chosen nothing of it, it is not lost. */
async function tellUnchosen(context: Context, text: string, program: string): Promise<void> {
  const { runJq } = await import("../output/jq.ts");
  const chosen = (await runJq(text, program)).trim();
  if (text.trim() === "" || (chosen !== "" && chosen !== "null")) return;
  const answer = context.stderr.isTerminal ? cleanForTerminal(text) : text;
  await context.stderr.write(
    `What was asked for has been done; --jq chose nothing of its answer:\n${answer.trimEnd()}\n`,
  );
}

function closedOutput(): MpError {
  return new MpError("Cannot write to standard output: it is closed", {
    category: "failure",
    code: "unwritable_output",
  });
}

/** A client that tells of each request which has been answered. */
function watched(client: Client, onAnswer: (request: WireRequest) => void): Client {
  return {
    connection: client.connection,
    async send(request, options) {
      const answer = await client.send(request, options);
      onAnswer(request);
      return answer;
    },
  };
}

async function loadSettings(context: Context, command: string): Promise<ResolvedSettings> {
  const [{ resolveSettings }, { readConfig }, { configPath }] = await Promise.all([
    import("../settings/resolve.ts"),
    import("../settings/file.ts"),
    import("../settings/paths.ts"),
  ]);
  return await resolveSettings({
    flags: context.globals,
    env: context.env,
    async readConfig() {
      const config = await readConfig(configPath(context.env));
      const [word = ""] = command.split(" ");
      if (config.aliases.includes(word)) {
        await context.note(`alias.${word} in ${config.path} is not used: 'mp ${word}' is a command of its own`);
      }
      return config;
    },
    // Few secrets are with a password manager, and children cost start-up.
    runShell: async (command, options) => (await import("../runtime/shell.ts")).runShell(command, options),
    signal: context.signal,
  });
}

async function loadClient(context: Context): Promise<Client> {
  const settings = await context.settings();
  if (settings.passedOverAddress !== undefined) await context.note(settings.passedOverAddress);
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

/** @param options.hasSecret whether a file of it is for this user alone */
async function print(
  context: Context,
  result: Result,
  { hasSecret, heading }: { hasSecret: boolean; heading: () => Promise<Heading | undefined> },
): Promise<void> {
  const { printResult } = await import("../output/print.ts");
  const { globals, stdout, env } = context;
  const path = outputPath(context);
  const format = chosenFormat(context);
  if (format === "chart" && result.chart === undefined) await context.note("No values to draw: this is the table");
  const written: (string | Uint8Array)[] = [];
  const paged = path === undefined && stdout.isTerminal ? (await import("./paged.ts")).pagedOutput(context) : undefined;
  const output = path === undefined ? paged ?? stdout : {
    isTerminal: false,
    columns: () => stdout.columns(),
    write: (content: string | Uint8Array) => {
      written.push(content);
      return Promise.resolve();
    },
  };
  await printResult(output, result, {
    format: result.chart === undefined && (format ?? "chart") === "chart" ? "table" : format ?? "chart",
    jq: globals.jq,
    bom: globals.bom,
    heading: format !== undefined && REPORT_FORMATS.has(format) ? await heading() : undefined,
    // A file keeps plain text, whatever the terminal can show.
    colour: path === undefined &&
      wantsColour({ isTerminal: output.isTerminal, environment: env, refused: !globals.color }),
    onReplaced: () =>
      context.note("U+FFFD stands for half of a surrogate pair, which UTF-8 cannot have; JSON keeps it"),
    onUndrawn: (characters) =>
      context.note(
        `The picture shows ${characters} as boxes, since its font has no glyphs for them; .svg and .html do`,
      ),
  });
  if (path === undefined) return await paged?.end();
  await writingFile(path, writeFileAtomically(path, joined(written), { mode: hasSecret ? 0o600 : undefined }));
  await context.note(hasSecret ? `Wrote ${path}, which only you can read` : `Wrote ${path}`);
}

/** One text, or the bytes of a format that has them. */
function joined(written: readonly (string | Uint8Array)[]): string | Uint8Array {
  const texts = written.filter((content) => typeof content === "string");
  if (texts.length === written.length) return texts.join("");
  const encoder = new TextEncoder();
  return concatenate(written.map((content) => typeof content === "string" ? encoder.encode(content) : content));
}

async function confirm(context: Context, question: string): Promise<void> {
  const { globals, stdin, stderr } = context;
  if (globals.yes || globals.dryRun) return;
  if (context.host !== undefined) return await context.host.confirm(question);
  if (!stdin.isTerminal || !stderr.isTerminal) {
    throw inputError(`Cannot go on without an answer: ${question}`, "add --yes to say so in a script", "not_confirmed");
  }
  const { ask, streams } = await (await import("./questions.ts")).loadQuestions();
  const answer = await ask.confirm({ message: cleanForTerminal(question), initialValue: false, ...streams });
  if (answer !== true) throw new MpError("Nothing was changed", { category: "interrupted", code: "not_confirmed" });
}

/** The text behind `@file` or `-`. */
async function readSource(source: string, flag: string, world: World): Promise<string> {
  if (source === "-") {
    if (world.stdin.isTerminal) {
      throw inputError(`Cannot use ${flag} -: nothing is piped in`, undefined, "no_input");
    }
    return await new Response(world.stdin.stream()).text();
  }
  const { readNamedFile } = await import("./named_file.ts");
  return await readNamedFile(source, `use ${flag} ${JSON.stringify(`@${source}`)}`);
}
