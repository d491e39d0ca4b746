import { updateEnforcement } from "../../../api/data_governance.ts";
import { operationCommand } from "../../../cli/operation_command.ts";
import { inputError } from "../../../errors.ts";
import { enforcementQuestion } from "../shared/enforcement_question.ts";

export default operationCommand(updateEnforcement, {
  description: "What is not named stays as it is.",
  examples: [
    { text: "Send warnings to somebody", run: "mp lexicon enforcement update --email data@example.com --yes" },
  ],
  prepare(input) {
    const { ruleEvent, notificationEmails, events, properties } = input;
    if ([ruleEvent, notificationEmails, events, properties].some((one) => one !== undefined)) {
      return Promise.resolve({});
    }
    throw inputError(
      "Cannot update the enforcement of schemas: nothing to change is given",
      "add --rule 'Warn and Accept' or --email EMAIL",
      "missing_argument",
    );
  },
  confirm: ({ ruleEvent }) => enforcementQuestion(ruleEvent),
  done: () => "Changed how schemas are enforced",
});
