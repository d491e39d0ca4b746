/** The one place where errors become words on standard error, and an exit code. */
import { MpError } from "../errors.ts";
import { stringifyJson } from "../streams/json.ts";
import type { World } from "./context.ts";
import { askedFor } from "./global_words.ts";
import { redact } from "./redact.ts";

/** Prints an error in the way that the arguments ask for, and returns its exit code. */
export async function reportError(error: unknown, argv: readonly string[], world: World): Promise<number> {
  const known = asMpError(error, world);
  // Read from the arguments, since the error may be about them.
  const { format, verbose } = askedFor(argv);
  const content = format === "json" ? stringifyJson({ error: jsonError(known) }) + "\n" : textError(known);
  try {
    await world.stderr.write(redact(content));
    if (!(error instanceof MpError) && known.category === "failure" && verbose) {
      await world.stderr.write(redact(`${(error as Error)?.stack ?? ""}\n`));
    }
  } catch {
    // There is nowhere left to say it; the exit code still does.
  }
  return known.exitCode;
}

function textError(error: MpError): string {
  const lines = [`mp: ${error.message}`];
  if (error.serverMessage !== undefined && !error.message.includes(error.serverMessage)) {
    lines.push(`server: ${error.serverMessage}`);
  }
  if (error.hint !== undefined) lines.push(`hint: ${error.hint}`);
  return lines.join("\n") + "\n";
}

function jsonError(error: MpError): Record<string, unknown> {
  return {
    code: error.code,
    category: error.category,
    message: error.message,
    server_message: error.serverMessage,
    hint: error.hint,
    status: error.status,
    request_id: error.requestId,
    retry_after_seconds: error.retryAfterSeconds,
  };
}

function asMpError(error: unknown, world: World): MpError {
  if (error instanceof MpError) return error;
  if (world.signal.aborted) return new MpError("Interrupted", { category: "interrupted", cause: error });
  const code = (error as { code?: unknown } | undefined)?.code;
  const message = error instanceof Error ? error.message : String(error);
  const isFileError = typeof code === "string" && /^E[A-Z]+$/.test(code);
  return new MpError(isFileError ? `Cannot use a file: ${message}` : `Something went wrong: ${message}`, {
    category: "failure",
    code: isFileError ? code.toLowerCase() : "bug",
    hint: isFileError ? undefined : "this is a fault of mp; run it again with -v to see where",
    cause: error,
  });
}
