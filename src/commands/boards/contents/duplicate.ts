import { contentCommand } from "../shared/content_command.ts";

export default contentCommand("duplicate", {
  summary: "make a content of a board once more",
  done: "Added to",
  example: { text: "A report, to change the copy", run: "mp boards contents duplicate 9501 9001" },
});
