import { contextChain } from "../../api/business_context.ts";
import { operationCommand } from "../../cli/operation_command.ts";

const textOf = (context: string | { content?: string | null } | null | undefined): string =>
  (typeof context === "string" ? context : context?.content) ?? "";

export default operationCommand(contextChain, {
  description: "What those get who ask about the project's data: the organization's context before the project's.",
  examples: [{ text: "Both", run: "mp business-context chain" }],
  present: ({ org_context, project_context }) => ({
    rows: [
      { whose: "organization", content: textOf(org_context) },
      { whose: "project", content: textOf(project_context) },
    ],
  }),
});
