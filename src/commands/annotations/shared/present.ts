/** How annotations are shown. */
import type { z } from "zod";
import type { annotation } from "../../../api/annotations.ts";
import type { Presentation } from "../../../cli/operation_command.ts";

/** Rows with the columns that people look for. */
export function presentAnnotations(annotations: readonly z.output<typeof annotation>[]): Presentation {
  return {
    rows: annotations.map(({ id, date, description, tags, user }) => ({
      id,
      date,
      description,
      tags: tags.map((tag) => tag.name).join(", "),
      by: [user?.first_name, user?.last_name].filter(Boolean).join(" "),
    })),
    columns: [{ key: "id", identifier: true }, "date", "description", "tags", "by"],
  };
}
