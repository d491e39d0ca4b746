/** Parameters that are secrets: they have no flag, and no output shows them. */
import type { z } from "zod";
import { paramMeta } from "../api/params.ts";
import { placeholder } from "../client/credentials.ts";
import type { Context } from "./context.ts";
import { rememberSecret } from "../client/redact.ts";

/** The names of an operation's secret parameters, each with the variable that holds it. */
export function secretVariables(params: z.ZodObject): Map<string, string> {
  const found = new Map<string, string>();
  for (const [name, schema] of Object.entries(params.shape as Record<string, z.ZodType>)) {
    const { secret } = paramMeta(schema);
    if (secret !== undefined) found.set(name, secret);
  }
  return found;
}

/**
 * Fills secrets in from their variables where `--data` has none. From here on no message shows them, and a dry run has
 * the variable's name in their place.
 */
export function withSecrets(params: z.ZodObject, input: Record<string, unknown>, context: Context) {
  const filled = { ...input };
  for (const [name, variable] of secretVariables(params)) {
    const value = filled[name] ?? (context.env[variable] || undefined);
    if (typeof value !== "string") continue;
    rememberSecret(value);
    filled[name] = context.globals.dryRun ? placeholder(variable) : value;
  }
  return filled;
}
