import { createAnnotationTag } from "../../../api/annotations.ts";
import { operationCommand } from "../../../cli/operation_command.ts";

export default operationCommand(createAnnotationTag, {
  args: ["name"],
  examples: [{ text: "A tag for releases of the app", run: "mp annotations tags create app" }],
  present: ({ id, name }) => ({ rows: [{ id, name }] }),
  done: ({ id, name }) => `Made tag ${id}, ${JSON.stringify(name)}`,
});
