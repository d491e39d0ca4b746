import { contentCommand } from "../shared/content_command.ts";

export default contentCommand("delete", {
  summary: "delete a content from a board",
  description: "A report goes with it. 'mp boards contents undelete' brings it back.",
  done: "Deleted from",
  example: { text: "A text, without being asked", run: "mp boards contents delete 9502 9602 --yes" },
});
