/** A command for a plain operation: its flags are the operation's parameters, and it prints the answer. */
import { z } from "zod";
import { call } from "../api/call.ts";
import { type Operation, pathParameters } from "../api/operation.ts";
import { inputError } from "../errors.ts";
import type { Result } from "../output/print.ts";
import type { Command, Example } from "./command.ts";

/** What a result is shown as besides its JSON. */
export type Presentation = Partial<Pick<Result, "rows" | "columns" | "pivot" | "chart">>;

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
  /** Parameters that are not flags here. */
  omit?: readonly (keyof z.output<P> & string)[];
  /** What will be destroyed, as a question; asked before anything is sent. */
  confirm?(input: Partial<z.output<P>>): string;
  /** How the result is shown besides its JSON. Default: rows found in the answer. */
  present?(result: z.output<R>, input: z.output<P>): Presentation;
  /** Said on standard error when it is done, for operations whose answer says little. */
  done?(result: z.output<R>, input: z.output<P>): string;
}

const DATA = {
  data: z.unknown().optional().meta({
    input: "json",
    description: "The whole body as JSON, @FILE or - for standard input; flags win over it",
  }),
};

/** Taken from the connection, not from flags of the command. */
const FROM_CONNECTION = ["project_id", "workspace_id"];

/** Makes a command of an operation. One with a JSON body also takes it whole, as `--data`. */
export function operationCommand<P extends z.ZodObject, R extends z.ZodType>(
  operation: Operation<P, R>,
  facts: OperationCommand<P, R>,
): Command<P> {
  const takesData = hasJsonBody(operation as unknown as Operation);
  return {
    summary: facts.summary,
    description: facts.description,
    examples: facts.examples,
    operations: [operation as unknown as Operation],
    args: facts.args,
    input: inputOf(operation as unknown as Operation, facts.omit ?? [], takesData) as unknown as P,
    dateRange: facts.dateRange,
    async run(context, flags) {
      const { data, ...typed } = flags as Record<string, unknown>;
      const input = { ...dataFields(data), ...typed } as z.output<P>;
      checkAlternatives(facts.requireOneOf, input);
      if (facts.confirm !== undefined) await context.confirm(facts.confirm(input));
      const client = await context.client();
      const workspace = "workspace_id" in operation.params.shape ? client.connection.workspaceId : undefined;
      const params = { ...input, ...(workspace === undefined ? {} : { workspace_id: workspace }) };
      const answer = await call(client, operation, params as z.input<P>);
      if (facts.done !== undefined) await context.note(facts.done(answer.result(), input));
      const wantsText = context.globals.format === "json" || context.globals.jq !== undefined;
      const present = wantsText ? undefined : facts.present?.(answer.result(), input);
      await context.print({ text: answer.text, data: answer.data, ...present });
    },
  };
}

function hasJsonBody(operation: Operation): boolean {
  const [{ method }] = operation.routes;
  if (method === "GET" || (method === "DELETE" && operation.body === undefined)) return false;
  return (operation.body?.kind ?? "json") === "json" && operation.body?.of === undefined;
}

/** With `--data`, what stands in the body need not be a flag: the operation's own check comes when both are merged. */
function inputOf(operation: Operation, omit: readonly string[], takesData: boolean): z.ZodObject {
  const inPath = operation.routes.flatMap((route) => pathParameters(route.path));
  const shape: Record<string, z.ZodType> = {};
  for (const [name, schema] of Object.entries(operation.params.shape as Record<string, z.ZodType>)) {
    if (omit.includes(name) || FROM_CONNECTION.includes(name)) continue;
    const isInBody = !inPath.includes(name) && !operation.inQuery?.includes(name);
    shape[name] = takesData && isInBody ? schema.optional() : schema;
  }
  return z.object(takesData ? { ...shape, ...DATA } : shape);
}

function dataFields(data: unknown): Record<string, unknown> {
  if (data === undefined) return {};
  if (typeof data === "object" && data !== null && !Array.isArray(data)) return data as Record<string, unknown>;
  throw inputError("Cannot use --data: the body must be a JSON object", undefined, "bad_data");
}

function checkAlternatives(groups: readonly (readonly string[])[] | undefined, input: Record<string, unknown>): void {
  if (groups === undefined || groups.some((group) => group.every((name) => input[name] !== undefined))) return;
  throw inputError(
    "Cannot ask without a range of days",
    "add --last 30d, or --from DAY --to DAY, or --interval N",
    "missing_argument",
  );
}
