/** How drop filters are shown. Changes answer all of them. */
import type { z } from "zod";
import type { listDropFilters } from "../../../api/data_governance.ts";
import type { Presentation } from "../../../cli/operation_command.ts";

export function presentDropFilters(filters: z.output<typeof listDropFilters.result> | null | undefined): Presentation {
  return {
    rows: (filters ?? []).map(({ id, eventName, filters, active }) => ({ id, event: eventName, active, filters })),
    columns: [{ key: "id", identifier: true }, "event", "active", "filters"],
  };
}
