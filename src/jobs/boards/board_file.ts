/** Board documents as files: JSON, or TOML for people, in which what reports ask is JSON text. */
import { checkAgainst } from "../../api/request.ts";
import { inputError } from "../../errors.ts";
import { isObject } from "../../streams/json/is_object.ts";
import { faultOfJson, parseJson, stringifyJson } from "../../streams/json/json.ts";
import { parseToml, printToml, tomlFault } from "../../streams/toml.ts";
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
    throw inputError(`Cannot ${action}: ${faultOfJson(error)}`, undefined, "bad_board");
  }
}

function tomlIn(text: string, action: string): unknown {
  try {
    return parseToml(text);
  } catch (error) {
    const fault = tomlFault(error);
    if (fault === undefined) throw error;
    throw inputError(
      `Cannot ${action}: line ${fault.line}, column ${fault.column}: ${fault.reason}`,
      undefined,
      "bad_board",
    );
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

/** What says nothing is left out: a field that is not there is its default. */
function toml({ filters, breakdowns, time_filter, ...board }: BoardDocument): string {
  return printToml({
    ...board,
    ...(filters.length > 0 && { filters }),
    ...(breakdowns.length > 0 && { breakdowns }),
    ...(time_filter !== null && { time_filter }),
  }, AS_JSON);
}
