/** The one place where errors become words on standard error, and an exit code. */
import { MpError } from "../errors.ts";
import { unexpectedError } from "../runtime/files/file_faults.ts";
import { stringifyJson } from "../streams/json/json.ts";
import type { World } from "./context.ts";
import { askedFor } from "./global_words.ts";
import { redact } from "../client/redact.ts";
import { fitted } from "./fitted.ts";
import { cleanForTerminal, escapeJsonForTerminal } from "../output/clean.ts";

/** Prints an error in the way that the arguments ask for, and returns its exit code. */
export async function reportError(error: unknown, argv: readonly string[], world: World): Promise<number> {
  const known = asMpError(error, world);
  // Read from the arguments, since the error may be about them.
  const { format, verbose, progress } = askedFor(argv);
  // A program that reads progress line by line finds the type in each of them.
  const type = progress === "json" ? { type: "error" } : {};
  const isJson = format === "json" || progress === "json";
  const content = isJson
    ? escapeJsonForTerminal(stringifyJson({ ...type, error: jsonError(known) })) + "\n"
    : `${await fitted(textError(known), world.stderr)}\n`;
  try {
    await world.stderr.write(redact(content));
    if ((!(error instanceof MpError) || known.code === "bug") && known.category === "failure" && verbose) {
      await world.stderr.write(redact(cleanForTerminal(`${(faultBehind(known) as Error | undefined)?.stack ?? ""}\n`)));
    }
  } catch {
    // expected: any fault of standard error, since there is nowhere left to say it; the exit code still does
  }
  return known.exitCode;
}

function textError(error: MpError): string {
  const lines = [`mp: ${error.message}`];
  if (error.serverMessage !== undefined && !error.message.includes(error.serverMessage)) {
    lines.push(`server: ${error.serverMessage}`);
  }
  if (error.hint !== undefined) lines.push(`hint: ${error.hint}`);
  return cleanForTerminal(lines.join("\n"));
}

function jsonError(error: MpError): Record<string, unknown> {
  return {
    code: error.code,
    category: error.category,
    message: error.message,
    server_message: error.serverMessage,
    error_code: error.serverCode,
    parameter: error.parameter,
    hint: error.hint,
    status: error.status,
    request_id: error.requestId,
    retry_after_seconds: error.retryAfterSeconds,
    in_doubt: error.inDoubt || undefined,
  };
}

/** What was thrown, as an error in words. */
export function asMpError(error: unknown, world: World): MpError {
  if (error instanceof MpError) return error;
  if (world.signal.aborted) return new MpError("Interrupted", { category: "interrupted", cause: error });
  return unexpectedError(error);
}

/** What was not expected, behind what is said of it. */
function faultBehind(error: MpError): unknown {
  let cause: unknown = error;
  while (cause instanceof MpError) cause = cause.cause;
  return cause;
}
