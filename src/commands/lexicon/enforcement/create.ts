import { createEnforcement } from "../../../api/data_governance.ts";
import { operationCommand } from "../../../cli/operation_command.ts";
import { enforcementQuestion } from "../shared/enforcement_question.ts";

export default operationCommand(createEnforcement, {
  description:
    "What happens to events that are not in the plan: they are accepted, hidden or thrown away, with a warning.",
  examples: [{ text: "Warn only", run: "mp lexicon enforcement create --rule 'Warn and Accept' --yes" }],
  confirm: ({ ruleEvent }) => enforcementQuestion(ruleEvent),
  done: (_result, { ruleEvent }) => `Schemas are enforced: ${ruleEvent}`,
});
