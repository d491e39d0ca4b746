/** How cohorts with their definitions are shown. */
import type { z } from "zod";
import type { definedCohort } from "../../../api/cohorts.ts";
import type { Presentation } from "../../../cli/operation_command.ts";
import { flagsOfDefinition } from "./conditions.ts";

/** Rows with the columns that people look for; the definition in the words of the command's flags. */
export function presentDefinedCohorts(cohorts: readonly z.output<typeof definedCohort>[]): Presentation {
  return {
    rows: cohorts.map((cohort) => ({
      ...cohort,
      visible: cohort.is_visible === undefined ? undefined : Boolean(cohort.is_visible),
      by: cohort.created_by?.name,
      definition: flagsOfDefinition(cohort) ??
        (cohort.selector ?? cohort.groups ? "more than flags can say: see -f json" : undefined),
    })),
    columns: [{ key: "id", identifier: true }, "name", "count", "visible", "definition", "description", "by"],
  };
}
