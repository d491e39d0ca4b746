import { checkOrder } from "../../cli/dates.ts";
import { shellWord } from "../../runtime/shell_word.ts";
import { deleteEvents } from "../../api/projects.ts";
import { operationCommand } from "../../cli/operation_command.ts";

export default operationCommand(deleteEvents, {
  description: "All occurrences in the range go, for all users, and cannot be restored. Export them first.",
  args: ["event_name"],
  examples: [{
    text: "Occurrences of a test, without being asked",
    run: "mp events delete 'Load Test' --from 2026-01-01 --to 2026-01-31 --yes",
  }],
  confirm: ({ event_name, start_date, end_date }) =>
    `Delete all ${JSON.stringify(event_name)} events from ${start_date} to ${end_date}? They cannot be restored.`,
  prepare({ start_date, end_date }) {
    checkOrder(start_date, end_date);
    return Promise.resolve({});
  },
  done: ({ deletion_job_id }, { event_name, start_date, end_date }) =>
    `Asked for ${JSON.stringify(event_name)} to be deleted` +
    (deletion_job_id === undefined ? "" : ` (job ${deletion_job_id})`) +
    `; count what is left: mp query segmentation ${shellWord(event_name)} --from ${start_date} --to ${end_date}`,
});
