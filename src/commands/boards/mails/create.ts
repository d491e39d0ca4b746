import { createBoardMail } from "../../../api/board_mails.ts";
import { operationCommand } from "../../../cli/operation_command.ts";
import { presentMails } from "../shared/mails.ts";

export default operationCommand(createBoardMail, {
  args: ["name"],
  examples: [
    { text: "To one person", run: "mp boards mails create 'Monday numbers' --board 9501 --recipient ada@example.com" },
  ],
  present: (mail) => presentMails([mail]),
  done: ({ id }) => `Made mail ${id}`,
});
