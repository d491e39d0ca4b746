import { updateDashboard } from "../../api/dashboards.ts";
import { operationCommand } from "../../cli/operation_command.ts";
import { inputError } from "../../errors.ts";
import { presentBoards } from "./shared/present.ts";

export default operationCommand(updateDashboard, {
  description:
    `What is not named stays as it is. --rows-layout takes rows_order, and rows as a list with id, height and cells; what
'mp boards get' shows as order and version is not taken. 'mp boards contents list' changes one content, 'mp boards apply' all.`,
  args: ["dashboard_id"],
  examples: [
    { text: "Another title", run: "mp boards update 9502 --title 'Money'" },
    {
      text: "All its reports begin on a day",
      run: `mp boards update 9501 --time-filter '{"dateRange": {"type": "since", "from_date": "2026-01-01"}}'`,
    },
  ],
  prepare({ dashboard_id, ...changes }) {
    if (Object.values(changes).some((value) => value !== undefined)) return Promise.resolve({});
    throw inputError(
      `Cannot update board ${dashboard_id}: nothing to change is given`,
      "add --title, --description or --rows-layout; see 'mp boards update --help'",
      "missing_argument",
    );
  },
  present: (board) => presentBoards([board]),
  done: ({ id, title }) => `Changed board ${id}, ${JSON.stringify(title)}`,
});
