import { bookmarkHistory } from "../../api/bookmarks.ts";
import { operationCommand } from "../../cli/operation_command.ts";

export default operationCommand(bookmarkHistory, {
  description: "All pages, unless --cursor or --page-size says otherwise.",
  args: ["bookmark_id"],
  examples: [{ text: "Who changed it, and when", run: "mp reports history 9001" }],
});
