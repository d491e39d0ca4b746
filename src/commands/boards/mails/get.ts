import { getBoardMail } from "../../../api/board_mails.ts";
import { operationCommand } from "../../../cli/operation_command.ts";
import { presentMails } from "../shared/mails.ts";

export default operationCommand(getBoardMail, {
  args: ["digest_id"],
  examples: [{ text: "One mail", run: "mp boards mails get 9801" }],
  present: (mail) => presentMails([mail]),
});
