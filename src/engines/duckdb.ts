/** DuckDB, by its executable: the file is opened to be read, and rows come as lines of JSON. */
import { oneLine } from "../client/wording.ts";
import { MpError } from "../errors.ts";
import { fileInfo } from "../runtime/files/files.ts";
import { platform } from "../runtime/process.ts";
import { programOutput } from "../runtime/program_output.ts";
import { parseJson, stringifyJson } from "../streams/json/json.ts";
import type { Engine, EngineColumn, EngineOptions } from "./engine.ts";
import type { EngineAddress } from "./engine_address.ts";
import { typedRows } from "./engine_values.ts";

const PROGRAM = "duckdb";

/** Between the description of the answer and the answer. */
const MARK = "mp_rows_follow";

/** @throws MpError (not_found) when there is no such file */
export async function openDuckDb(address: EngineAddress, { table, env }: EngineOptions): Promise<Engine> {
  const { file = "", shown } = address;
  const error = (state: string, category: MpError["category"], code: string, hint?: string) =>
    new MpError(`Cannot ask ${shown}: ${state}`, { category, code, hint });
  if ((await fileInfo(file))?.isFolder !== false) {
    throw error(`there is no file ${JSON.stringify(file)}`, "not_found", "no_file", "write it as duckdb:FILE?table");
  }

  /** The lines of JSON that statements print. */
  async function lines(statements: string, signal: AbortSignal): Promise<Record<string, unknown>[]> {
    // Settings of the user's own would print too. What begins with a point would be a command of the program's.
    const noSettings = ["-init", platform() === "win32" ? "NUL" : "/dev/null"];
    const utc = ["-cmd", "SET TimeZone = 'UTC'"];
    const args = ["-batch", "-bail", "-readonly", ...noSettings, ...utc, "-jsonlines", file, "-c", statements];
    const output = await programOutput(PROGRAM, args, { env, signal }).catch((cause) => {
      if (!["E2BIG", "ENAMETOOLONG"].includes((cause as { code?: string })?.code ?? "")) throw cause;
      throw error(
        `the statement is too long to be given to ${PROGRAM}`,
        "input",
        "long_statement",
        "ask with fewer values, or run what 'mp sql --engine duckdb' prints",
      );
    });
    if (output === undefined) {
      throw error(
        `there is no program ${PROGRAM} in the PATH`,
        "failure",
        "no_duckdb",
        "install it: https://duckdb.org/docs/installation, or 'pip install duckdb-cli'",
      );
    }
    if (output.code !== 0) throw refusal(output.stderr || output.stdout);
    return output.stdout.split("\n").filter((line) => line.trim() !== "").map(rowOf);
  }

  function rowOf(line: string): Record<string, unknown> {
    // What is no number is written as no JSON has it.
    const json = line.replace(
      /"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g,
      (part) => part.startsWith('"') ? part : "null",
    );
    try {
      return parseJson(json) as Record<string, unknown>;
    } catch (cause) {
      // expected: SyntaxError for what is no line of JSON
      if (!(cause instanceof SyntaxError)) throw cause;
      throw error(`${PROGRAM} printed what is no row: ${oneLine(line, 100)}`, "failure", "bad_answer");
    }
  }

  function refusal(said: string): MpError {
    const isMissing = /Table with name .* does not exist/.test(said);
    return error(
      `${isMissing ? "there is no such table" : "DuckDB refuses it"} (${
        oneLine(said.replace(/\s*\bLINE \d+:.*/s, ""))
      })`,
      isMissing ? "not_found" : "failure",
      isMissing ? "no_table" : "duckdb_error",
      hintOf(said),
    );
  }

  function hintOf(said: string): string | undefined {
    if (/Could not set lock/.test(said)) return "another program has the file open to write: end it first";
    // Its program takes files of data for a database in memory.
    if (!/in-memory database in read-only/.test(said)) return undefined;
    return `that is no database of DuckDB's; files of events are asked with --source ${JSON.stringify(file)}`;
  }

  return {
    async columns(signal): Promise<EngineColumn[]> {
      return (await lines(`DESCRIBE ${table}`, signal)).map(typeOf);
    },
    async rows(statement, signal): Promise<unknown[][]> {
      const found = await lines(`DESCRIBE ${statement}\n;\nSELECT '${MARK}' AS ${MARK};\n${statement}\n;`, signal);
      const mark = found.findIndex((row) => row[MARK] === MARK);
      const types = found.slice(0, mark).map(typeOf);
      const rows = found.slice(mark + 1).map((row) =>
        // What is JSON is printed as what it stands for.
        types.map(({ name, type }) => type === "JSON" && row[name] !== null ? stringifyJson(row[name]) : row[name])
      );
      return typedRows(rows, types.map(({ type }) => isNumeric(type)));
    },
  };
}

const typeOf = ({ column_name: name, column_type: type }: Record<string, unknown>): EngineColumn => ({
  name: String(name),
  type: String(type),
});

const isNumeric = (type: string): boolean =>
  /^(?:U?(?:TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)|FLOAT|DOUBLE|DECIMAL)(?:\(|$)/.test(type);
