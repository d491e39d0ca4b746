import { z } from "zod";
import { createDeletion } from "../../api/gdpr.ts";
import { command } from "../../cli/command.ts";
import { IDS_HELP, submissionFlags, submit } from "./shared/submission.ts";

export default command({
  description:
    `Asks Mixpanel to delete all events and the profiles of users, for a request under GDPR or CCPA. It takes up
to 30 days, and can be cancelled until it has started ('mp gdpr cancel').

${IDS_HELP}`,
  operations: [createDeletion],
  args: ["distinct_ids"],
  examples: [
    { text: "One user, in a script", run: "mp gdpr delete customer-10002 --yes" },
    { text: "Many, from a pipe", run: "printf 'customer-10003\\ncustomer-10004\\n' | mp gdpr delete --file - --yes" },
  ],
  input: z.object(submissionFlags),
  run: (context, input) => submit(context, "deletion", input),
});
