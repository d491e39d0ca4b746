import { updateBookmark } from "../../api/bookmarks.ts";
import { operationCommand } from "../../cli/operation_command.ts";
import { inputError } from "../../errors.ts";
import { presentReports } from "./shared/present.ts";

export default operationCommand(updateBookmark, {
  description: "What is not named stays as it is. --params replaces the whole question.",
  args: ["bookmark_id"],
  omit: ["v"],
  examples: [
    { text: "Another name", run: "mp reports update 9002 --name 'Buyers by system'" },
    { text: "Another board owns it", run: "mp reports update 9002 --board 9502" },
  ],
  prepare({ bookmark_id, v: _v, ...changes }) {
    if (Object.values(changes).some((value) => value !== undefined)) return Promise.resolve({});
    throw inputError(
      `Cannot update report ${bookmark_id}: nothing to change is given`,
      "add --name, --description, --params or --board",
      "missing_argument",
    );
  },
  present: (report) => presentReports([report]),
  done: ({ id, name }) => `Changed report ${id}, ${JSON.stringify(name)}`,
});
