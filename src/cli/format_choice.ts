/** Which format a result is printed in: by flag, by the name of the file, or by who reads it. */
import { inputError } from "../errors.ts";
import { BINARY_FORMATS, CHART_FORMATS, type Format, FORMAT_OF_ENDING, REPORT_FORMATS } from "../output/formats.ts";
import type { Command } from "./command.ts";
import type { Context } from "./context.ts";

/** What the choice depends on. */
export type FormatContext = Pick<Context, "globals" | "stdout">;

/** The file that the result goes to; undefined for standard output, which is also called `-`. */
export function outputPath({ globals }: Pick<Context, "globals">): string | undefined {
  return globals.output === "-" ? undefined : globals.output;
}

/** What follows the last point of a file's name, if it has a letter: `report.2026` has no ending. */
const ENDING = /[^/\\]\.([a-z0-9_-]*[a-z][a-z0-9_-]*)$/i;

/**
 * The format to print; undefined on a terminal, where the result itself decides: a chart, or else a table.
 *
 * @throws MpError (input) for a format that no result can be printed in, and for a file whose name says none.
 */
export function chosenFormat(context: FormatContext): Format | undefined {
  const path = outputPath(context);
  const ending = ENDING.exec(path ?? "")?.[1]?.toLowerCase() ?? "";
  const byReader = path === undefined && context.stdout.isTerminal ? undefined : "json";
  const typed = context.globals.format;
  if (typed === "parquet" || (typed === undefined && ending === "parquet")) {
    throw inputError("Cannot print this result as parquet: only exports can be written so", "use -f csv or -f jsonl");
  }
  const byEnding = FORMAT_OF_ENDING.get(ending);
  // What jq answers is written as it is.
  if (typed === undefined && ending !== "" && byEnding === undefined && context.globals.jq === undefined) {
    throw inputError(
      `Cannot write ${JSON.stringify(path)}: no format has the ending .${ending}`,
      `use ${[...FORMAT_OF_ENDING.keys()].map((known) => `.${known}`).join(", ")}, or choose with -f`,
      "bad_choice",
    );
  }
  return typed ?? byEnding ?? byReader;
}

/**
 * Refuses formats that are made of a table or a chart for what is text and stays so.
 *
 * @throws MpError (input)
 */
export function refuseReportFormat(context: FormatContext, what: string): void {
  const format = chosenFormat(context);
  if (format === undefined || !REPORT_FORMATS.has(format)) return;
  throw inputError(`Cannot write ${what} as ${format}: it is text`, "add -f json to write it as it is", "bad_choice");
}

/** Whether the server's own JSON is all that will be printed, so that its shape need not be understood. */
export function printsServerText(context: FormatContext): boolean {
  return context.globals.jq !== undefined || chosenFormat(context) === "json";
}

/** Whether the result of a command whose effect matters more was asked for, by `--format`, `--jq` or `--output`. */
export function asksForResult({ globals }: Pick<Context, "globals">): boolean {
  return globals.format !== undefined || globals.jq !== undefined || globals.output !== undefined;
}

/** Formats that are made of rows, which jq's answer has not. */
const NOT_FOR_JQ: ReadonlySet<string> = new Set<Format>(["csv", "tsv", "jsonl", "table", "chart"]);

/**
 * Proves that a result can be filtered, printed and written as it was asked for, before anything is sent for it: a jq
 * program compiles, this result can have the format, and the file can be written.
 */
export async function proveOutput(context: FormatContext, command: Pick<Command, "draws" | "output">): Promise<void> {
  if (command.output === "own") return;
  const { jq } = context.globals;
  const path = outputPath(context);
  const format = chosenFormat(context);
  if (format !== undefined && CHART_FORMATS.has(format) && command.draws !== true) {
    throw inputError("Cannot draw a chart of this result: it has no values to compare", "use -f table or -f json");
  }
  if (jq !== undefined) refuseReportFormat(context, "what --jq answers");
  if (format !== undefined && BINARY_FORMATS.has(format) && path === undefined && context.stdout.isTerminal) {
    throw inputError(`Cannot write ${format} to a terminal: it is not text`, `add -o report.${format}`, "bad_choice");
  }
  if (context.globals.bom && (jq !== undefined || (format !== "csv" && format !== "tsv"))) {
    throw inputError(
      `Cannot use --bom with ${jq !== undefined ? "--jq" : format ?? "a table"}: it is for csv and tsv`,
      "add -f csv",
      "contradiction",
    );
  }
  const typed = context.globals.format;
  if (jq !== undefined && typed !== undefined && NOT_FOR_JQ.has(typed)) {
    throw inputError(
      `Cannot use -f ${typed} with --jq: what --jq answers is written as it is`,
      typed === "csv" || typed === "tsv" ? `leave out -f, and end the program with @${typed}` : "leave one of them out",
      "bad_flags",
    );
  }
  if (jq !== undefined) await (await import("../output/jq.ts")).compileJq(jq);
  if (path === undefined) return;
  const { proveRead, proveWritable } = await import("../runtime/files/writable.ts");
  await proveWritable(path);
  await proveRead(path);
}
