import { deleteBookmark, deleteBookmarks } from "../../api/bookmarks.ts";
import { deleteCommand } from "../../cli/delete_command.ts";

export default deleteCommand({
  one: deleteBookmark,
  many: deleteBookmarks,
  id: "bookmark_id",
  ids: "bookmark_ids",
  noun: "report",
  description: "They leave the boards that show them. Several go in one request.",
  examples: [
    { text: "One, without being asked", run: "mp reports delete 9002 --yes" },
    { text: "Several", run: "mp reports delete 9003 9004 --yes" },
  ],
});
