/** A command that deletes one thing by the endpoint of one, and several by that of many. */
import { z } from "zod";
import { call } from "../api/call.ts";
import type { Operation } from "../api/operation.ts";
import { jsonResult } from "../output/print.ts";
import { type Command, type Example } from "./command.ts";
import { confirmInProject } from "./confirm_in_project.ts";

export interface DeleteCommandOptions {
  one: Operation;
  many: Operation;
  /** The parameter of one, and that of many. */
  id: string;
  ids: string;
  /** What they are: `report`. */
  noun: string;
  description: string;
  examples: readonly Example[];
}

export function deleteCommand({ one, many, id, ids, noun, description, examples }: DeleteCommandOptions): Command {
  const list = (many.params.shape as Record<string, z.ZodType>)[ids]!;
  return {
    summary: `delete ${noun}s, one or several`,
    description,
    args: [ids],
    examples,
    operations: [one, many],
    input: z.object({ [ids]: list }),
    async run(context, input) {
      const wanted = [...new Set(input[ids] as (number | bigint)[])];
      const client = await context.client();
      const which = wanted.length === 1 ? `${noun} ${wanted[0]}` : `${wanted.length} ${noun}s: ${wanted.join(", ")}`;
      await confirmInProject(context, `Delete ${which}?`);
      const answer = wanted.length === 1
        ? await call(client, one, { [id]: wanted[0] })
        : await call(client, many, { [ids]: wanted });
      await context.note(`Deleted ${which}`);
      await context.print(answer.text === "" ? jsonResult({ deleted: wanted }) : answer);
    },
  };
}
