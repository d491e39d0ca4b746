import { contextChain } from "../../api/business_context.ts";
import { operationCommand } from "../../cli/operation_command.ts";

export default operationCommand(contextChain, {
  description: "What those get who ask about the project's data: the organization's context before the project's.",
  examples: [{ text: "Both", run: "mp business-context chain" }],
  present: ({ org_context, project_context }) => ({
    rows: [
      { whose: "organization", content: org_context?.content ?? "" },
      { whose: "project", content: project_context?.content ?? "" },
    ],
  }),
});
