/** Board documents as files: JSON, or TOML for people, in which what reports ask is JSON text. */
import { parse, stringify, TomlError } from "smol-toml";
import { checkAgainst } from "../../api/request.ts";
import { inputError } from "../../errors.ts";
import { isObject } from "../../streams/json/is_object.ts";
import { parseJson, stringifyJson } from "../../streams/json/json.ts";
import { type BoardDocument, boardDocument } from "./board_document.ts";

export type BoardFileForm = "json" | "toml";

/** By the file's name: TOML, unless it ends in `.json`. */
export const boardFileForm = (path: string): BoardFileForm => /\.json$/i.test(path) ? "json" : "toml";

export function writeBoardFile(document: BoardDocument, form: BoardFileForm): string {
  return form === "json" ? `${stringifyJson(document, 2)}\n` : toml(document);
}

/**
 * The document in a file.
 *
 * @throws MpError (input) when it is none, with the place of what is wrong
 */
export function readBoardFile(text: string, form: BoardFileForm, path: string): BoardDocument {
  const action = `read the board in ${JSON.stringify(path)}`;
  return checkAgainst(
    boardDocument,
    form === "json" ? jsonIn(text, action) : withParsedParams(tomlIn(text, action), action),
    action,
    (key) => key,
  );
}

function jsonIn(text: string, action: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw inputError(`Cannot ${action}: it is not JSON: ${error.message}`, undefined, "bad_board");
  }
}

function tomlIn(text: string, action: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const [first] = error.message.split("\n");
    throw inputError(`Cannot ${action}: line ${error.line}, column ${error.column}: ${first}`, undefined, "bad_board");
  }
}

/** Fields that are JSON text in TOML, which has no null. */
const AS_JSON = ["filters", "breakdowns", "time_filter", "params"];

function withParsedParams(value: unknown, action: string): unknown {
  if (Array.isArray(value)) return value.map((one) => withParsedParams(one, action));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => {
      const isJson = AS_JSON.includes(name) && typeof inner === "string";
      return [name, isJson ? jsonIn(inner, `${action}, ${name}`) : withParsedParams(inner, action)];
    }),
  );
}

function toml({ title, description, filters, breakdowns, time_filter, rows }: BoardDocument): string {
  const lines = [
    stringify({ title, description }).trimEnd(),
    ...(filters.length === 0 ? [] : [jsonLine("filters", filters)]),
    ...(breakdowns.length === 0 ? [] : [jsonLine("breakdowns", breakdowns)]),
    ...(time_filter === null ? [] : [jsonLine("time_filter", time_filter)]),
  ];
  for (const { height, cells } of rows) {
    lines.push("", "[[rows]]", `height = ${height}`);
    for (const cell of cells) {
      lines.push("", "[[rows.cells]]", `width = ${cell.width}`);
      if ("text" in cell) lines.push(stringify({ text: cell.text }).trimEnd());
      else {
        const { params, ...report } = cell.report;
        lines.push("", "[rows.cells.report]", stringify(report).trimEnd(), jsonLine("params", params));
      }
    }
  }
  return lines.join("\n") + "\n";
}

/** JSON over several lines, in a text without escapes, if it can stand in one. */
function jsonLine(name: string, value: unknown): string {
  const text = stringifyJson(value, 2);
  return text.includes("'''") ? stringify({ [name]: stringifyJson(value) }).trimEnd() : `${name} = '''\n${text}\n'''`;
}
