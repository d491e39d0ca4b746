import { z } from "zod";
import { createRetrieval } from "../../api/gdpr.ts";
import { command } from "../../cli/command.ts";
import { IDS_HELP, submissionFlags, submit } from "./shared/submission.ts";

export default command({
  description:
    `Asks Mixpanel to collect all that it has about users, for a request under GDPR or CCPA. It takes minutes,
or up to 30 days: --wait follows it, and 'mp gdpr download' fetches the result.

${IDS_HELP}`,
  operations: [createRetrieval],
  args: ["distinct_ids"],
  examples: [
    { text: "Everything about one user", run: "mp gdpr retrieve customer-10001" },
    { text: "About many, from a pipe", run: "printf 'customer-10003\\ncustomer-10004\\n' | mp gdpr retrieve --file -" },
    {
      text: "Under CCPA, only what kinds of data there are",
      run: "mp gdpr retrieve customer-10001 --compliance-type CCPA --disclosure-type Categories",
    },
  ],
  input: z.object({
    ...submissionFlags,
    disclosure_type: createRetrieval.params.shape.disclosure_type,
  }),
  run: (context, input) => submit(context, "retrieval", input),
});
