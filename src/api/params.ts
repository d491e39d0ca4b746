/**
 * The kinds of parameter that Mixpanel's endpoints take: a zod schema, and how its value is written on the wire.
 *
 * The kind travels as zod metadata, so that one declaration gives the check, the flag, the help text and the
 * encoding.
 */
import { z } from "zod";

/** How a value is written in a query string, a form or a path. In JSON bodies values are what they are. */
export type Encoding = "text" | "json" | "bit" | "truth" | "repeat";

/** What is known about a parameter besides its schema. */
export interface ParamMeta {
  /** How it is written where only text fits. Default `text`. */
  encoding?: Encoding;
  /** Name on the wire, when the parameter's own name is not it. */
  wire?: string;
  /** The flag's name, when it is not the parameter's in kebab case. */
  flag?: string;
  /** Earlier names of the flag, without dashes. They still work, with a note, and no help shows them. */
  aliases?: readonly string[];
  /** One letter for the flag. */
  short?: string;
  /** What stands for the value in help: `DAY`, `EXPR`, `N`. */
  placeholder?: string;
  /**
   * For a secret that is a parameter: the environment variable that holds it. It has no flag, which would leave it in
   * the shell's history; it comes from the variable or from `--data`, and is shown as the variable's name.
   */
  secret?: string;
  /** How a command reads the flag's text; `json_text` stays the text that it is. Default: by the schema's type. */
  input?: "day" | "moment" | "expression" | "json" | "json_text";
  /** Of a limit: how many items the server gives when nobody says, so that a list of so many may be cut. */
  usual?: number;
  /** What the project has that can stand here, for the shell's completion and for lists to pick from. */
  completes?: LiveKind;
  /** The command that lists what can stand here, where nothing completes it: `mp experiments list`. */
  lists?: string;
  /** Help text. */
  description?: string;
}

/** Names and ids that only the project knows. Properties are those of the event on the same line. */
export type LiveKind = keyof typeof LISTS;

const LISTS = {
  events: "mp events list",
  properties: "mp events properties EVENT",
  funnels: "mp funnels list",
  cohorts: "mp cohorts list",
  custom_events: "mp custom-events list",
  custom_properties: "mp custom-properties list",
  metrics: "mp metrics list",
  behaviors: "mp behaviors list",
  flags: "mp flags list",
  annotations: "mp annotations list",
  alerts: "mp alerts list",
  webhooks: "mp webhooks list",
  reports: "mp reports list",
  boards: "mp boards list",
  projects: "mp projects list",
  lexicon_tags: "mp lexicon tags list",
  drop_filters: "mp lexicon drop-filters list",
  deletion_requests: "mp lexicon deletions list",
  lookup_tables: "mp lookup-tables groups",
} as const;

/** The command that lists what can stand in a parameter's place, where there is one. */
export function listedBy({ completes, lists }: Pick<ParamMeta, "completes" | "lists">): string | undefined {
  return lists ?? (completes && LISTS[completes]);
}

/** The metadata of a schema, also when it is wrapped (`.optional()`, `.default()`). */
export function paramMeta(schema: z.ZodType): ParamMeta {
  const own = (schema.meta() ?? {}) as ParamMeta;
  const inner = (schema as unknown as { def: { innerType?: z.ZodType } }).def.innerType;
  return inner === undefined ? own : { ...paramMeta(inner), ...own };
}

const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;

