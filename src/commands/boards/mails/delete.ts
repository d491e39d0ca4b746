import { deleteBoardMail } from "../../../api/board_mails.ts";
import { operationCommand } from "../../../cli/operation_command.ts";

export default operationCommand(deleteBoardMail, {
  args: ["digest_id"],
  examples: [{ text: "Without being asked", run: "mp boards mails delete 9801 --yes" }],
  confirm: ({ digest_id }) => `Delete mail ${digest_id}? Nobody gets it any more.`,
  done: (_result, { digest_id }) => `Deleted mail ${digest_id}`,
});
