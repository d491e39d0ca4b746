import { listBoardMails } from "../../../api/board_mails.ts";
import { operationCommand } from "../../../cli/operation_command.ts";
import { presentMails } from "../shared/mails.ts";

export default operationCommand(listBoardMails, {
  examples: [{ text: "All mails", run: "mp boards mails list" }],
  present: presentMails,
});
