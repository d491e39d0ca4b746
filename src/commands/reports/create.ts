import { createBookmark, savableParams } from "../../api/bookmarks.ts";
import { operationCommand } from "../../cli/operation_command.ts";
import { presentReports } from "./shared/present.ts";

export default operationCommand(createBookmark, {
  description:
    `A report belongs to a board, which has to be named with --board; it is not placed there by that. To make a report
that is placed on its board at once, see 'mp boards contents add'. A report of retention is saved with the columns and the
sorting that the web page needs.`,
  args: ["name"],
  omit: ["v"],
  examples: [
    {
      text: "A copy of a report under another name",
      run:
        "mp reports get 9001 --jq .results.params | mp reports create 'The same again' --type insights --board 9501 --params -",
    },
  ],
  prepare: ({ type, params }) =>
    Promise.resolve(type === undefined || params === undefined ? {} : { params: savableParams(type, params) }),
  present: (report) => presentReports([report]),
  done: ({ id, name, dashboard_id }) => `Made report ${id}, ${JSON.stringify(name)}, of board ${dashboard_id}`,
});
