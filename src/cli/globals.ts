/** The flags that every command takes, declared like any command's own. */
import { z } from "zod";
import { choice, text } from "../api/params.ts";
import { FORMAT_NAMES } from "../output/formats.ts";
import { GLOBAL_SWITCHES, GLOBAL_VALUES } from "./global_words.ts";

const on = (description: string, short?: string) => z.boolean().default(false).meta({ description, short });

const flags = {
  account: text("Account to use, from 'mp account list'", { short: GLOBAL_VALUES.account, placeholder: "NAME" })
    .optional(),
  project: text("Project id", { short: GLOBAL_VALUES.project, placeholder: "ID", completes: "projects" }).optional(),
  workspace: text("Workspace id (data view)", { short: GLOBAL_VALUES.workspace, placeholder: "ID" }).optional(),
  region: choice(["us", "eu", "in"], "Where the project's data lives").optional(),
  format: choice(FORMAT_NAMES, "Default: table or chart on a terminal, json in a pipe", { short: GLOBAL_VALUES.format })
    .optional(),
  output: text("Write the result to a file", { short: GLOBAL_VALUES.output, placeholder: "FILE" }).optional(),
  bom: on("Begin CSV and TSV with a byte order mark, so that Excel reads UTF-8"),
  jq: text("Filter JSON output with a jq program", { placeholder: "PROGRAM" }).optional(),
  quiet: on("Print only the result and errors", GLOBAL_SWITCHES.quiet),
  verbose: on("Trace requests on standard error, without secrets", GLOBAL_SWITCHES.verbose),
  dry_run: on("Print the request as a curl command, and send nothing"),
  color: z.boolean().default(true).meta({ description: "Plain text; NO_COLOR does the same" }),
  timeout: z.number().positive().meta({ description: "Seconds to wait for an answer", placeholder: "SECONDS" })
    .optional(),
  secret_in: choice(["header", "query"], "Where a project secret goes: into a header, or as ?api_key=").optional(),
  pacing: z.boolean().default(true).meta({ description: "Ignore the shared ledger of rate limits" }),
  yes: on("Do not ask before destroying something", GLOBAL_SWITCHES.yes),
} satisfies Record<keyof typeof GLOBAL_VALUES | keyof typeof GLOBAL_SWITCHES, z.ZodType>;

export const globalInput = z.object(flags);

/** The values of the global flags. */
export interface GlobalFlags extends Omit<z.output<typeof globalInput>, "dry_run" | "timeout" | "secret_in"> {
  dryRun: boolean;
  timeoutMs?: number;
  secretIn?: "header" | "query";
}

/** Reads the global flags out of parsed values. */
export function globalFlags(values: z.output<typeof globalInput>): GlobalFlags {
  const { dry_run, timeout, secret_in, ...rest } = values;
  return {
    ...rest,
    dryRun: dry_run,
    secretIn: secret_in,
    timeoutMs: timeout === undefined ? undefined : timeout * 1000,
  };
}
