/** Failures that no repetition fixes, whatever a table of retry rules says of their kind. */
import type { MpError } from "../errors.ts";

const LASTING =
  /^(certificate_.*|proxy_refused|redirect|repeated_credentials|answer_too_large|record_too_long|unknown_encoding|unexpected_answer)$/;

/** Whether the same request would fail in the same way. What is neither success nor error comes from somewhere else. */
export function isLasting({ code, status = 200 }: MpError): boolean {
  return LASTING.test(code) || (status > 200 && status < 400);
}
