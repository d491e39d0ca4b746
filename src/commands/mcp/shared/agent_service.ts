/** What `mp mcp` offers: the tools that are allowed, and the answers that were cut. */
import type { Context } from "../../../cli/context.ts";
import { inputError, MpError } from "../../../errors.ts";
import { RPC_ERRORS, RpcError } from "../../../mcp/rpc.ts";
import type { McpAnswer, McpService, McpTool, McpToolCall } from "../../../mcp/service.ts";
import { unexpectedError } from "../../../runtime/files/file_faults.ts";
import { nearest } from "../../../streams/nearest.ts";
import { VERSION } from "../../../version.ts";
import type { Answers } from "./answers.ts";
import { newFileIn } from "./export_file.ts";
import { INSTRUCTIONS } from "./instructions.ts";
import { errorAnswer, runTool } from "./run_tool.ts";
import { SHOWN_ROWS, shownPart } from "./shown_answer.ts";
import { type LoadedToolCommand, loadToolCommand, type Tool } from "./tool.ts";
import { FILE, KIND, listedTool, SEARCH } from "./tool_schema.ts";
import { noSuchArgument, toolWords } from "./tool_words.ts";
import { TOOLS } from "./tools.ts";

export interface AgentRights {
  allowWrites: boolean;
  /** The folder for exports; without it there are none. */
  files?: string;
}

const MOST_ROWS_AT_ONCE = 200;

const READ_ANSWER: McpTool = {
  name: "read_answer",
  title: "More of an answer",
  description: "Further rows of an answer that was cut. Costs no query.",
  inputSchema: {
    type: "object",
    properties: {
      answer: { type: "integer", description: "The number of the answer" },
      from: { type: "integer", minimum: 1, default: 1, description: "The first row" },
      rows: { type: "integer", minimum: 1, maximum: MOST_ROWS_AT_ONCE, default: SHOWN_ROWS, description: "How many" },
    },
    required: ["answer"],
    additionalProperties: false,
  },
  annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: false },
};

export function agentService(context: Context, answers: Answers, rights: AgentRights): McpService {
  const refusal = (tool: Tool) => refusalOf(tool, rights);
  const loaded = new Map<Tool, Promise<Map<string, LoadedToolCommand>>>();
  const load = (tool: Tool) => {
    if (!loaded.has(tool)) loaded.set(tool, commandsOf(tool));
    return loaded.get(tool)!;
  };
  return {
    name: "mp",
    title: "Mixpanel (mp)",
    version: VERSION,
    instructions: INSTRUCTIONS,
    async tools() {
      const allowed = TOOLS.filter((tool) => refusal(tool) === undefined);
      const listed = await Promise.all(allowed.map(async (tool) => listedTool(tool, await load(tool))));
      return [...listed, READ_ANSWER];
    },
    async call(call) {
      const tool = TOOLS.find(({ name }) => name === call.name);
      if (tool === undefined && call.name !== READ_ANSWER.name) throw noSuchTool(call.name);
      try {
        if (tool === undefined) return await readAnswer(answers, call.arguments);
        const refused = refusal(tool);
        if (refused !== undefined) throw refused;
        return await callTool(context, answers, { tool, commands: await load(tool), call, files: rights.files });
      } catch (error) {
        if (call.signal.aborted) throw error;
        return errorAnswer(error instanceof MpError ? error : unexpectedError(error));
      }
    },
    resources: () => answers.resources(),
    resourceTemplates: () => [{
      uriTemplate: "mp://answers/{answer}",
      name: "answer",
      description: "The whole of an answer that was cut, as JSON",
      mimeType: "application/json",
    }],
    async read(uri) {
      try {
        return { mimeType: "application/json", text: await answers.read(uri) };
      } catch (error) {
        if (!(error instanceof MpError)) throw error;
        throw new RpcError(RPC_ERRORS.invalidParams, errorAnswer(error).text, { uri });
      }
    },
  };
}

async function commandsOf(tool: Tool): Promise<Map<string, LoadedToolCommand>> {
  const entries = Object.entries(tool.commands).map(async ([kind, command]) =>
    [kind, await loadToolCommand(command)] as const
  );
  return new Map(await Promise.all(entries));
}

