/** A question that is being answered: whose events, which time, and how much may be told. */
import type { EventView } from "../../../analytics/rows/event_view.ts";
import type { SandboxCall } from "../../call.ts";
import type { TimeRange } from "./time.ts";

export interface Question {
  readonly call: SandboxCall;
  readonly view: EventView;
  readonly range: TimeRange;
  /** The most segments that an answer tells. */
  readonly limit: number;
}
