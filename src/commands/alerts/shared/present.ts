/** How alerts are shown. */
import type { z } from "zod";
import { type alert, formatFrequency } from "../../../api/alerts.ts";
import type { Presentation } from "../../../cli/operation_command.ts";

/** Rows with the columns that people look for. */
export function presentAlerts(alerts: readonly z.output<typeof alert>[]): Presentation {
  return {
    rows: alerts.map(({ id, name, bookmark, frequency, paused, valid, last_fired }) => ({
      id,
      name,
      report: bookmark?.name ?? bookmark?.id,
      every: formatFrequency(frequency),
      paused,
      valid,
      last_fired,
    })),
    columns: [{ key: "id", identifier: true }, "name", "report", "every", "paused", "valid", "last_fired"],
  };
}
