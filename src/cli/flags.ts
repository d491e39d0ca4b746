/** From a zod object to flags: names, kinds, help and reading, so that no flag is written by hand. */
import type { z } from "zod";
import { kebabCase, paramNames } from "../api/operation.ts";
import { listedBy, type LiveKind, type ParamMeta, paramMeta } from "../api/params.ts";

/** What a flag's text becomes. */
export type FlagKind = "boolean" | "number" | "text" | "list" | "json" | "json_text" | "day" | "moment" | "expression";

/** A flag or positional argument, as the parser and the help see it. */
export interface FlagSpec {
  /** Key in the input object. */
  key: string;
  /** With dashes: `--from`. */
  flag: string;
  short?: string;
  /** Earlier names, with dashes, which are accepted with a note. */
  aliases: readonly string[];
  kind: FlagKind;
  /** What stands for the value in help; empty for a boolean. */
  placeholder: string;
  description: string;
  required: boolean;
  defaultValue?: unknown;
  choices?: readonly string[];
  /** What of the project can stand here, for completion and lists to pick from. */
  completes?: LiveKind;
  /** The command that lists what can stand here. */
  listedBy?: string;
}

interface Definition {
  type: string;
  innerType?: z.ZodType;
  in?: z.ZodType;
  defaultValue?: unknown;
  entries?: Record<string, string>;
  element?: z.ZodType;
}

const PLACEHOLDERS: Record<FlagKind, string> = {
  boolean: "",
  number: "N",
  text: "TEXT",
  list: "TEXT",
  json: "JSON",
  json_text: "JSON",
  day: "DAY",
  moment: "TIME",
  expression: "EXPR",
};

/** The flags of an input schema, in the order of its declaration. */
export function flagsOf(input: z.ZodObject): FlagSpec[] {
  return Object.entries(input.shape as Record<string, z.ZodType>).map(([key, schema]) => flagOf(key, schema));
}

/** Whether `--no-x` stands beside `--x`: for a boolean whose absence means neither. */
export function hasNegation(spec: FlagSpec): boolean {
  return spec.kind === "boolean" && spec.defaultValue === undefined;
}

function flagOf(key: string, schema: z.ZodType): FlagSpec {
  const meta = paramMeta(schema);
  const { core, required, defaultValue } = unwrap(schema);
  const kind = kindOf(core, meta);
  const choices = core.type === "enum" ? Object.values(core.entries ?? {}) : undefined;
  return {
    key,
    flag: paramNames(key, schema).flag,
    short: meta.short,
    aliases: (meta.aliases ?? []).map((name) => `--${name}`),
    kind,
    placeholder: kind === "boolean" ? "" : meta.placeholder ?? choices?.join("|") ?? PLACEHOLDERS[kind],
    description: meta.description ?? "",
    required,
    defaultValue,
    choices,
    completes: meta.completes,
    listedBy: listedBy(meta),
  };
}

function kindOf(core: Definition, meta: ParamMeta): FlagKind {
  if (meta.input !== undefined) return meta.input;
  if (core.type === "boolean") return "boolean";
  if (core.type === "number") return "number";
  if (core.type === "array") {
    const element = core.element === undefined ? undefined : unwrap(core.element).core.type;
    return element === "string" || element === "enum" || element === "union" ? "list" : "json";
  }
  return core.type === "string" || core.type === "enum" || core.type === "union" ? "text" : "json";
}

/** Looks through optional, default and transforming schemas to the one that says the type. */
function unwrap(schema: z.ZodType): { core: Definition; required: boolean; defaultValue?: unknown } {
  let definition = schema.def as unknown as Definition;
  let required = true;
  let defaultValue: unknown;
  for (;;) {
    if (definition.type === "optional" || definition.type === "default" || definition.type === "nullable") {
      if (definition.type !== "nullable") required = false;
      if (definition.type === "default") defaultValue = definition.defaultValue;
      definition = definition.innerType?.def as unknown as Definition;
    } else if (definition.type === "pipe") {
      definition = definition.in?.def as unknown as Definition;
    } else return { core: definition, required, defaultValue };
  }
}

/** How a positional argument is shown. */
export function argumentName(key: string): string {
  return kebabCase(key);
}
