import { createAnnotation } from "../../api/annotations.ts";
import { operationCommand } from "../../cli/operation_command.ts";
import { presentAnnotations } from "./shared/present.ts";

export default operationCommand(createAnnotation, {
  args: ["description"],
  examples: [
    { text: "What was released today", run: "mp annotations create 'Release 2.4' --date today" },
    { text: "With a time and a tag", run: "mp annotations create 'Outage' --date '2026-08-01 14:30' --tag-id 9101" },
  ],
  present: (annotation) => presentAnnotations([annotation]),
  done: ({ id, date }) => `Made annotation ${id} on ${date}`,
});
