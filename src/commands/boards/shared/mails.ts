/** How mails of boards are shown. */
import type { BoardMail } from "../../../api/board_mails.ts";
import type { Presentation } from "../../../cli/operation_command.ts";

export function presentMails(mails: readonly BoardMail[]): Presentation {
  return {
    rows: mails.map(({ id, name, dashboard_id, recipients, status, paused }) => ({
      id,
      name,
      board: dashboard_id,
      recipients: recipients?.map(String).join(", "),
      status,
      paused,
    })),
    columns: [
      { key: "id", identifier: true },
      "name",
      { key: "board", identifier: true },
      "recipients",
      "status",
      "paused",
    ],
  };
}
