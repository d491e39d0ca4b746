import { createRootCause } from "../../../api/dashboard_templates.ts";
import { operationCommand } from "../../../cli/operation_command.ts";
import { presentBoards } from "../shared/present.ts";

export default operationCommand(createRootCause, {
  examples: [
    {
      text: "Why there was an anomaly on a day",
      run: `mp boards templates root-cause --about 5 --about-data '{"type": "anomaly", "date": "2026-04-02"}'`,
    },
  ],
  present: (board) => presentBoards([board]),
  done: ({ id }) => `Made board ${id}`,
});
