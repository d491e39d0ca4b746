import { deleteAnnotation } from "../../api/annotations.ts";
import { operationCommand } from "../../cli/operation_command.ts";

export default operationCommand(deleteAnnotation, {
  args: ["annotation_id"],
  examples: [{ text: "Delete a note, without being asked", run: "mp annotations delete 9003 --yes" }],
  confirm: ({ annotation_id }) => `Delete annotation ${annotation_id}?`,
  done: (_result, { annotation_id }) => `Deleted annotation ${annotation_id}`,
});
