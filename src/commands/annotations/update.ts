import { updateAnnotation } from "../../api/annotations.ts";
import { operationCommand } from "../../cli/operation_command.ts";
import { inputError } from "../../errors.ts";
import { presentAnnotations } from "./shared/present.ts";

export default operationCommand(updateAnnotation, {
  description: "A note's day cannot be changed: delete it and make another.",
  args: ["annotation_id"],
  examples: [
    { text: "Another text", run: "mp annotations update 9002 --description 'Price test, second week'" },
    { text: "Remove all tags", run: `mp annotations update 9002 --data '{"tags": []}'` },
  ],
  prepare({ annotation_id, description, tags }) {
    if (description !== undefined || tags !== undefined) return Promise.resolve({});
    throw inputError(
      `Cannot update annotation ${annotation_id}: nothing to change is given`,
      "add --description TEXT or --tag-id ID",
      "missing_argument",
    );
  },
  present: (annotation) => presentAnnotations([annotation]),
  done: ({ id }) => `Changed annotation ${id}`,
});
