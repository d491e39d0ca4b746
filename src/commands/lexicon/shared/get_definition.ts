/** One definition, out of a list that is asked for by name. */
import type { z } from "zod";
import { call } from "../../../api/call.ts";
import type { Operation } from "../../../api/operation.ts";
import type { Context } from "../../../cli/context.ts";
import { ifUnderstood, type Presentation } from "../../../cli/operation_command.ts";
import { MpError } from "../../../errors.ts";

interface Shown<R> {
  /** What is asked for: `event "Purchase"`. */
  what: string;
  /** The command that lists what there is. */
  list: string;
  present(found: R): Presentation;
}

/** @throws MpError (not_found) when the list is empty. */
export async function getDefinition<P extends z.ZodObject, R extends z.ZodType<readonly { id?: unknown }[]>>(
  context: Context,
  operation: Operation<P, R>,
  params: z.input<P>,
  { what, list, present }: Shown<z.output<R>>,
): Promise<void> {
  const answer = await call(await context.client(), operation, params);
  const found = await ifUnderstood(context, () => answer.result());
  if (found?.length === 0) {
    throw new MpError(`Cannot show ${what}: the Lexicon does not know it`, {
      category: "not_found",
      code: "unknown_definition",
      hint: `'${list}' shows what there is`,
    });
  }
  if (found?.length === 1 && found[0]?.id === 0) await context.note(`Nobody has described ${what} yet`);
  await context.print({ ...answer, ...found && present(found) });
}
