import { updateBookmarks } from "../../api/bookmarks.ts";
import { operationCommand } from "../../cli/operation_command.ts";

export default operationCommand(updateBookmarks, {
  examples: [
    {
      text: "New names for two reports",
      run: `mp reports update-many --changes '[{"id": 9001, "name": "Growth"}, {"id": 9002, "name": "Buyers"}]'`,
    },
  ],
  done: (_result, { bookmarks }) => `Changed ${bookmarks.length} reports`,
});
