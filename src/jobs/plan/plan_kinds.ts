/** The kinds of things that a plan has, in the order in which they are written where nothing else decides it. */
import { annotationTagKind } from "./kinds/annotation_tags.ts";
import { flagKind } from "./kinds/feature_flags.ts";
import { eventKind, profileKind } from "./kinds/schemas.ts";
import type { PlanKind } from "./plan_kind.ts";

export const PLAN_KINDS: readonly PlanKind[] = [eventKind, profileKind, flagKind, annotationTagKind];
