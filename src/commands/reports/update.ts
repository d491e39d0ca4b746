import { getBookmark, savableParams, updateBookmark } from "../../api/bookmarks.ts";
import { call } from "../../api/call.ts";
import { operationCommand } from "../../cli/operation_command.ts";
import { inputError } from "../../errors.ts";
import { presentReports } from "./shared/present.ts";

export default operationCommand(updateBookmark, {
  description:
    "What is not named stays as it is. --params replaces the whole question; the report's kind is looked up for it.",
  args: ["bookmark_id"],
  omit: ["v"],
  examples: [
    { text: "Another name", run: "mp reports update 9002 --name 'Buyers by system'" },
    { text: "Another board owns it", run: "mp reports update 9002 --board 9502" },
  ],
  async prepare({ bookmark_id, v: _v, ...changes }, context) {
    if (bookmark_id === undefined || Object.values(changes).every((value) => value === undefined)) {
      throw inputError(
        `Cannot update report ${bookmark_id}: nothing to change is given`,
        "add --name, --description, --params or --board",
        "missing_argument",
      );
    }
    const { params, type } = changes;
    if (params === undefined) return {};
    if (type === undefined && context.globals.dryRun) await context.note("The report is read first, for its kind");
    const kind = type ?? (await call(await context.client(), getBookmark, { bookmark_id })).result().type;
    return { params: savableParams(kind, params) };
  },
  present: (report) => presentReports([report]),
  done: ({ id, name }) => `Changed report ${id}, ${JSON.stringify(name)}`,
});
