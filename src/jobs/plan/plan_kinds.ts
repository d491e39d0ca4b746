/** The kinds of things that a plan has, in the order in which they are written where nothing else decides it. */
import { boardKind } from "./kinds/boards.ts";
import { cohortKind } from "./kinds/cohorts.ts";
import { customEventKind } from "./kinds/custom_events.ts";
import { customPropertyKind } from "./kinds/custom_properties.ts";
import { dropFilterKind } from "./kinds/drop_filters.ts";
import { flagKind } from "./kinds/feature_flags.ts";
import { annotationTagKind, lexiconTagKind } from "./kinds/tags.ts";
import { eventPropertyKind, profilePropertyKind } from "./kinds/property_definitions.ts";
import { reportKind } from "./kinds/reports.ts";
import { behaviorKind, metricKind } from "./kinds/saved_metrics.ts";
import { eventKind, profileKind } from "./kinds/schemas.ts";
import type { PlanKind } from "./plan_kind.ts";

export const PLAN_KINDS: readonly PlanKind[] = [
  lexiconTagKind,
  eventKind,
  profileKind,
  eventPropertyKind,
  profilePropertyKind,
  dropFilterKind,
  customEventKind,
  customPropertyKind,
  cohortKind,
  behaviorKind,
  metricKind,
  boardKind,
  reportKind,
  flagKind,
  annotationTagKind,
];
