import { listBoardTemplates } from "../../../api/dashboard_templates.ts";
import { operationCommand } from "../../../cli/operation_command.ts";

export default operationCommand(listBoardTemplates, {
  examples: [{ text: "All templates", run: "mp boards templates list" }],
  present: ({ templates }) => ({
    rows: Object.entries(templates).map(([template, { title_key, description_key, number_of_reports }]) => ({
      template,
      title: title_key,
      description: description_key,
      reports: number_of_reports,
    })),
  }),
});
