/** What both ways of following events are told, and what they give. */

export interface TailOptions {
  /** Only events of these names. */
  names?: readonly string[];
  /** When to end. */
  untilMs: number;
  /** Says something about the work. */
  note(line: string): Promise<void>;
}

/** Events that have just come: JSON texts of one line each. */
export type NewEvents = readonly string[];
