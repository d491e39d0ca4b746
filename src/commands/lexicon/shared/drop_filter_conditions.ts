/** What a drop filter holds for, as it is typed: an expression, or the clauses themselves. */
import type { z } from "zod";
import type { createDropFilter } from "../../../api/data_governance.ts";
import { expression } from "../../../api/params.ts";
import { inputError } from "../../../errors.ts";
import { writeConditions } from "../../../reports/clauses.ts";
import { reporting } from "../../query/shared/reporting.ts";

type Clauses = z.output<typeof createDropFilter.params.shape.filters>;

export const WHERE_DROPPED = expression('Which are meant: those where this holds, such as properties["plan"] == "test"')
  .optional();

/**
 * The clauses of `--where` or of `--filters`; undefined for neither.
 *
 * @throws MpError (input) for both, and for what clauses cannot say: a drop filter has no place for "or".
 */
export function droppedClauses({ where, filters }: { where?: string; filters?: Clauses }): Clauses | undefined {
  if (where === undefined) return filters;
  if (filters !== undefined) {
    throw inputError("Cannot use --where with --filters", "give one or the other", "bad_flags");
  }
  const { clauses, determiner } = reporting("--where", where, (text) => writeConditions({ where: text }));
  if (determiner === "all") return clauses;
  throw inputError(
    `Cannot use --where ${JSON.stringify(where)}: all conditions of a drop filter must hold, and this has an "or"`,
    "make one drop filter for each side of the or",
    "bad_expression",
  );
}
