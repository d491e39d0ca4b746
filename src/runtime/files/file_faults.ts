/** Why a file or stream cannot be written, in words for a message. */
export function writeFault(cause: unknown): string {
  return fileFault(cause) ?? (cause as { code?: string } | undefined)?.code ?? String(cause);
}

/** Why a file cannot be used, as far as that is the user's affair; undefined for any other fault. */
export function fileFault(cause: unknown): string | undefined {
  switch ((cause as { code?: string } | undefined)?.code) {
    case "ENOENT":
    case "ENOTDIR":
      return "no such folder";
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return "permission denied";
    case "EISDIR":
      return "it is a folder";
    case "ERR_SQLITE_ERROR":
      return "no file can be made there";
    case "ENAMETOOLONG":
      return "the name is too long";
    case "ENOSPC":
    case "EDQUOT":
      return "the disk is full";
    default:
      return undefined;
  }
}

/** Whether the system, and not a mistake in the program, has made an operation fail. */
export function isSystemFault(cause: unknown): boolean {
  const code = (cause as { code?: unknown } | undefined)?.code;
  return typeof code === "string" && /^(E[A-Z0-9]+|UNKNOWN|ERR_SQLITE_ERROR)$/.test(code);
}

/** Waits for an operation that need not succeed, such as removing what nobody needs: the system may refuse it. */
export async function attempted(operation: Promise<unknown>): Promise<void> {
  try {
    await operation;
  } catch (error) {
    if (!isSystemFault(error)) throw error;
  }
}

/** Nothing is there, or it is where this user cannot look, or no link, or one that leads in a circle. */
const UNSEEN: ReadonlySet<unknown> = new Set(["ENOENT", "ENOTDIR", "EACCES", "EPERM", "EINVAL", "ELOOP", "UNKNOWN"]);

/** What looking at a path gives; undefined where there is nothing to be seen. */
export async function unlessUnseen<T>(look: Promise<T>): Promise<T | undefined> {
  try {
    return await look;
  } catch (error) {
    if (UNSEEN.has((error as { code?: unknown } | undefined)?.code)) return undefined;
    throw error;
  }
}
