/** The check of events. */
import { RepeatedIds } from "../../streams/profiles/repeated_ids.ts";
import { type CheckedEvent, completeRecord } from "../map/complete_record.ts";
import { changesNothing, type Recipe } from "../map/map_recipe.ts";
import { LIMITS, ruleProblem } from "../record_rules.ts";
import { splicePlan } from "../map/splice_plan.ts";
import { eventNotices } from "./event_notices.ts";
import { eventProblems, type EventRuleOptions, eventWarnings } from "./event_rules.ts";
import { ReadyEvents } from "./ready_event.ts";
import { type Preparation, type ReadyRecords, type RecordCheck, recordCheck } from "./record_check.ts";
import { SplicedEvents } from "./spliced_event.ts";

const encoder = new TextEncoder();

/** Four million. */
const MOST_ID_BYTES = 64 * 1024 * 1024;

/** What `/track` takes besides what everything takes. */
export type LiveRules = Pick<EventRuleOptions, "nameless">;

/**
 * The check for events. Those without an `$insert_id` get one.
 *
 * @param live for `/track`: events without a time get the moment at which they are read
 * @param idBytes for telling records that are equal: as many as fit are known
 */
export function eventCheck(
  live: boolean | LiveRules,
  preparation?: Preparation,
  idBytes: number = MOST_ID_BYTES,
): RecordCheck {
  const rules = { live: live !== false, nameless: typeof live === "object" && live.nameless };
  const seen = new RepeatedIds(idBytes);
  let saysItIsFull = true;
  const bytes = new Uint8Array(LIMITS.insertIdCharacters);
  return recordCheck({
    problemsOf: (record, nowMs, most) => eventProblems(record, { nowMs, ...rules }, most),
    warningsOf: eventWarnings,
    noticesOf: eventNotices,
    print: (record, text, nowMs, warn) =>
      completeRecord(record as CheckedEvent, text, nowMs, (id) => {
        const { written } = encoder.encodeInto(id, bytes);
        const { isFull } = seen;
        if (seen.add(bytes, 0, written)) warn(ruleProblem("repeated_record"));
        else if (isFull && saysItIsFull) {
          saysItIsFull = false;
          warn(ruleProblem("repeats_unchecked", { detail: String(seen.mostIds) }));
        }
      }),
    ready: live ? undefined : readyEvents,
  }, preparation);
}

function readyEvents(recipe: Recipe | undefined): ReadyRecords | undefined {
  if (recipe === undefined || changesNothing(recipe)) return new ReadyEvents();
  const plan = splicePlan(recipe);
  return plan && new SplicedEvents(plan);
}
