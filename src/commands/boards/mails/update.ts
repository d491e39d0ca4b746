import { z } from "zod";
import { getBoardMail, MAIL_FIELDS, updateBoardMail } from "../../../api/board_mails.ts";
import { call, withoutEnvelope } from "../../../api/call.ts";
import { operationCommand } from "../../../cli/operation_command.ts";
import { inputError } from "../../../errors.ts";
import { definedFields } from "../../../streams/json/defined_fields.ts";
import { presentMails } from "../shared/mails.ts";

export default operationCommand(updateBoardMail, {
  description: "Mixpanel takes a mail only as a whole: it is read, changed and written back.",
  args: ["digest_id"],
  examples: [{ text: "Stop it for a while", run: "mp boards mails update 9801 --paused" }],
  async prepare({ digest_id, ...changes }, context) {
    if (digest_id === undefined || Object.keys(definedFields(changes)).length === 0) {
      throw inputError(
        `Cannot update mail ${digest_id}: nothing to change is given`,
        "add --recipient EMAIL or --paused",
        "missing_argument",
      );
    }
    if (context.globals.dryRun) await context.note("The mail is read first, and then written changed");
    const before = withoutEnvelope((await call(await context.client(), getBoardMail, { digest_id })).data);
    const kept = Object.entries(before as object).filter(([name, value]) =>
      MAIL_FIELDS.includes(name) && value !== null
    );
    return { ...Object.fromEntries(kept), ...definedFields(changes) } as Partial<
      z.input<typeof updateBoardMail.params>
    >;
  },
  present: (mail) => presentMails([mail]),
  done: ({ id }) => `Changed mail ${id}`,
});
