/** Secrets that Mixpanel tells once: shown once, or kept in a file that nobody else can read. */
import { inputError, MpError } from "../errors.ts";
import { type CallResult, UnexpectedAnswerError } from "../api/call.ts";
import { text } from "../api/params.ts";
import { ensureLineEnd } from "../output/json.ts";
import { stringifyJson } from "../streams/json/json.ts";
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

/** How the fields of secrets are called. */
const SECRET_NAME = /(secret|token|password)$/i;

/**
 * Asks Mixpanel for something with secrets, and puts these into a file: the only one as it is, several as an object of
 * their names. The file is made first: a secret for which there is no place must not be made.
 *
 * @param ask what makes the secrets
 * @param isOpen whether what the name of a field calls a secret is none
 * @returns the answer, with the secrets hidden at whatever depth they are
 * @throws MpError (input) when the file is there already or cannot be made; then `ask` has not run. MpError (failure)
 * where the answer names no secret: the whole of it is in the file.
 */
export async function writeSecretFile<T>(
  context: Context,
  path: string,
  ask: () => Promise<CallResult<T>>,
  isOpen: (name: string) => boolean = () => false,
): Promise<CallResult<T>> {
  if (await writingFile(path, fileInfo(path)) !== undefined) {
    throw inputError(`Cannot write the secret to ${path}: the file exists`, "name a new file", "file_exists");
  }
  try {
    await writeFileAtomically(path, "", { mode: 0o600 });
  } catch (cause) {
    throw inputError(`Cannot write the secret to ${path}: ${writeFault(cause)}`, "name another file");
  }
  let answer: CallResult<T>;
  try {
    answer = await ask();
  } catch (error) {
    if (!(error instanceof MpError) || !error.received) await removeFile(path);
    else {
      await keep(context, path, error.received);
      throw new MpError(`${error.message}; what came is in ${path}`, { ...error, serverMessage: undefined });
    }
    throw error;
  }
  const secrets = secretsIn(answer.data, isOpen);
  const values = [...new Set(secrets.values())];
  if (values.length === 0) {
    await keep(context, path, answer.text);
    throw new MpError(`Cannot tell the secret in the answer: the whole of it is in ${path}`, {
      category: "failure",
      code: "no_secret",
      hint: "what was asked for has been done; to run the same command again would do it twice",
    });
  }
  await keep(context, path, values.length === 1 ? values[0]! : stringifyJson(Object.fromEntries(secrets)));
  for (const value of values) rememberSecret(value);
  return hidden(answer, values);
}

/** Whether the value of a field is in the secret file. */
export const isKept = (value: string | undefined): boolean => value === KEPT;

async function keep(context: Context, path: string, content: string): Promise<void> {
  try {
    await writingFile(path, writeFileAtomically(path, ensureLineEnd(content), { mode: 0o600 }));
  } catch (error) {
    // The secret is shown once: it must come to light somewhere.
    throw await (await import("./kept_answer.ts")).keepAnswer(context, content, error) ?? error;
  }
}

/** The values of the fields that are called like secrets, by their names, or by their paths where a name comes twice. */
function secretsIn(
  data: unknown,
  isOpen: (name: string) => boolean,
  path: readonly string[] = [],
): Map<string, string> {
  const found = new Map<string, string>();
  if (typeof data !== "object" || data === null) return found;
  for (const [name, value] of Object.entries(data)) {
    const isSecret = SECRET_NAME.test(name) && !isOpen(name) && value !== null && value !== "";
    const inside = isSecret && typeof value !== "object"
      ? new Map([[name, String(value)]])
      : isSecret
      ? allTexts(value, name)
      : secretsIn(value, isOpen, [...path, name]);
    for (const [key, secret] of inside) found.set(found.has(key) ? [...path, name, key].join(".") : key, secret);
  }
  return found;
}

/** All that is under the name of a secret is secret. */
function allTexts(value: unknown, name: string): Map<string, string> {
  if (typeof value !== "object" || value === null) return new Map([[name, String(value)]]);
  return new Map(Object.entries(value).flatMap(([key, one]) => [...allTexts(one, `${name}.${key}`)]));
}

/** An answer without the secrets, whatever is made of it. */
function hidden<T>(answer: CallResult<T>, secrets: readonly string[]): CallResult<T> {
  const data = without(answer.data, secrets);
  const text = stringifyJson(data);
  return {
    ...answer,
    text,
    data,
    result() {
      try {
        return without(answer.result(), secrets) as T;
      } catch (error) {
        throw error instanceof UnexpectedAnswerError ? error.showing(text, data) : error;
      }
    },
  };
}

function without(data: unknown, secrets: readonly string[]): unknown {
  if (typeof data === "string" || typeof data === "number" || typeof data === "bigint") {
    return secrets.includes(String(data)) ? KEPT : typeof data === "string" ? withoutParts(data, secrets) : data;
  }
  if (Array.isArray(data)) return data.map((item) => without(item, secrets));
  if (typeof data !== "object" || data === null) return data;
  return Object.fromEntries(Object.entries(data).map(([name, value]) => [name, without(value, secrets)]));
}

/** A text in which longer secrets, which are no words, stand within others. */
const withoutParts = (text: string, secrets: readonly string[]): string =>
  secrets.filter(({ length }) => length >= 8).reduce((rest, secret) => rest.replaceAll(secret, KEPT), text);
