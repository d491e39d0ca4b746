/** Failures that no repetition mends, whatever a table of retry rules says of their kind. */
import type { MpError } from "../errors.ts";

const LASTING = /^(certificate_.*|proxy_refused|redirect|repeated_credentials)$/;

/** Whether the same request would fail in the same way. */
export function isLasting({ code }: MpError): boolean {
  return LASTING.test(code);
}
