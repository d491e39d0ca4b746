/** Names of properties in expressions, held against those that the event has: on request, since it costs a query. */
import { z } from "zod";
import { call } from "../api/call.ts";
import { paramMeta } from "../api/params.ts";
import { topProperties } from "../api/query.ts";
import type { Context } from "./context.ts";
import { checkedExpression } from "./expressions.ts";
import { flagsOf } from "./flags.ts";
import { dataView } from "./scope.ts";

/** More than any event has; Mixpanel returns ten when nobody asks for more. */
const MOST_PROPERTIES = 2000;

/** The flag of commands that ask about one event by expressions. */
export const CHECK_PROPERTIES = {
  check_properties: z.boolean().default(false).meta({
    description: "First find out which properties the event has, and refuse others; costs one more query",
  }),
};

/** Whether parameters name one event, and have expressions about it. */
export function canCheckProperties(params: z.ZodObject): boolean {
  const shape = params.shape as Record<string, z.ZodType>;
  const isOneEvent = shape.event !== undefined && paramMeta(shape.event).encoding === undefined;
  return isOneEvent && Object.values(shape).some((schema) => paramMeta(schema).input === "expression");
}

/**
 * Asks for the event's properties.
 *
 * @throws MpError (input) when an expression names one that the event does not have, with the one that is near.
 */
export async function checkProperties(
  context: Context,
  params: z.ZodObject,
  input: Readonly<Record<string, unknown>>,
): Promise<void> {
  const { event } = input;
  if (typeof event !== "string") return;
  const client = await context.client();
  const answer = await call(client, topProperties, { event, limit: MOST_PROPERTIES, ...dataView(client) });
  const properties = Object.keys(answer.result());
  for (const spec of flagsOf(params)) {
    const expression = input[spec.key];
    if (spec.kind === "expression" && spec.key !== "born_where" && typeof expression === "string") {
      await checkedExpression(spec, expression, { properties });
    }
  }
}
