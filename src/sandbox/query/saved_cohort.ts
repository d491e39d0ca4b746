/** Cohorts as they are saved: people of whom something is true. */
import type { Author } from "../app/author.ts";

/** The kind of saved objects that cohorts are. */
export const COHORT = "cohort";

/** Who is in a cohort, as `raw_cohort` has it in queries. One without a selector has no members. */
export interface CohortDefinition {
  /** A tree of conditions; for cohorts of the reference's endpoint an expression, alone or under `where`. */
  selector?: unknown;
  /** What members did or did not do, by the names that the selector has for it. */
  behaviors?: unknown;
  /** The newer form, whose grammar is not known: it is kept, and nobody is in it. */
  groups?: unknown;
}

/** A cohort as it is saved, under its id. */
export interface SavedCohort extends CohortDefinition {
  name: string;
  description?: string;
  createdMs?: number;
  editedMs?: number;
  creator?: Author;
  isVisible?: boolean;
  isLocked?: boolean;
  dataGroupId?: string | number | null;
}
