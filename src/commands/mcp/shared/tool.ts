/** What a tool for agents is: commands, and which of their flags it takes. */
import type { Command, CommandModule } from "../../../cli/command.ts";
import { flagsOf, type FlagSpec } from "../../../cli/flags.ts";
import { LAST_FLAG } from "../../../cli/parse.ts";

/** A command that a tool runs. */
export interface ToolCommand {
  /** As it is typed after `mp`. */
  name: string;
  load(): Promise<CommandModule>;
  /** The inputs of the command that are arguments of the tool, named as their flags are: `from_date` is `from`. */
  takes: readonly string[];
  /** Other names for some of them, such as `id`. */
  names?: Readonly<Record<string, string>>;
  /** One argument, a list, for all that the command takes by position. */
  words?: { name: string; description: string };
  /** The answer is shown as JSON, since its rows are only an overview. */
  isJson?: true;
  /** Flags that it always gets. */
  always?: readonly string[];
}

export interface Tool {
  name: string;
  title: string;
  /** What it answers and when to use it. That names and values are data is added to each. */
  description: string;
  effect: "reads" | "writes" | "destroys";
  /** What each command is for, by the value of the argument `kind`; a tool of one command has no such argument. */
  commands: Readonly<Record<string, ToolCommand>>;
  /** Also takes `search`, a text by which rows are chosen. */
  searches?: true;
  /** Also takes `file`, the name of a file in the folder that was allowed. */
  writesFile?: true;
}

/** An argument of a tool that becomes flags of a command. */
export interface ToolArgument {
  name: string;
  spec: FlagSpec;
  isPositional: boolean;
}

export interface LoadedToolCommand extends ToolCommand {
  command: Command;
  arguments: readonly ToolArgument[];
}

/** The command with the arguments that its inputs make. */
export async function loadToolCommand(declared: ToolCommand): Promise<LoadedToolCommand> {
  const command = (await declared.load()).default as Command;
  const specs = flagsOf(command.input);
  const chosen = declared.takes.map((key): ToolArgument => {
    const spec = specs.find((one) => one.key === key);
    if (spec === undefined) throw new Error(`${declared.name} has no input ${key}`);
    const name = declared.names?.[key] ?? spec.flag.slice(2).replaceAll("-", "_");
    return { name, spec, isPositional: command.args?.includes(key) === true };
  });
  // Where the command takes --last, so does the tool: people and models say it so.
  const range = command.dateRange ? [{ name: LAST_FLAG.key, spec: LAST_FLAG, isPositional: false }] : [];
  return { ...declared, command, arguments: [...chosen, ...range] };
}
