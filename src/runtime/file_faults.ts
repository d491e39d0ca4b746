/** Why a file or stream cannot be written, in words for a message. */
export function writeFault(cause: unknown): string {
  const code = (cause as { code?: string } | undefined)?.code;
  switch (code) {
    case "ENOENT":
    case "ENOTDIR":
      return "no such folder";
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return "permission denied";
    case "EISDIR":
      return "it is a folder";
    case "ENOSPC":
    case "EDQUOT":
      return "the disk is full";
    default:
      return code ?? String(cause);
  }
}
