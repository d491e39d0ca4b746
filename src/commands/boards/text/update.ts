import { updateTextCard } from "../../../api/dashboards.ts";
import { operationCommand } from "../../../cli/operation_command.ts";

export default operationCommand(updateTextCard, {
  description:
    `HTML of p, h1 to h3, strong, em, u, s, mark, code, blockquote, hr, br, ul, ol, li and a, at most 2000 characters.
Mixpanel throws other tags away, and line feeds garble the text.`,
  args: ["dashboard_id", "content_id"],
  examples: [{ text: "Another text", run: "mp boards text update 9501 9601 --html '<h2>Numbers</h2>'" }],
  done: (_result, { content_id }) => `Changed text ${content_id}`,
});
