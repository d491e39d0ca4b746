/** The flags that every command takes, declared like any command's own. */
import { z } from "zod";
import { choice, text } from "../api/params.ts";
import type { GlobalFlags } from "./context.ts";
import { FORMAT_NAMES } from "./format_choice.ts";

const on = (description: string, short?: string) => z.boolean().default(false).meta({ description, short });

export const globalInput = z.object({
  account: text("Account to use, from 'mp account list'", { short: "a", placeholder: "NAME" }).optional(),
  project: text("Project id", { short: "p", placeholder: "ID" }).optional(),
  workspace: text("Workspace id (data view)", { short: "w", placeholder: "ID" }).optional(),
  region: choice(["us", "eu", "in"], "Where the project's data lives").optional(),
  format: choice(FORMAT_NAMES, "Default: table or chart on a terminal, json in a pipe", { short: "f" }).optional(),
  output: text("Write the result to a file", { short: "o", placeholder: "FILE" }).optional(),
  jq: text("Filter JSON output with a jq program", { placeholder: "PROGRAM" }).optional(),
  quiet: on("Say nothing but the result and errors", "q"),
  verbose: on("Trace requests on standard error, without secrets", "v"),
  dry_run: on("Print the request as a curl command, and send nothing"),
  color: z.boolean().default(true).meta({ description: "Plain text; NO_COLOR does the same" }),
  timeout: z.number().positive().meta({ description: "Seconds to wait for an answer", placeholder: "SECONDS" })
    .optional(),
  pacing: z.boolean().default(true).meta({ description: "Ignore the shared ledger of rate limits" }),
  yes: on("Do not ask before destroying something", "y"),
});

/** Reads the global flags out of parsed values. */
export function globalFlags(values: z.output<typeof globalInput>): GlobalFlags {
  const { dry_run, timeout, ...rest } = values;
  return { ...rest, dryRun: dry_run, timeoutMs: timeout === undefined ? undefined : timeout * 1000 };
}
