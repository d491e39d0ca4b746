/** What a command file declares. The router, the help and the generated reference all read it. */
import type { z } from "zod";
import type { Operation } from "../api/operation.ts";
import type { Context, World } from "./context.ts";

/** A line that can be typed, and what it is for. Every one of them is run against the sandbox by the tests. */
export interface Example {
  text: string;
  /** The command line, beginning with `mp`. */
  run: string;
}

export interface Command<Input extends z.ZodObject = z.ZodObject> {
  /** One line, without a final period. Default: the operation's; for a command at the root, the tree's. */
  summary?: string;
  /** Paragraphs for `--help`, after the usage line. */
  description?: string;
  examples: readonly Example[];
  /** The operations that it calls: they are named in `mp api --list` and checked for deprecation. */
  operations?: readonly Operation[];
  /** Input names that are positional, in order. The last may be a list. An optional one is shown in brackets. */
  args?: readonly string[];
  /** Flags and positional arguments: the name in kebab case, help and reading from the metadata of `api/params.ts`. */
  input: Input;
  /** Whether its result has a chart. */
  draws?: boolean;
  /**
   * Who sees to `--format`, `--output` and `--jq`. Default: they are for its result, and proven before it runs. `own`: it
   * writes by rules of its own, and proves them itself.
   */
  output?: "own";
  /** `none`: no global flag means anything to it, and its help names none. */
  globals?: "none";
  /** Settings that the input itself names, such as the project in an address. What was typed as a flag must be the same. */
  scope?(input: z.output<Input>): { project?: string; workspace?: string; region?: "us" | "eu" | "in" };
  /** Also take `--last 30d` in place of `--from` and `--to` (inputs `from_date` and `to_date`). */
  dateRange?: boolean;
  /**
   * Returns an exit code; nothing means 0.
   *
   * @param typedDays how the days of a command with `dateRange` were named, where they were: `last 30d`, `7d to today`
   */
  run(context: Context, input: z.output<Input>, typedDays?: string): Promise<number | void>;
  /**
   * Tells whatever failed, wrong arguments included, and returns the exit code: for a command whose exit codes are others
   * than everybody's. Default: an error in words, and the exit code of its category.
   */
  failed?(error: unknown, argv: readonly string[], world: World): Promise<number>;
}

/** Declares a command. It only gives the declaration its precise type. */
export function command<Input extends z.ZodObject>(declaration: Command<Input>): Command<Input> {
  return declaration;
}

/** A command module as the router imports it. */
export interface CommandModule {
  // deno-lint-ignore no-explicit-any -- each command has an input type of its own
  default: Command<any>;
}

/** The verbs of a group, of one word or two (`tags list`), each loaded when it is used. */
export type Group = Readonly<Record<string, () => Promise<CommandModule>>>;

/** Something at the first level of what can be typed: a command or a group of commands. */
export type NamedEntry =
  & { name: string; summary: string }
  & ({ command: () => Promise<CommandModule> } | { group: () => Promise<{ group: Group }> });

/** The same with what people want to do: the heading in `mp --help`. */
export type Entry = NamedEntry & { section: string };
