import { setTemplateCohorts } from "../../../api/dashboard_templates.ts";
import { operationCommand } from "../../../cli/operation_command.ts";

export default operationCommand(setTemplateCohorts, {
  examples: [{ text: "One cohort", run: `mp boards templates set-cohorts --cohorts '[{"id": 8001}]'` }],
  done: (_result, { cohorts }) => `Set ${cohorts.length} cohort${cohorts.length === 1 ? "" : "s"} of templates`,
});
