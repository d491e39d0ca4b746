import { getAnnotation } from "../../api/annotations.ts";
import { operationCommand } from "../../cli/operation_command.ts";
import { presentAnnotations } from "./shared/present.ts";

export default operationCommand(getAnnotation, {
  args: ["annotation_id"],
  examples: [{ text: "One note", run: "mp annotations get 9001" }],
  present: (annotation) => presentAnnotations([annotation]),
});
