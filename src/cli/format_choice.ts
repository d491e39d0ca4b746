/** Which format a result is printed in: by flag, by the name of the file, or by who reads it. */
import { inputError } from "../errors.ts";
import { type Format, FORMAT_OF_ENDING } from "../output/formats.ts";
import type { Command } from "./command.ts";
import type { Context } from "./context.ts";

/** What the choice depends on. */
export type FormatContext = Pick<Context, "globals" | "stdout">;

/** The file that the result goes to; undefined for standard output, which is also called `-`. */
export function outputPath({ globals }: Pick<Context, "globals">): string | undefined {
  return globals.output === "-" ? undefined : globals.output;
}

/**
 * The format to print; undefined on a terminal, where the result itself decides: a chart, or else a table.
 *
 * @throws MpError (input) for a format that no result can be printed in.
 */
export function chosenFormat(context: FormatContext): Format | undefined {
  const path = outputPath(context);
  const ending = /[^/\\]\.([a-z]+)$/i.exec(path ?? "")?.[1]?.toLowerCase() ?? "";
  const byReader = path === undefined && context.stdout.isTerminal ? undefined : "json";
  const typed = context.globals.format;
  if (typed === "parquet" || (typed === undefined && ending === "parquet")) {
    throw inputError("Cannot print this result as parquet: only exports can be written so", "use -f csv or -f jsonl");
  }
  return typed ?? FORMAT_OF_ENDING.get(ending) ?? byReader;
}

/** Whether the server's own JSON is all that will be printed, so that its shape need not be understood. */
export function printsServerText(context: FormatContext): boolean {
  return context.globals.jq !== undefined || chosenFormat(context) === "json";
}

/** Whether the result of a command whose effect matters more was asked for, by `--format`, `--jq` or `--output`. */
export function asksForResult({ globals }: Pick<Context, "globals">): boolean {
  return globals.format !== undefined || globals.jq !== undefined || globals.output !== undefined;
}

/**
 * Proves that a result can be filtered, printed and written as it was asked for, before anything is sent for it: a jq
 * program compiles, this result can have the format, and the file can be written.
 */
export async function proveOutput(context: FormatContext, command: Pick<Command, "draws" | "output">): Promise<void> {
  if (command.output === "own") return;
  const { jq } = context.globals;
  const path = outputPath(context);
  if (chosenFormat(context) === "chart" && command.draws !== true) {
    throw inputError("Cannot draw a chart of this result: it has no values to compare", "use -f table or -f json");
  }
  if (jq !== undefined) await (await import("../output/jq.ts")).compileJq(jq);
  if (path !== undefined) await (await import("../runtime/files/writable.ts")).proveWritable(path);
}
