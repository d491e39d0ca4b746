/**
 * A definition as a TOML file: people read it, change it, and see its differences line by line. JSON of Mixpanel's that is
 * nested and has nulls, such as a report's parameters, is a text of several lines, since TOML has no null.
 */
import type { z } from "zod";
import { checkAgainst } from "../../api/request.ts";
import { inputError } from "../../errors.ts";
import { isObject } from "../../streams/json/is_object.ts";
import { faultOfJson, parseJson } from "../../streams/json/json.ts";
import { parseToml, printToml, tomlFault, type TomlTable } from "../../streams/toml.ts";
import type { DefinitionFields, PlanDefinition } from "./definition.ts";

/** What the files of a kind hold. */
export interface FileForm {
  kind: string;
  /** DefinitionFields that are JSON of Mixpanel's. */
  jsonFields: readonly string[];
  /** All fields that a file may have besides its name; one that is not among them is a mistake. */
  fields: readonly string[];
  /** Fields that are only for the folder: no project has them, and they are never sent. */
  localFields?: readonly string[];
  /** What fields must be that servers do not check, or never see. */
  shape?: z.ZodObject;
  /** Values that things have unless somebody changes them: they say the same as nothing. */
  usual?: DefinitionFields;
  /** Fields that servers fill in: one that a plan does not have is no difference, whatever the project has. */
  filledIn?: readonly string[];
  /** Fields in one form, however they are said. Default: those that say something. */
  normal?(fields: DefinitionFields): DefinitionFields;
}

/** The text of a definition's file. */
export function definitionText({ name, number, fields }: PlanDefinition, { jsonFields }: FileForm): string {
  return printToml({ name, ...(number === undefined ? {} : { number }), ...fields }, jsonFields);
}

/**
 * Reads a definition's file.
 *
 * @param path for messages
 * @throws MpError (input) when it is not TOML, has no name, a field that its kind does not have, or one that is not what it
 *   must be
 */
export function readDefinition(text: string, path: string, form: FileForm): PlanDefinition {
  const { name, number, ...rest } = parsed(text, path);
  if (typeof name !== "string" || name === "") {
    throw inputError(`Cannot read ${path}: it has no name`, 'begin it with name = "…"', "bad_plan");
  }
  if (number !== undefined && (!Number.isSafeInteger(number) || Number(number) < 2)) {
    throw inputError(`Cannot read ${path}: number is ${number}, not 2 or more`, undefined, "bad_plan");
  }
  const known = [...form.fields, ...form.localFields ?? []];
  const unknown = Object.keys(rest).find((key) => !known.includes(key));
  if (unknown !== undefined) {
    throw inputError(
      `Cannot read ${path}: there is no field ${JSON.stringify(unknown)}`,
      `the fields are name, ${known.join(", ")}`,
      "bad_plan",
    );
  }
  const fields = Object.fromEntries(
    Object.entries(rest).map(([key, value]) => [key, withJson(value, key, path, form.jsonFields)]),
  );
  if (form.shape !== undefined) checkAgainst(form.shape, fields, `read ${path}`, (key) => key);
  return { kind: form.kind, name, ...(number === undefined ? {} : { number: Number(number) }), fields };
}

/**
 * The file's name, without folder: the words of the name, as every file system takes them.
 *
 * @param isTaken asked for names in small letters
 */
export function definitionFileName(name: string, isTaken: (fileName: string) => boolean): string {
  const words = name.normalize("NFKD").toLowerCase().replace(/[^a-z0-9]+/g, "-").slice(0, 60).replace(/^-+|-+$/g, "");
  const stem = words === "" ? "unnamed" : RESERVED.test(words) ? `${words}-` : words;
  for (let number = 1;; number++) {
    const fileName = `${stem}${number === 1 ? "" : `-${number}`}.toml`;
    if (!isTaken(fileName)) return fileName;
  }
}

/** Names that Windows keeps for devices. */
const RESERVED = /^(?:con|prn|aux|nul|com\d|lpt\d)$/;

/** JSON fields as values, at any depth. */
function withJson(value: unknown, key: string, path: string, jsonFields: readonly string[]): unknown {
  if (jsonFields.includes(key)) return json(value, key, path);
  if (Array.isArray(value)) return value.map((one) => withJson(one, "", path, jsonFields));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([inner, one]) => [inner, withJson(one, inner, path, jsonFields)]),
  );
}

function json(value: unknown, key: string, path: string): unknown {
  if (typeof value !== "string") {
    throw inputError(`Cannot read ${path}: ${key} is not a text of JSON`, `write ${key} = ''' {…} '''`, "bad_plan");
  }
  try {
    return parseJson(value);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw inputError(`Cannot read ${path}: ${key}: ${faultOfJson(error)}`, undefined, "bad_plan");
  }
}

function parsed(text: string, path: string): TomlTable {
  try {
    return parseToml(text);
  } catch (error) {
    const fault = tomlFault(error);
    if (fault === undefined) throw error;
    throw inputError(
      `Cannot read ${path}: line ${fault.line}, column ${fault.column}: ${fault.reason}`,
      undefined,
      "bad_plan",
    );
  }
}
