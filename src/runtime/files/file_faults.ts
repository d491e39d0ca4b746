/** Faults of files, in words for a message. */
import { MpError } from "../../errors.ts";

/** What the system says of a file, in words. Which thing is missing depends on what was to be done with it. */
const STATES: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "nothing can be written to its file system",
  EISDIR: "it is a folder",
  ELOOP: "its links lead in a circle",
  ENAMETOOLONG: "the name is too long",
  ENOSPC: "the disk is full",
  EDQUOT: "the disk is full",
  EFBIG: "a file cannot be so large there",
  EMFILE: "too many files are open",
  ENFILE: "too many files are open",
  EBUSY: "it is in use",
  ETXTBSY: "it is a program that runs",
  ENXIO: "there is no such device, or nobody reads the pipe",
  ENODEV: "there is no such device, or nobody reads the pipe",
  EIO: "the disk fails",
  ERR_SQLITE_ERROR: "no file can be made there",
};

const codeOf = (cause: unknown): string => String((cause as { code?: unknown } | undefined)?.code ?? "");
const isMissing = (cause: unknown): boolean => /^(ENOENT|ENOTDIR)$/.test(codeOf(cause));
/** For what the table does not know. */
const unknownState = (cause: unknown): string => `the system refuses it (${codeOf(cause)})`;

/** Why a file or stream cannot be written, in words for a message. */
export function writeFault(cause: unknown): string {
  return fileFault(cause) ?? (isSystemFault(cause) ? unknownState(cause) : String(cause));
}

/** Why a file cannot be written or used, as far as that is the user's affair; undefined for any other fault. */
export function fileFault(cause: unknown): string | undefined {
  if (cause instanceof NotAFileError) return cause.message;
  return isMissing(cause) ? "no such folder" : STATES[codeOf(cause)];
}

/** Why the system refuses to read a file, in words; undefined for an error that is not the system's. */
export function readFault(cause: unknown): string | undefined {
  if (isMissing(cause)) return "no such file";
  return fileFault(cause) ?? (isSystemFault(cause) ? unknownState(cause) : undefined);
}

/** Thrown for what gives no text of its own, or never ends: a device, or a named pipe that waits for somebody. */
export class NotAFileError extends Error {
  readonly code = "not_a_file";

  constructor(kind: "device" | "named pipe") {
    super(`it is a ${kind}, and no file`);
    this.name = "NotAFileError";
  }
}

/** What an error that nobody expected is to the user: a fault of the file system, or of `mp`. */
export function unexpectedError(cause: unknown): MpError {
  const { path } = (cause ?? {}) as { path?: unknown };
  const state = readFault(cause);
  if (state === undefined) {
    const message = cause instanceof Error ? cause.message : String(cause);
    const hint = "this is a fault of mp; run it again with -v to see where";
    return new MpError(`Something went wrong: ${message}`, { category: "failure", code: "bug", hint, cause });
  }
  const what = typeof path === "string" ? JSON.stringify(path) : "a file";
  return new MpError(`Cannot use ${what}: ${state}`, { category: "failure", code: codeOf(cause).toLowerCase(), cause });
}

/** Whether the system, and not a mistake in the program, has made an operation fail. */
export function isSystemFault(cause: unknown): boolean {
  return /^(E[A-Z0-9]+|UNKNOWN|ERR_SQLITE_ERROR)$/.test(codeOf(cause));
}

/** Waits for an operation that need not succeed, such as removing what nobody needs: the system may refuse it. */
export async function attempted(operation: Promise<unknown>): Promise<void> {
  try {
    await operation;
  } catch (error) {
    if (!isSystemFault(error)) throw error;
  }
}

/** Nothing is or can be there, or it is where this user cannot look, or no link, or one that leads in a circle. */
const UNSEEN = /^(ENOENT|ENOTDIR|ENAMETOOLONG|EACCES|EPERM|EINVAL|ELOOP|UNKNOWN)$/;

/** What looking at a path gives; undefined where there is nothing to be seen. */
export async function unlessUnseen<T>(look: Promise<T>): Promise<T | undefined> {
  try {
    return await look;
  } catch (error) {
    if (UNSEEN.test(codeOf(error))) return undefined;
    throw error;
  }
}
