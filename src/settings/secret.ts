/** A secret and where it is kept: in the config file, in an environment variable, or with a password manager. */
import { inputError, MpError } from "../errors.ts";
import type { ShellResult } from "../runtime/shell.ts";
import { shellWord } from "../runtime/shell_word.ts";
import type { Environment } from "../runtime/process.ts";

export type SecretSource =
  /** The secret itself; `exposed` says how others could read it where it stands. */
  | { kind: "value"; value: string; exposed?: ExposedFile }
  /** The name of an environment variable. */
  | { kind: "env"; variable: string }
  /** A command line for the shell; the first line that it prints is the secret. */
  | { kind: "command"; command: string }
  /** The file of a login made in the browser; the client reads and renews it. */
  | { kind: "session"; path: string };

/** A file that other users can read. */
export interface ExposedFile {
  path: string;
  mode: number;
}

export type RunShell = (command: string, options: { timeoutMs: number; signal?: AbortSignal }) => Promise<ShellResult>;

/** What fetching a secret needs from outside. */
export interface SecretKeeper {
  env: Environment;
  runShell: RunShell;
  /** How long a command may take. */
  timeoutMs: number;
  signal?: AbortSignal;
}

/** How messages refer to a secret; it never holds the secret. */
export function describeSecret(source: SecretSource): string {
  if (source.kind === "env") return `variable ${source.variable}`;
  if (source.kind === "command") return `command '${source.command}'`;
  if (source.kind === "session") return `login in the browser, kept in ${source.path}`;
  return "hidden";
}

/**
 * The secret's text. `what` is the thing it belongs to, for messages: `account 'production'`.
 *
 * @throws MpError (auth) when the variable is unset, or the command fails, prints nothing or takes too long. Nothing of
 * what the command printed is repeated, for it may hold the secret. (input) when the secret stands where others can read
 * it.
 */
export async function fetchSecret(source: SecretSource, what: string, keeper: SecretKeeper): Promise<string> {
  if (source.kind === "value") {
    if (source.exposed !== undefined) throw exposedSecret(source.exposed, what);
    return source.value;
  }
  if (source.kind === "session") return source.path;
  if (source.kind === "env") {
    const value = keeper.env[source.variable]?.trim();
    if (value) return value;
    throw secretError(
      what,
      `the variable ${source.variable} is not set`,
      `set ${source.variable}, or change the account`,
    );
  }
  const hint = "run that command by itself to see why; a password manager may want to be unlocked first";
  const shown = `the command '${source.command}'`;
  const result = await withinTime(keeper, source.command).catch((cause) => {
    if (keeper.signal?.aborted) throw new MpError("Interrupted", { category: "interrupted", cause });
    throw secretError(what, `${shown} could not be run`, hint);
  });
  if (result === undefined) throw secretError(what, `${shown} took longer than ${keeper.timeoutMs / 1000} s`, hint);
  if (result.code !== 0) throw secretError(what, `${shown} ended with code ${result.code}`, hint);
  const secret = result.stdout.trim().split(/\r?\n/, 1)[0]?.trim();
  if (secret) return secret;
  throw secretError(what, `${shown} printed nothing`, hint);
}

/**
 * Runs a command; undefined when its time is over. The shell is told to end by then, but what it has started may hold
 * its output open, so the wait for it ends here.
 */
async function withinTime(keeper: SecretKeeper, command: string): Promise<ShellResult | undefined> {
  const { timeoutMs, signal } = keeper;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeIsOver = new Promise<undefined>((resolve) => timer = setTimeout(() => resolve(undefined), timeoutMs));
  try {
    return await Promise.race([keeper.runShell(command, { timeoutMs, signal }), timeIsOver]);
  } finally {
    clearTimeout(timer);
  }
}

/** The error for a secret in a file that others can read; without one in particular, for the file. */
export function exposedSecret({ path, mode }: ExposedFile, what?: string): MpError {
  const action = what === undefined ? `Cannot read ${path}` : `Cannot use the secret of ${what} in ${path}`;
  return inputError(
    `${action}: other users of this machine can read it (mode ${mode.toString(8)})`,
    `chmod 600 ${shellWord(path)}, or keep the secret in a variable (secret_env) or with a password manager`,
    "config_not_private",
  );
}

function secretError(what: string, state: string, hint: string): MpError {
  return new MpError(`Cannot get the secret of ${what}: ${state}`, { category: "auth", code: "no_secret", hint });
}