/** Why a tool is not offered; undefined for one that is. */
function refusalOf({ name, effect, writesFile }: Tool, { allowWrites, files }: AgentRights): MpError | undefined {
  if (effect !== "reads" && !allowWrites) {
    return inputError(
      `Cannot call ${name}: this server only reads`,
      "the user can start it with 'mp mcp --allow-writes'",
      "read_only",
    );
  }
  if (!writesFile || files !== undefined) return undefined;
  return inputError(
    `Cannot call ${name}: this server may write no files`,
    "the user can start it with 'mp mcp --files FOLDER'",
    "no_files",
  );
}

interface ChosenTool {
  tool: Tool;
  commands: ReadonlyMap<string, LoadedToolCommand>;
  call: McpToolCall;
  files?: string;
}

async function callTool(
  context: Context,
  answers: Answers,
  { tool, commands, call, files }: ChosenTool,
): Promise<McpAnswer> {
  const given: Record<string, unknown> = { ...call.arguments };
  const take = (name: string, isTaken: boolean): unknown => {
    const value = given[name];
    if (isTaken) delete given[name];
    return isTaken ? value : undefined;
  };
  const target = chosen(tool, commands, take(KIND, commands.size > 1));
  const search = take(SEARCH, tool.searches === true);
  const file = take(FILE, tool.writesFile === true);
  if (search !== undefined && typeof search !== "string") {
    throw inputError(`Cannot call ${tool.name}: search must be a text`, undefined, "bad_argument");
  }
  const words = toolWords(tool.name, target, given);
  const output = tool.writesFile ? [`--output=${await newFileIn(files!, file)}`] : [];
  const answer = await runTool(context, answers, { tool, target, words: [...output, ...words], search, call });
  return tool.writesFile
    ? { ...answer, text: `${answer.text}\nThe file is ${output[0]!.slice("--output=".length)}` }
    : answer;
}

function chosen(tool: Tool, commands: ReadonlyMap<string, LoadedToolCommand>, kind: unknown): LoadedToolCommand {
  const [only] = commands.values();
  if (commands.size === 1) return only!;
  const command = commands.get(String(kind));
  if (command !== undefined) return command;
  const kinds = [...commands.keys()];
  const near = kind === undefined ? undefined : nearest(String(kind), kinds);
  throw inputError(
    `Cannot call ${tool.name}: ${kind === undefined ? "kind is missing" : `there is no kind ${JSON.stringify(kind)}`}`,
    near === undefined ? `kind is one of ${kinds.join(", ")}` : `did you mean ${JSON.stringify(near)}?`,
    "bad_argument",
  );
}

async function readAnswer(answers: Answers, given: Readonly<Record<string, unknown>>): Promise<McpAnswer> {
  const known = ["answer", "from", "rows"];
  const unknown = Object.keys(given).find((name) => !known.includes(name));
  if (unknown !== undefined) throw noSuchArgument(READ_ANSWER.name, unknown, known);
  const whole = (name: string, usual: number) => {
    const value = Number(given[name] ?? usual);
    if (Number.isSafeInteger(value) && value >= 1) return value;
    throw inputError(`Cannot call read_answer: ${name} must be a number from 1 on`, undefined, "bad_argument");
  };
  const from = whole("from", 1);
  const count = Math.min(whole("rows", SHOWN_ROWS), MOST_ROWS_AT_ONCE);
  const { answer, rows } = await answers.rows(whole("answer", 0), from, count);
  if (rows.length > 0) return { text: shownPart(answer, rows, from) };
  throw inputError(
    `Cannot read row ${from} of answer ${answer.id}: it has ${answer.rowCount} rows`,
    answer.rowCount === 0 ? `read the resource mp://answers/${answer.id}` : undefined,
    "not_found",
  );
}

function noSuchTool(name: string): RpcError {
  const names = [...TOOLS.map((tool) => tool.name), READ_ANSWER.name];
  const near = nearest(name, names);
  const hint = near === undefined ? `the tools are ${names.join(", ")}` : `did you mean ${near}?`;
  return new RpcError(RPC_ERRORS.invalidParams, `There is no tool ${JSON.stringify(name)}: ${hint}`);
}
