/** Secrets that Mixpanel tells once: shown once, or kept in a file that nobody else can read. */
import { inputError } from "../errors.ts";
import { text } from "../api/params.ts";
import { fileInfo, removeFile, writeFileAtomically } from "../runtime/files/files.ts";
import { rememberSecret } from "../client/redact.ts";
import { writeFault } from "../runtime/files/file_faults.ts";
import { writingFile } from "../runtime/files/write_fault.ts";
import type { Context } from "./context.ts";

/** The flag of commands that make secrets. */
export const SECRET_FILE = {
  secret_file: text("Write the secret to a new file that only you can read, and do not show it", {
    placeholder: "FILE",
  })
    .optional(),
};

/** What stands in an answer for a secret that is in a file. */
const KEPT = "(in the secret file)";

/**
 * Runs `make`, which asks Mixpanel for something with a secret, and puts the secret into a file. The file is made
 * first: a secret for which there is no place must not be made.
 *
 * @throws MpError (input) when the file is there already or cannot be made; then `make` has not run.
 */
export async function writeSecretFile<T>(
  context: Context,
  path: string,
  make: () => Promise<{ secret: string; answer: T }>,
): Promise<T> {
  if (await writingFile(path, fileInfo(path)) !== undefined) {
    throw inputError(`Cannot write the secret to ${path}: the file exists`, "name a new file", "file_exists");
  }
  try {
    await writeFileAtomically(path, "", { mode: 0o600 });
  } catch (cause) {
    throw inputError(`Cannot write the secret to ${path}: ${writeFault(cause)}`, "name another file");
  }
  let made: { secret: string; answer: T };
  try {
    made = await make();
  } catch (error) {
    await removeFile(path);
    throw error;
  }
  try {
    await writingFile(path, writeFileAtomically(path, made.secret + "\n", { mode: 0o600 }));
  } catch (error) {
    // The secret is told once: it must come to light somewhere.
    throw await (await import("./kept_answer.ts")).keepAnswer(context, made.secret, error) ?? error;
  }
  rememberSecret(made.secret);
  return made.answer;
}

/** A copy of an answer without the secret, at whatever depth it is. */
export function withoutSecret(data: unknown, secret: string): unknown {
  if (data === secret) return KEPT;
  if (Array.isArray(data)) return data.map((item) => withoutSecret(item, secret));
  if (typeof data !== "object" || data === null) return data;
  return Object.fromEntries(Object.entries(data).map(([name, value]) => [name, withoutSecret(value, secret)]));
}
