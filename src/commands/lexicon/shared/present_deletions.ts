/** How requests to delete events are shown. Changes answer all of them. */
import type { z } from "zod";
import type { listDeletionRequests } from "../../../api/data_governance.ts";
import type { Presentation } from "../../../cli/operation_command.ts";

export function presentDeletions(
  requests: z.output<typeof listDeletionRequests.result> | null | undefined,
): Presentation {
  return {
    rows: (requests ?? []).map((one) => ({
      id: one.id,
      event: one.eventName,
      from: one.fromDate,
      to: one.toDate,
      status: one.status,
      deleted: one.deletedEventsCount,
      filters: one.filters,
    })),
    columns: [{ key: "id", identifier: true }, "event", "from", "to", "status", "deleted", "filters"],
  };
}
