/** A command for a plain operation: its flags are the operation's parameters, and it prints the answer. */
import { z } from "zod";
import { call, isTextAnswer, UnexpectedAnswerError } from "../api/call.ts";
import { type Operation, pathParameters } from "../api/operation.ts";
import { paramMeta } from "../api/params.ts";
import { inputError } from "../errors.ts";
import type { Result } from "../output/print.ts";
import type { Command, Example } from "./command.ts";
import { COMPARE, comparedRange, type FromTo } from "./comparison.ts";
import type { Context } from "./context.ts";
import { argumentName } from "./flags.ts";
import { chosenFormat, printsServerText, refuseReportFormat } from "./format_choice.ts";
import { gapNote, tellGap, usualLimitNote } from "./list_gap.ts";
import { canCheckProperties, CHECK_PROPERTIES, checkProperties } from "./property_check.ts";
import { secretVariables, withSecrets } from "./secret_params.ts";
import { definedFields } from "../streams/json/defined_fields.ts";
import { nearest } from "../streams/nearest.ts";

/** What a result is shown as besides its JSON. */
export type Presentation = Partial<Pick<Result, "rows" | "columns" | "pivot" | "chart">> & { note?: string };

export interface OperationCommand<P extends z.ZodObject, R extends z.ZodType> {
  /** Default: the operation's. */
  summary?: string;
  description?: string;
  examples: readonly Example[];
  /** Parameters that are positional, in order. */
  args?: readonly string[];
  dateRange?: boolean;
  /** Without any of these groups of parameters nothing can be asked: each group is an alternative. */
  requireOneOf?: readonly (readonly (keyof z.output<P> & string)[])[];
  draws?: Command["draws"];
  /** Also takes `--compare`: the same question about other days; the presentation gets its answer in `view.compared`. */
  compares?: boolean;
  /** Flags that decide only how the result is shown; they are not sent. */
  shows?: z.ZodObject;
  /** What is done in place of asking where a flag of `shows` says so; false where none does. */
  instead?(input: z.output<P>, shown: Readonly<Record<string, unknown>>, context: Context): Promise<boolean>;
  /** Parameters that are not flags here. */
  omit?: readonly (keyof z.output<P> & string)[];
  /** Finds out what was not typed, perhaps by asking Mixpanel. Its values win. */
  prepare?(input: Partial<z.output<P>>, context: Context): Promise<Partial<z.input<P>>>;
  /** What will be destroyed, as a question; asked before anything of it is sent, and made only where it is asked. */
  confirm?(input: Partial<z.output<P>>, context: Context): string | Promise<string>;
  /** How the result is shown besides its JSON, from what was sent. Default: rows found in the answer. */
  present?(result: z.output<R>, input: z.output<P>, view: View<z.output<R>>): Presentation;
  /** What else is to be said of an answer in any format, such as that nothing was counted. */
  remark?(result: z.output<R>, input: z.output<P>, context: Context): Promise<string> | undefined;
  /** Keeps what a person has been shown, for suggestions and completion. */
  keep?(result: z.output<R>, input: z.output<P>, context: Context): Promise<void>;
  /** Said on standard error when it is done, for operations whose answer says little. */
  done?(result: z.output<R>, input: z.output<P>): string | undefined;
}

/** What a presentation depends on besides the answer. */
export interface View<R = unknown> {
  nowMs: number;
  /** What the same question got about the days of `--compare`. */
  compared?: { result: R; days: FromTo };
  /** The values of the flags of `shows`. */
  shown: Readonly<Record<string, unknown>>;
}

type Values = Record<string, unknown>;

export const DATA = {
  data: z.unknown().optional().meta({
    input: "json",
    description: "The whole body as JSON, @FILE or - for standard input; flags override it",
  }),
};

/** Taken from the connection, not from flags of the command. */
const FROM_CONNECTION = ["project_id", "workspace_id"];

