/** A JQL script, what it is asked, and what it answers, on its way to a thread of its own and back. */

/** A script failed, by its own doing or at a limit. The message has the script's stack, as Mixpanel's has. */
export class ScriptError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "ScriptError";
  }
}

export interface ScriptLimits {
  memoryBytes: number;
  /** Time that the script itself takes, not counting what the sandbox does for it. */
  runMs: number;
}

export interface ScriptStart {
  kind: "start";
  script: string;
  /** JSON text. */
  params: string;
  nowMs: number;
  limits: ScriptLimits;
}

/** What a script's thread is told, in this order: `start` once, `push` for each batch of items, `end` once. */
export type ScriptMessage =
  | ScriptStart
  /** JSON text of the items, or of pairs. */
  | { kind: "push"; items: string }
  | { kind: "end" };

/**
 * What it answers: the JSON text of its plan (`JqlSource`) or of results, an error of the script, or one of the sandbox.
 */
export type ScriptAnswer =
  | { kind: "text"; text: string }
  | { kind: "script_error"; message: string }
  | { kind: "fault"; message: string };
