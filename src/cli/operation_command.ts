/** A command for a plain operation: its flags are the operation's parameters, and it prints the answer. */
import type { z } from "zod";
import { call } from "../api/call.ts";
import type { Operation } from "../api/operation.ts";
import { inputError } from "../errors.ts";
import type { Result } from "../output/print.ts";
import type { Command, Example } from "./command.ts";

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
  /** How the result is shown besides its JSON. Default: rows found in the answer. */
  present?(result: z.output<R>, input: z.output<P>): Partial<Pick<Result, "rows" | "columns" | "pivot" | "chart">>;
}

/** Makes a command of an operation. */
export function operationCommand<P extends z.ZodObject, R extends z.ZodType>(
  operation: Operation<P, R>,
  facts: OperationCommand<P, R>,
): Command<P> {
  const hidden = new Set<string>([...facts.omit ?? [], "workspace_id"]);
  const shown = Object.keys(operation.params.shape).filter((name) => !hidden.has(name));
  const input = operation.params.pick(Object.fromEntries(shown.map((name) => [name, true])) as never);
  return {
    summary: facts.summary,
    description: facts.description,
    examples: facts.examples,
    operations: [operation as unknown as Operation],
    args: facts.args,
    input: input as unknown as P,
    dateRange: facts.dateRange,
    async run(context, input) {
      checkAlternatives(facts.requireOneOf, input);
      const client = await context.client();
      const workspace = "workspace_id" in operation.params.shape ? client.connection.workspaceId : undefined;
      const params = { ...input, ...(workspace === undefined ? {} : { workspace_id: workspace }) };
      const answer = await call(client, operation, params as z.input<P>);
      const wantsText = context.globals.format === "json" || context.globals.jq !== undefined;
      const present = wantsText ? undefined : facts.present?.(answer.result(), input);
      await context.print({ text: answer.text, data: answer.data, ...present });
    },
  };
}

function checkAlternatives(groups: readonly (readonly string[])[] | undefined, input: Record<string, unknown>): void {
  if (groups === undefined || groups.some((group) => group.every((name) => input[name] !== undefined))) return;
  throw inputError(
    "Cannot ask without a range of days",
    "add --last 30d, or --from DAY --to DAY, or --interval N",
    "missing_argument",
  );
}
