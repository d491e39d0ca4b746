import { contentCommand } from "../shared/content_command.ts";

export default contentCommand("undelete", {
  summary: "bring a deleted content of a board back",
  description: "A report, unless --kind says otherwise.",
  done: "Brought back to",
  example: { text: "A report that was deleted", run: "mp boards contents undelete 9501 9007" },
});
