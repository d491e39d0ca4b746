import { getBookmark } from "../../api/bookmarks.ts";
import { operationCommand } from "../../cli/operation_command.ts";
import { presentReports } from "./shared/present.ts";

export default operationCommand(getBookmark, {
  args: ["bookmark_id"],
  omit: ["v"],
  examples: [
    { text: "One report", run: "mp reports get 9001" },
    { text: "Only what it asks, to a file", run: "mp reports get 9001 --jq .results.params -o question.json" },
  ],
  present: (report) => presentReports([report]),
});