/** Makes a command of an operation. One that writes a body also takes it whole, as `--data`. */
export function operationCommand<P extends z.ZodObject, R extends z.ZodType>(
  operation: Operation<P, R>,
  options: OperationCommand<P, R>,
): Command<P> {
  const takesData = writesBody(operation as unknown as Operation);
  const secrets = [...secretVariables(operation.params).keys()];
  const shows = options.compares ? z.object({ ...options.shows?.shape, ...COMPARE }) : options.shows;
  return {
    summary: options.summary,
    description: options.description,
    examples: options.examples,
    operations: [operation as unknown as Operation],
    args: options.args,
    input: inputOf(operation as unknown as Operation, {
      omit: [...options.omit ?? [], ...secrets],
      takesData,
      shows,
    }) as unknown as P,
    dateRange: options.dateRange,
    draws: options.draws,
    async run(context, flags) {
      const { data, check_properties, ...given } = flags as Record<string, unknown>;
      const shown = pick(given, (name) => name in (shows?.shape ?? {}));
      const typed = pick(given, (name) => !(name in shown));
      const fields = dataFields(data, operation.params);
      const input = withSecrets(operation.params, { ...fields, ...typed }, context) as z.output<P>;
      checkAlternatives(options.requireOneOf, input);
      if (context.globals.jq !== undefined && isTextAnswer(operation as unknown as Operation, input)) {
        throw inputError("Cannot filter an answer with --jq that is not JSON", "leave one of them out", "bad_flags");
      }
      if (isTextAnswer(operation as unknown as Operation, input)) refuseReportFormat(context, "the server's own text");
      if (await options.instead?.(input, shown, context)) return;
      const client = await context.client();
      const prepared = await options.prepare?.(input, context);
      const found = { ...await scopeOf(operation as unknown as Operation, input, prepared, context), ...prepared };
      if (options.confirm !== undefined && !context.globals.yes && !context.globals.dryRun) {
        // In the words that were typed, with what was found out besides.
        const known = { ...found, ...definedFields(input) } as Partial<z.output<P>>;
        const question = await options.confirm(known, context);
        await confirm(operation as unknown as Operation, question, context);
      }
      if (check_properties === true && !context.globals.dryRun) await checkProperties(context, operation.params, input);
      const sent = { ...input, ...found };
      const days = shown.compare === undefined ? undefined : comparedDays(String(shown.compare), sent);
      const callOptions = {
        partial: true,
        called: (key: string) => options.args?.includes(key) ? `<${argumentName(key)}>` : undefined,
      };
      const answer = await call(client, operation, sent as z.input<P>, callOptions);
      const other = days && { ...sent, from_date: days.from, to_date: days.to };
      const second = other && await call(client, operation, other as z.input<P>, callOptions);
      const understood = <T>(read: (result: z.output<R>) => T) => ifUnderstood(context, () => read(answer.result()));
      const done = options.done && await understood((result) => options.done?.(result, input));
      if (done !== undefined) await context.note(done);
      if (operation.answer === "nothing") return;
      if (operation.answer !== "text" && isTextAnswer(operation as unknown as Operation, input)) {
        return await context.print({ text: answer.text, data: answer.data, isText: true });
      }
      const present = printsServerText(context) ? undefined : await understood((one) =>
        options.present?.(one, sent, {
          nowMs: context.clock.now(),
          shown,
          compared: second && days && { result: second.result(), days },
        })
      );
      const remark = options.remark && await understood((one) => options.remark?.(one, sent, context));
      const { note, ...forms } = present ?? {};
      const notes = [remark ?? note, usualLimitNote(operation.params, input, answer.data)].filter(isDefined);
      await context.print({
        ...besides(answer, second),
        ...forms,
        notes: [...notes, gapNote(answer)].filter(isDefined),
      });
      for (const one of [...notes, partsNote(context, present)].filter(isDefined)) await context.note(one);
      if (present !== undefined) await options.keep?.(answer.result(), sent, context);
      return await tellGap(context, answer);
    },
  };
}

/** Which periods of a table are not whole: a chart says so itself, and a file of a report has it as a note. */
function partsNote(context: Context, { chart, note = "" }: Presentation = {}): string | undefined {
  if (chart?.kind !== "line" || chosenFormat(context) !== "table") return undefined;
  return chart.openNote === undefined || note.includes(chart.openNote) ? undefined : chart.openNote;
}

/** The days of `--compare`. Units back from now have none to be compared with. */
function comparedDays(compare: string, { from_date, to_date }: Values): FromTo {
  if (typeof from_date !== "string" || typeof to_date !== "string") {
    throw inputError(
      "Cannot use --compare without a range of days",
      "add --last 30d, or --from DAY --to DAY",
      "bad_flags",
    );
  }
  return comparedRange(compare, { from: from_date, to: to_date });
}

/** The server's answer as it came; of two, both, by what they are. */
function besides(answer: Body, second: Body | undefined): Body {
  if (second === undefined) return { text: answer.text, data: answer.data };
  return {
    text: `{"current":${answer.text.trim()},"compared":${second.text.trim()}}`,
    data: { current: answer.data, compared: second.data },
  };
}

type Body = Pick<Result, "text" | "data">;

