/** An operation as `mp api --list` shows it. Plain data: nothing is loaded for it. */
import type { Row } from "../../../output/row.ts";

export interface ListedOperation {
  id: string;
  method: string;
  path: string;
  /** Other endpoints for the same, tried when the first does not exist. */
  alternatives: { method: string; path: string }[];
  credentials: string[];
  quota: string | null;
  command: string | null;
  /** How it is known, where Mixpanel does not publish it: `recorded`, `client` or `one_client`. */
  unpublished: string | null;
  summary: string;
}

/** One row for each operation, for tables. */
export function operationRows(operations: readonly ListedOperation[]): Row[] {
  return operations.map(({ id, method, path, credentials, command }) => ({
    id,
    method,
    path,
    credentials: credentials.join(" "),
    command: command ?? "",
  }));
}
