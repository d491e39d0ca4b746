import { inputError, type MpError } from "../../../errors.ts";

/** What is said of `port 8787`, or of several ports, that cannot be had. */
export function portError(ports: string, cause: unknown): MpError {
  return inputError(
    `Cannot serve on ${ports}: ${(cause as Error).message}`,
    "choose another: mp sandbox --port 0 lets the system choose",
    "port_in_use",
  );
}
