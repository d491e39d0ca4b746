/** Files of many things to write: JSON, JSON Lines or CSV. */
import type { Context } from "../../../cli/context.ts";
import { readNamedFile } from "../../../cli/named_file.ts";
import { inputError } from "../../../errors.ts";
import { parseJson } from "../../../streams/json/json.ts";

/** The text of a file; `-` is standard input. */
export async function readContent(context: Pick<Context, "stdin">, file: string): Promise<string> {
  if (file === "-") return await new Response(context.stdin.stream()).text();
  return await readNamedFile(file);
}

/**
 * The entries of a JSON text, or one a line.
 *
 * @param listOf the entries of a value that is no list
 */
export function readJsonEntries(content: string, file: string, listOf: (value: unknown) => unknown[]): unknown[] {
  let value: unknown;
  try {
    value = parseJson(content);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const lines = content.split("\n").map((line) => line.trim()).filter((line) => line !== "");
    return lines.map((line, index) => parseLine(line, file, index + 1));
  }
  return Array.isArray(value) ? value : listOf(value);
}

function parseLine(line: string, file: string, number: number): unknown {
  try {
    return parseJson(line);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw inputError(`Cannot read ${file}: line ${number} is not JSON`, undefined, "bad_json");
  }
}
