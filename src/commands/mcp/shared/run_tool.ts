/** Runs the command behind a tool, in a world in which an agent's client stands where a terminal would. */
import { isChange } from "../../../client/doubt.ts";
import { redact } from "../../../client/redact.ts";
import type { Client } from "../../../client/types.ts";
import type { CommandHost, Context, World } from "../../../cli/context.ts";
import { runCommand } from "../../../cli/run_command.ts";
import { inputError, MpError } from "../../../errors.ts";
import { RpcError } from "../../../mcp/rpc.ts";
import type { McpAnswer, McpToolCall } from "../../../mcp/service.ts";
import { cleanForTerminal } from "../../../output/clean.ts";
import type { Output } from "../../../runtime/standard_streams.ts";
import { shellWord } from "../../../runtime/shell_word.ts";
import { isObject } from "../../../streams/json/is_object.ts";
import type { Answers } from "./answers.ts";
import { inTools } from "./hints.ts";
import { shownResult } from "./shown_answer.ts";
import type { LoadedToolCommand, Tool } from "./tool.ts";

export interface ToolRun {
  tool: Tool;
  target: LoadedToolCommand;
  /** The words after the command's name. */
  words: readonly string[];
  search?: string;
  call: McpToolCall;
}

/** @throws MpError as the command does. */
export async function runTool(context: Context, answers: Answers, run: ToolRun): Promise<McpAnswer> {
  const { tool, target, call } = run;
  const said: string[] = [];
  const shown: McpAnswer[] = [];
  const host: CommandHost = {
    settings: () => context.settings(),
    client: async () => forCall(await context.client(), tool, call.signal),
    async show(result) {
      // Its data alone, where rows would hide what was asked for.
      const whole = target.isJson ? { text: result.text, data: result.data, isText: true } : result;
      shown.push(await shownResult(tool.name, whole, { search: run.search, answers }));
    },
    confirm: (question) => confirmed(question, target.name, run),
  };
  const world: World = {
    stdin: { isTerminal: false, stream: () => new Blob([]).stream() },
    stdout: lineOutput((line) => void shown.push({ text: redact(line) })),
    stderr: lineOutput((line) => heard(line, call, said)),
    env: context.env,
    clock: context.clock,
    signal: AbortSignal.any([context.signal, call.signal]),
    host,
  };
  // As a table, so that the command makes rows; what it writes into a file is named by the file.
  const format = target.command.output === "own" ? [] : ["--format=table"];
  const code = await runCommand(target.name, target.command, [...format, ...run.words], world);
  const [resource] = shown.flatMap((one) => one.resource ?? []);
  const text = [...shown.map((one) => one.text), ...said.map(inTools)].join("\n");
  return {
    text: text === "" ? "Done." : text,
    // Done in part: the notes say what was not.
    ...code !== 0 && { isError: true },
    ...resource !== undefined && { resource },
  };
}

/** The client that all calls share, whose requests end with this one. A tool that reads changes nothing, whatever it runs. */
function forCall(client: Client, { name, effect }: Tool, signal: AbortSignal): Client {
  return {
    connection: client.connection,
    async send(request, options = {}) {
      if (effect === "reads" && isChange(request)) {
        throw new Error(`${name} must not send ${request.method} ${request.path}`);
      }
      const signals = options.signal === undefined ? [signal] : [signal, options.signal];
      return await client.send(request, { ...options, signal: AbortSignal.any(signals) });
    },
  };
}

async function confirmed(question: string, command: string, { words, call }: ToolRun): Promise<void> {
  const typed = ["mp", ...command.split(" "), ...words.filter((word) => word !== "--")].map(shellWord).join(" ");
  if (!call.canAsk) throw unasked(question, "this client cannot ask its user (it has no elicitation)", typed);
  const isConfirmed = await call.confirm(cleanForTerminal(question)).catch((error) => {
    if (!(error instanceof RpcError) || call.signal.aborted) throw error;
    throw unasked(question, `the client could not ask its user (${error.message})`, typed);
  });
  if (isConfirmed) return;
  throw new MpError("Nothing was changed: the user said no", { category: "interrupted", code: "not_confirmed" });
}

function unasked(question: string, why: string, typed: string): MpError {
  return inputError(
    `Cannot go on without an answer: ${question}`,
    `${why}; the user can type: ${typed}`,
    "not_confirmed",
  );
}

/** What a command says beside its result: progress, which is passed on, and notes. */
function heard(line: string, call: McpToolCall, said: string[]): void {
  const told = line.startsWith("{") ? objectOf(line) : undefined;
  if (told === undefined) said.push(line);
  else if (told.type === "note") said.push(String(told.text));
  else if (told.type === "summary") said.push(summaryOf(told));
  else if (told.type === "progress") {
    call.progress({
      done: Number(told.records ?? 0),
      total: isObject(told.total) && typeof told.total.records === "number" ? told.total.records : undefined,
      message: String(told.label ?? ""),
    });
  } else if (told.type === "part") call.log("debug", line);
  if (told === undefined || told.type === "note") call.log("info", line);
}

function objectOf(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isObject(value) ? value : undefined;
  } catch {
    // expected: a line that only looks like JSON, which is told as it is
    return undefined;
  }
}

function summaryOf({ records, bytes, from_date, to_date }: Readonly<Record<string, unknown>>): string {
  return `Exported ${records} events of ${from_date} to ${to_date}, ${bytes} bytes.`;
}

/** An output that gives away whole lines. */
function lineOutput(onLine: (line: string) => void): Output {
  const decoder = new TextDecoder();
  let pending = "";
  return {
    isTerminal: false,
    columns: () => 80,
    write(content) {
      pending += typeof content === "string" ? content : decoder.decode(content, { stream: true });
      const all = pending.split("\n");
      pending = all.pop() ?? "";
      for (const line of all) if (line.trim() !== "") onLine(cleanForTerminal(line));
      return Promise.resolve();
    },
  };
}

/** An error in words for a model: what failed, what the server said, what to do. */
export function errorAnswer(error: MpError): McpAnswer {
  const lines = [error.message];
  if (error.serverMessage !== undefined && !error.message.includes(error.serverMessage)) {
    lines.push(`Mixpanel says: ${error.serverMessage}`);
  }
  if (error.hint !== undefined) lines.push(`What to do: ${error.hint}`);
  return { text: inTools(redact(cleanForTerminal(lines.join("\n")))), isError: true };
}
