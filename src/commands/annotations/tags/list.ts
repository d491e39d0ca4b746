import { listAnnotationTags } from "../../../api/annotations.ts";
import { operationCommand } from "../../../cli/operation_command.ts";

export default operationCommand(listAnnotationTags, {
  examples: [{ text: "All tags", run: "mp annotations tags list" }],
  present: (tags) => ({
    rows: tags.map(({ id, name, has_annotations }) => ({ id, name, used: has_annotations })),
    columns: [{ key: "id", identifier: true }, "name", "used"],
  }),
});
