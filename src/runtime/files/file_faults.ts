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
    case "ENOSPC":
    case "EDQUOT":
      return "the disk is full";
    default:
      return undefined;
  }
}
