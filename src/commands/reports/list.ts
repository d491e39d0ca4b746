import { bookmarksIn, listBookmarks } from "../../api/bookmarks.ts";
import { keepListed } from "../../cli/live_values.ts";
import { operationCommand } from "../../cli/operation_command.ts";
import { presentReports, reportItems } from "./shared/present.ts";

export default operationCommand(listBookmarks, {
  examples: [
    { text: "All saved reports", run: "mp reports list" },
    { text: "Only funnels", run: "mp reports list --type funnels" },
  ],
  omit: ["v"],
  present: (result) => presentReports(bookmarksIn(result)),
  async keep(result, { type, ids }, context) {
    if (type === undefined && ids === undefined) {
      await keepListed({ kind: "reports" }, context, reportItems(bookmarksIn(result)));
    }
  },
});
