/** What kind of failure an error is. Each category has one exit code, and scripts may rely on both. */
export type ErrorCategory =
  | "failure"
  | "auth"
  | "input"
  | "not_found"
  | "rate_limited"
  | "server"
  | "network"
  | "partial"
  | "interrupted";

const EXIT_CODES: Record<ErrorCategory, number> = {
  failure: 1,
  auth: 2,
  input: 3,
  not_found: 4,
  rate_limited: 5,
  server: 6,
  network: 7,
  partial: 8,
  interrupted: 130,
};

/** What an error carries besides its message. */
export interface ErrorDetails {
  category: ErrorCategory;
  /** A short stable name for scripts, such as `bad_date`. Default: the category. */
  code?: string;
  /** What to do next; where there is one, a command to type. */
  hint?: string;
  /** HTTP status of the answer, when there was one. */
  status?: number;
  /** The server's own identifier of the request, when it sent one. */
  requestId?: string;
  /** The server's own words, cleaned of control characters. */
  serverMessage?: string;
  /** The server's own short name of the error: `INVALID_PARAM`. */
  serverCode?: string;
  /** The parameter that the server complains of. */
  parameter?: string;
  /** Seconds until it is worth trying again, when known. */
  retryAfterSeconds?: number;
  /** True when a path, and not the object it names, is missing: another route may be tried. */
  endpointMissing?: boolean;
  /** True when it is not known whether a change was made: it was sent, and its answer is missing or unclear. */
  inDoubt?: boolean;
  /** What came of the answer to a change that is in doubt, which may tell something that is shown once. */
  received?: string;
  cause?: unknown;
}

/**
 * The one error that `mp` throws on purpose.
 *
 * Its message names the action, the value and the state, in sentence case and without a final period:
 * `Cannot export 2026-02-30: no such day`.
 */
export class MpError extends Error {
  readonly category: ErrorCategory;
  readonly code: string;
  readonly hint?: string;
  readonly status?: number;
  readonly requestId?: string;
  readonly serverMessage?: string;
  readonly serverCode?: string;
  readonly parameter?: string;
  readonly retryAfterSeconds?: number;
  readonly endpointMissing: boolean;
  readonly inDoubt: boolean;
  readonly received?: string;

  constructor(message: string, details: ErrorDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = "MpError";
    this.category = details.category;
    this.code = details.code ?? details.category;
    this.hint = details.hint;
    this.status = details.status;
    this.requestId = details.requestId;
    this.serverMessage = details.serverMessage;
    this.serverCode = details.serverCode;
    this.parameter = details.parameter;
    this.retryAfterSeconds = details.retryAfterSeconds;
    this.endpointMissing = details.endpointMissing ?? false;
    this.inDoubt = details.inDoubt ?? false;
    this.received = details.received;
  }

  /** The process exit code of this error's category. */
  get exitCode(): number {
    return EXIT_CODES[this.category];
  }
}

/** The same error, with what else there is to do: `wait a minute; then run the same command again`. */
export function withFurtherHint(error: MpError, further: string, word = "then "): MpError {
  const hint = error.hint === undefined ? further : `${error.hint}; ${word}${further}`;
  return new MpError(error.message, { ...error, hint, cause: error });
}

/** An error about something that the user typed or piped in; nothing was sent. */
export function inputError(message: string, hint?: string, code?: string): MpError {
  return new MpError(message, { category: "input", hint, code });
}

/**
 * The error of a failure after which something else failed too: that becomes a part of its `cause`. Both may be one error,
 * or one the cause of the other, such as the reason of a signal that ended everything: then nothing is added.
 */
export function alsoFailed(error: unknown, further: unknown): unknown {
  if (isBehind(error, further) || isBehind(further, error)) return error;
  if (!(error instanceof Error)) return new AggregateError([error, further]);
  error.cause = error.cause === undefined ? further : new AggregateError([error.cause, further]);
  return error;
}

/** Whether one error is the other, or among its causes. */
function isBehind(error: unknown, wanted: unknown): boolean {
  if (error === wanted) return true;
  if (!(error instanceof Error)) return false;
  const further = error instanceof AggregateError ? error.errors : [];
  return [error.cause, ...further].some((cause) => cause !== undefined && isBehind(cause, wanted));
}

/** Thrown by a write to a pipe that its reader has closed (`mp … | head`): the program ends quietly. */
export class ClosedPipeError extends Error {
  constructor() {
    super("The reader closed the pipe");
    this.name = "ClosedPipeError";
  }
}