/** What belongs to an organization is in no project. */
async function confirm(operation: Operation, question: string, context: Context): Promise<void> {
  if (pathParameters(operation.routes[0].path).includes("organization_id")) return await context.confirm(question);
  const { confirmInProject } = await import("./confirm_in_project.ts");
  await confirmInProject(context, question, { byToken: operation.token !== undefined });
}

/** What is made of an answer; undefined, and said, when the answer has another shape: then it is shown as it came. */
export async function ifUnderstood<T>(context: Context, read: () => T): Promise<T | undefined> {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof UnexpectedAnswerError)) throw error;
    await context.note(`${error.message}; it is shown as it came`);
  }
}

/** The workspace and the organization in the path, where nobody has named them; any other data view, where one is set. */
async function scopeOf(
  operation: Operation,
  input: Values,
  prepared: Values | undefined,
  context: Context,
): Promise<Values> {
  const inPath = pathParameters(operation.routes[0].path);
  const scope: Values = {};
  if (inPath.includes("organization_id")) {
    scope.organization_id = await (await import("./scope.ts")).organizationOf(context, input.organization_id);
  }
  if (inPath.includes("workspace_id")) {
    scope.workspace_id = prepared?.workspace_id ?? await (await import("./scope.ts")).workspaceOf(context);
  } else if ("workspace_id" in operation.params.shape) {
    Object.assign(scope, (await import("./scope.ts")).dataView(await context.client()));
  }
  return scope;
}

/** Whether parameters form a body that changes something. A query's form is no body to be given as a whole. */
function writesBody(operation: Operation): boolean {
  const [{ method }] = operation.routes;
  if (method === "GET" || (method === "DELETE" && operation.body === undefined)) return false;
  const kind = operation.body?.kind ?? "json";
  return (kind === "json" || (kind === "form" && !operation.repeatable)) && operation.body?.of === undefined;
}

/** With `--data`, what stands in the body need not be a flag: the operation's own check comes when both are merged. */
function inputOf(
  operation: Operation,
  { omit, takesData, shows }: { omit: readonly string[]; takesData: boolean; shows?: z.ZodObject },
): z.ZodObject {
  const inPath = operation.routes.flatMap((route) => pathParameters(route.path));
  const shape: Record<string, z.ZodType> = {};
  for (const [name, schema] of Object.entries(operation.params.shape as Record<string, z.ZodType>)) {
    if (omit.includes(name) || FROM_CONNECTION.includes(name)) continue;
    const isInBody = !inPath.includes(name) && !operation.inQuery?.includes(name);
    shape[name] = takesData && isInBody ? unlessInData(schema) : schema;
  }
  if (canCheckProperties(operation.params)) Object.assign(shape, CHECK_PROPERTIES);
  return z.object({ ...shape, ...shows?.shape, ...(takesData ? DATA : {}) });
}

const isDefined = <T>(value: T | undefined): value is T => value !== undefined;

const pick = (values: Values, takes: (name: string) => boolean): Values =>
  Object.fromEntries(Object.entries(values).filter(([name]) => takes(name)));

/** Optional, and without its default, which would override `--data`; the operation's own check puts it in. */
function unlessInData(schema: z.ZodType): z.ZodType {
  const { type, defaultValue, innerType } = schema.def as unknown as z.core.$ZodDefaultDef;
  if (type !== "default") return schema.optional();
  const meta = paramMeta(schema);
  const description = `${meta.description ?? ""} (default ${String(defaultValue)})`.trimStart();
  return (innerType as z.ZodType).optional().meta({ ...meta, description });
}

/** The fields of `--data`. One that the operation doesn't know would be left out in silence: it is refused. */
export function dataFields(data: unknown, params: z.ZodObject): Record<string, unknown> {
  if (data === undefined) return {};
  if (typeof data !== "object" || data === null || Array.isArray(data)) {
    throw inputError("Cannot use --data: the body must be a JSON object", undefined, "bad_data");
  }
  const known = Object.keys(params.shape);
  const unknown = Object.keys(data).find((name) => !known.includes(name));
  if (unknown === undefined || params.def.catchall !== undefined) return data as Record<string, unknown>;
  const near = nearest(unknown, known);
  throw inputError(
    `Cannot use --data: there is no field ${JSON.stringify(unknown)}`,
    near === undefined ? `the fields are ${known.join(", ")}` : `did you mean ${JSON.stringify(near)}?`,
    "bad_data",
  );
}

function checkAlternatives(groups: readonly (readonly string[])[] | undefined, input: Record<string, unknown>): void {
  if (groups === undefined || groups.some((group) => group.every((name) => input[name] !== undefined))) return;
  throw inputError(
    "Cannot ask without a range of days",
    "add --last 30d, or --from DAY --to DAY, or --periods N",
    "missing_argument",
  );
}
