import { listPipelines } from "../../api/pipelines.ts";
import { operationCommand } from "../../cli/operation_command.ts";

export default operationCommand(listPipelines, {
  examples: [{ text: "The project's pipelines", run: "mp pipelines list" }],
  present: (byProject) => ({
    rows: Object.entries(byProject).flatMap(([project, pipelines]) => pipelines.map((one) => ({ ...one, project }))),
    columns: [{ key: "name", identifier: true }, "frequency", "Dispatcher", "last_dispatched", "sync_enabled"],
  }),
});
