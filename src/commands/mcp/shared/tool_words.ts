/** From the arguments of a tool to the words of a command line, so that both are read by one reader. */
import { type FlagSpec, hasNegation } from "../../../cli/flags.ts";
import { inputError } from "../../../errors.ts";
import { stringifyJson } from "../../../streams/json/json.ts";
import { nearest } from "../../../streams/nearest.ts";
import type { LoadedToolCommand, ToolArgument } from "./tool.ts";

/**
 * The words for a command. A value can never be taken for a flag, nor for the name of a file: each is behind its own flag
 * or behind `--`, and JSON is written again.
 *
 * @param given without what the tool itself takes, such as `kind`
 * @throws MpError (input) that names the argument, with the nearest one that exists.
 */
export function toolWords(tool: string, target: LoadedToolCommand, given: Readonly<Record<string, unknown>>): string[] {
  const { words, arguments: known } = target;
  const names = [...known.map(({ name }) => name), ...words === undefined ? [] : [words.name]];
  const unknown = Object.keys(given).find((name) => !names.includes(name));
  if (unknown !== undefined) throw noSuchArgument(tool, unknown, names);
  const flags: string[] = [...target.always ?? []];
  const positional = new Map<string, string[]>();
  for (const argument of known) {
    const value = given[argument.name];
    if (value === undefined || value === null) continue;
    if (argument.isPositional) positional.set(argument.spec.key, textsOf(tool, argument, value));
    else flags.push(...flagWords(tool, argument, value));
  }
  const inOrder = words === undefined || given[words.name] === undefined
    ? positionalWords(tool, target, positional)
    : list(tool, words.name, given[words.name]);
  return [...flags, "--", ...inOrder];
}

/**
 * Words have only their place. As the reader of arguments gives them theirs: required ones have one each, and what is left
 * goes to the optional ones in their order.
 */
function positionalWords(tool: string, target: LoadedToolCommand, given: ReadonlyMap<string, string[]>): string[] {
  const keys = target.command.args ?? [];
  const argumentOf = (key: string) => target.arguments.find(({ spec }) => spec.key === key);
  const isRequired = (key: string) => argumentOf(key)?.spec.required === true;
  let spare = given.size - keys.filter(isRequired).length;
  const places = keys.filter((key) => isRequired(key) || spare-- > 0).slice(0, given.size);
  const absent = keys.find((key) => (isRequired(key) || places.includes(key)) && !given.has(key));
  if (absent !== undefined) {
    const name = argumentOf(absent)?.name ?? absent;
    throw inputError(`Cannot call ${tool}: ${name} is missing`, undefined, "missing_argument");
  }
  return keys.flatMap((key) => given.get(key) ?? []);
}

function flagWords(tool: string, argument: ToolArgument, value: unknown): string[] {
  const { spec } = argument;
  if (spec.kind === "boolean") {
    if (typeof value !== "boolean") throw wrongType(tool, argument.name, value, "true or false");
    if (value) return spec.defaultValue === true ? [] : [spec.flag];
    return spec.defaultValue === true || hasNegation(spec) ? [spec.flag.replace("--", "--no-")] : [];
  }
  return textsOf(tool, argument, value).map((text) => `${spec.flag}=${text}`);
}

function textsOf(tool: string, { name, spec }: ToolArgument, value: unknown): string[] {
  if (spec.kind === "list") return list(tool, name, value);
  if (spec.kind === "json" || spec.kind === "json_text") return [jsonOf(tool, name, value)];
  return [plain(tool, name, value, wantedOf(spec))];
}

/** A model may give a list of one as it is. */
function list(tool: string, name: string, value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).map((one) => plain(tool, name, one, "a list of texts"));
}

function jsonOf(tool: string, name: string, value: unknown): string {
  if (typeof value === "object") return stringifyJson(value);
  throw wrongType(tool, name, value, "an object");
}

function plain(tool: string, name: string, value: unknown, wanted: string): string {
  if (typeof value === "string" && value.includes("\0")) throw wrongType(tool, name, value, "a text without NUL");
  if (["string", "number", "bigint"].includes(typeof value)) return String(value);
  throw wrongType(tool, name, value, wanted);
}

const wantedOf = ({ kind }: FlagSpec): string => kind === "number" ? "a number" : "a text";

function wrongType(tool: string, name: string, value: unknown, wanted: string): Error {
  const shown = stringifyJson(value) ?? String(value);
  return inputError(
    `Cannot call ${tool}: ${name} must be ${wanted}, not ${shown.length > 80 ? shown.slice(0, 79) + "…" : shown}`,
    undefined,
    "bad_argument",
  );
}

export function noSuchArgument(tool: string, name: string, known: readonly string[]): Error {
  const near = nearest(name, known);
  return inputError(
    `Cannot call ${tool}: there is no argument ${JSON.stringify(name)} here`,
    near === undefined ? `the arguments are ${known.join(", ")}` : `did you mean ${JSON.stringify(near)}?`,
    "bad_argument",
  );
}
