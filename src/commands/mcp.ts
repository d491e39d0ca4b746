/** `mp mcp`: the project for agents, by the Model Context Protocol over standard input and output. */
import { z } from "zod";
import { redact } from "../client/redact.ts";
import { command } from "../cli/command.ts";
import type { Context } from "../cli/context.ts";
import { ClosedPipeError, inputError } from "../errors.ts";
import { mcpServer } from "../mcp/server.ts";
import { cleanForTerminal } from "../output/clean.ts";
import { settlesWithin } from "../runtime/clock.ts";
import { agentService } from "./mcp/shared/agent_service.ts";
import { Answers } from "./mcp/shared/answers.ts";
import { checkFolder } from "./mcp/shared/export_file.ts";
import { refuseAlone, SOURCE_FLAGS } from "./query/shared/source_flags.ts";

/** Answers that are under way when the input ends have so long, for clients in a pipe. */
const LAST_ANSWERS_MS = 5000;

export default command({
  output: "own",
  description:
    `Serves the project to agents such as Claude, Cursor and VS Code, which start it themselves: see 'mp help agents'. It
speaks the Model Context Protocol on standard input and output, in all versions up to 2026-07-28, and ends with its input.
Any account will do, a service account too.

Tools only read, unless --allow-writes is given; then what deletes something is confirmed by the user each time, through
the client, and refused where the client cannot ask. Files are written into the folder of --files alone. Queries count
against the same limits as all mp commands do, and secrets are in no answer. Long answers are cut, and kept in a private
folder until the server ends.`,
  examples: [
    { text: "As an agent's client starts it", run: "mp mcp < /dev/null" },
    { text: "Questions asked of exported files, without an account", run: "mp mcp --source lake/ < /dev/null" },
    { text: "Of another account, with leave to change things", run: "mp mcp --allow-writes < /dev/null" },
  ],
  input: z.object({
    allow_writes: z.boolean().default(false).meta({
      description: "Also offer tools that change the project: notes, reports, descriptions, deletions",
    }),
    files: z.string().min(1).optional().meta({
      placeholder: "FOLDER",
      description: "Also offer to export events, into new files in this folder",
    }),
    source: z.string().min(1).optional().meta({
      placeholder: "PATH",
      description: "Ask these files in place of Mixpanel, as 'mp query --source' does; default MP_SOURCE",
    }),
    tz: SOURCE_FLAGS.tz,
  }),
  async run(own, { allow_writes: allowWrites, files, source, tz }) {
    refuseFlags(own);
    if (source === undefined) refuseAlone({ tz });
    // Tools run commands, which read variables as all commands do.
    const context = { ...own, env: { ...own.env, ...asVariables({ MP_SOURCE: source, MP_SOURCE_TZ: tz }) } };
    if (files !== undefined) await checkFolder(files);
    if (context.stdin.isTerminal) {
      await context.note("Waits for an agent's client; 'mp help agents' says how to set one up");
    }
    const answers = new Answers();
    const onFault = (fault: unknown) => void tellFault(context, fault);
    const server = mcpServer(agentService(context, answers, { allowWrites, files }), {
      write: (line) => context.stdout.write(line),
      onFault,
      newKey: () => crypto.randomUUID(),
    });
    const end = () => server.end(context.signal.reason);
    context.signal.addEventListener("abort", end, { once: true });
    try {
      await Promise.race([server.listen(context.stdin.stream()), aborted(context.signal)]);
      if (!context.signal.aborted) await settlesWithin(server.idle(), LAST_ANSWERS_MS);
    } finally {
      context.signal.removeEventListener("abort", end);
      server.end(new ClosedPipeError());
      await answers.close();
    }
  },
});

function asVariables(values: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Record<
    string,
    string
  >;
}

/** A server has no one result. */
function refuseFlags({ globals }: Context): void {
  const flag = globals.dryRun
    ? "--dry-run"
    : globals.jq !== undefined
    ? "--jq"
    : globals.output !== undefined
    ? "--output"
    : globals.format !== undefined
    ? "--format"
    : undefined;
  if (flag === undefined) return;
  throw inputError(`Cannot use ${flag} with mp mcp: it serves, and prints no result`, "leave it out", "bad_flags");
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

/** Nobody but the one who started the server reads standard error. */
async function tellFault({ stderr }: Context, fault: unknown): Promise<void> {
  if (fault instanceof ClosedPipeError) return;
  const words = fault instanceof Error ? fault.stack ?? fault.message : String(fault);
  // expected: any fault of standard error, since there is nowhere else to say it
  await stderr.write(redact(cleanForTerminal(`mp: ${words}\n`))).catch(() => {});
}