/** Whether a text is a day of the calendar in the form `2026-01-31`. */
export function isDay(text: string): boolean {
  const match = DAY.exec(text);
  if (match === null) return false;
  const [year, month, day] = match.slice(1).map(Number) as [number, number, number];
  const date = new Date(Date.UTC(year, month - 1, day));
  // Years below 100 become those of the last century here, so that the year is compared too.
  return date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

/** A day: `2026-01-31`. Commands also take `today`, `yesterday` and `7d`, and resolve them first. */
export const day = (description: string, meta: ParamMeta = {}) =>
  z.string().refine(isDay, { error: (issue) => `${JSON.stringify(issue.input)} is no such day` })
    .meta({ placeholder: "DAY", input: "day", description, ...meta });

const MOMENT = /^(\d{4}-\d{2}-\d{2})(?:[ T]([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?)?$/;
const INSTANT = new RegExp(MOMENT.source.replace("$", "") + "(?:\\.\\d+)?(Z|[+-]\\d{2}:?\\d{2})?$");

const time = (pattern: RegExp, write: (parts: RegExpExecArray) => string, description: string, meta: ParamMeta) =>
  z.string()
    .refine((text) => isDay(pattern.exec(text)?.[1] ?? ""), { error: (issue) => `${shown(issue.input)} is no time` })
    .transform((text) => write(pattern.exec(text) as RegExpExecArray))
    .meta({ placeholder: "TIME", input: "moment", description, ...meta });

const clockTime = ([, day, hours = "00", minutes = "00", seconds = "00"]: RegExpExecArray, separator: string) =>
  `${day}${separator}${hours}:${minutes}:${seconds}`;

/** A moment on the project's clock, written `2026-01-31 12:00:00`. A day alone is its midnight. */
export const moment = (description: string, meta: ParamMeta = {}) =>
  time(MOMENT, (parts) => clockTime(parts, " "), description, meta);

/** A moment of world time by RFC 3339, `2026-01-31T12:00:00Z`. Without an offset it is UTC. */
export const instant = (description: string, meta: ParamMeta = {}) =>
  time(INSTANT, (parts) => clockTime(parts, "T") + (parts[5] ?? "Z"), description, meta);

const SECONDS = /^\d{9,}$/;

const isSeconds = (value: string | number): boolean =>
  typeof value === "number" ? Number.isInteger(value) && value >= 0 : SECONDS.test(value);

/** A moment that is sent as seconds since 1970; it may be typed so, too. */
export const epochSeconds = (description: string, meta: ParamMeta = {}) =>
  z.union([z.string(), z.number()])
    .refine((value) => isSeconds(value) || isDay(INSTANT.exec(String(value))?.[1] ?? ""), {
      error: (issue) => `${shown(issue.input)} is no time`,
    })
    .transform((value) => {
      if (isSeconds(value)) return Number(value);
      const parts = INSTANT.exec(String(value)) as RegExpExecArray;
      return Math.floor(Date.parse(clockTime(parts, "T") + (parts[5] ?? "Z")) / 1000);
    })
    .meta({ placeholder: "TIME", input: "moment", description, ...meta });

/** A value in a message. */
const shown = (value: unknown): string => typeof value === "bigint" ? String(value) : JSON.stringify(value);

/** Plain text. */
export const text = (description: string, meta: ParamMeta = {}) => z.string().min(1).meta({ description, ...meta });

/** A whole number within bounds. */
export const count = (description: string, bounds: { min?: number; max?: number } = {}, meta: ParamMeta = {}) =>
  z.int().min(bounds.min ?? 0).max(bounds.max ?? Number.MAX_SAFE_INTEGER)
    .meta({ placeholder: "N", description, ...meta });

/** One of a few words. */
export const choice = <const T extends readonly [string, ...string[]]>(
  values: T,
  description: string,
  meta: ParamMeta = {},
) => z.enum(values).meta({ placeholder: values.join("|"), description, ...meta });

/** A boolean written as 0 or 1 (ingestion). */
export const bit = (description: string, meta: ParamMeta = {}) =>
  z.boolean().meta({ encoding: "bit", description, ...meta });

/** A boolean written as true or false (query and App API). */
export const truth = (description: string, meta: ParamMeta = {}) =>
  z.boolean().meta({ encoding: "truth", description, ...meta });

/** A value that is written as JSON text in a query string or form. */
export const jsonText = <T extends z.ZodType>(schema: T, description: string, meta: ParamMeta = {}) =>
  schema.meta({ encoding: "json", placeholder: "JSON", description, ...meta }) as T;

/** A list of texts that is written as one JSON array; its flag can be repeated. */
export const textList = (description: string, meta: ParamMeta = {}) =>
  z.array(z.string()).min(1).meta({ encoding: "json", description, ...meta });

/** A list of texts that is written as one parameter for each. */
export const repeatedTexts = (description: string, meta: ParamMeta = {}) =>
  z.array(z.string()).min(1).meta({ encoding: "repeat", description, ...meta });

/** A secret that only a variable of this name or `--data` can give. */
export const secret = (description: string, variable: string, meta: ParamMeta = {}) =>
  text(description, { secret: variable, ...meta });

/** A segmentation expression (`properties["plan"] == "pro"`). */
export const expression = (description: string, meta: ParamMeta = {}) =>
  z.string().min(1).meta({ placeholder: "EXPR", input: "expression", description, ...meta });

/** A numeric id of any length, typed or in JSON; written without quotes in JSON bodies. */
export const id = (description: string, meta: ParamMeta = {}) =>
  z.union([z.string(), z.number(), z.bigint()], { error: "not a numeric id" })
    .refine((value) => /^\d+$/.test(String(value)), { error: (issue) => `${shown(issue.input)} is not a numeric id` })
    .transform((digits) => Number.isSafeInteger(Number(digits)) ? Number(digits) : BigInt(digits))
    .meta({ placeholder: "ID", description, ...meta });

/** An id in an answer, of whatever kind. */
export const anyId = z.union([z.string(), z.number(), z.bigint()]);

/** The data view that a report sees the project through. */
export const workspace = { workspace_id: text("Workspace id (data view)", { placeholder: "ID" }).optional() };
