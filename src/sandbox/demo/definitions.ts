/** What somebody has already set up in the demo's Lexicon, beside its schemas. */
import { isoDay } from "../../streams/iso_time.ts";
import { LEXICON_SCHEMA, OWN, type SavedSchema } from "../app/lexicon_entries.ts";
import { ANOMALY, type SavedAnomaly } from "../data_definitions/anomalies.ts";
import { DELETION_REQUEST, type SavedDeletion } from "../data_definitions/deletions.ts";
import { DROP_FILTER, type SavedDropFilter } from "../data_definitions/drop_filters.ts";
import { ENFORCEMENT, type SavedEnforcement } from "../data_definitions/enforcement.ts";
import { LEXICON_TAG, type SavedLexiconTag } from "../data_definitions/tags.ts";
import type { Store } from "../store/store.ts";

const DAY_MS = 86_400_000;
const OWNER = "owner@example.com";

export function loadDefinitions({ savedObjects }: Store, projectId: number, nowMs: number): void {
  const put = <T extends object>(kind: string, id: number, body: T) => savedObjects.put(projectId, kind, id, body);
  for (const [index, name] of ["core", "legacy"].entries()) put<SavedLexiconTag>(LEXICON_TAG, 9201 + index, { name });
  put<SavedSchema>(LEXICON_SCHEMA, 101, {
    entityType: "event",
    name: "Load Test",
    schemaJson: { metadata: { [OWN]: { hidden: true } } },
    definition: { createdMs: nowMs - 10 * DAY_MS, modifiedMs: nowMs - 10 * DAY_MS },
    hasNoSchema: true,
  });
  put<SavedDropFilter>(DROP_FILTER, 9301, {
    eventName: "Load Test",
    filters: [{
      resourceType: "events",
      value: "plan",
      filterType: "string",
      defaultType: "string",
      filterOperator: "equals",
      filterValue: ["test"],
    }],
    // One that is applied would have every event looked at.
    active: false,
    createdMs: nowMs - 10 * DAY_MS,
  });
  const expected = { predictedLower: 900, predictedUpper: 1100, timeMs: nowMs - DAY_MS, status: "open" } as const;
  put<SavedAnomaly>(ANOMALY, 9401, { ...expected, actualCount: 310, anomalyClass: "Event", eventName: "Purchase" });
  put<SavedAnomaly>(ANOMALY, 9402, { ...expected, actualCount: 2300, anomalyClass: "Event", eventName: "Sign Up" });
  put<SavedDeletion>(DELETION_REQUEST, 9501, {
    eventName: "Load Test",
    fromDate: isoDay(nowMs - 3 * DAY_MS),
    toDate: isoDay(nowMs - 2 * DAY_MS),
    requestingUser: OWNER,
    requestedMs: nowMs - DAY_MS,
    // Mixpanel lets it be cancelled for a week.
    turnMs: nowMs + 6 * DAY_MS,
  });
  put<SavedEnforcement>(ENFORCEMENT, 1, {
    ruleEvent: "Warn and Accept",
    notificationEmails: [OWNER],
    events: [],
    commonProperties: [],
    userProperties: [],
    initializedBy: OWNER,
    modifiedBy: OWNER,
    createdMs: nowMs - 30 * DAY_MS,
    modifiedMs: nowMs - 30 * DAY_MS,
  });
}
