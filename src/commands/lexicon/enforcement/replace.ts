import { replaceEnforcement } from "../../../api/data_governance.ts";
import { operationCommand } from "../../../cli/operation_command.ts";
import { enforcementQuestion } from "../shared/enforcement_question.ts";

export default operationCommand(replaceEnforcement, {
  examples: [
    {
      text: "A plan of one event",
      run: "mp lexicon enforcement replace --yes --data " +
        `'{"ruleEvent": "Warn and Hide",
  "events": ["Purchase"], "commonProperties": [], "userProperties": [],
  "notificationEmails": ["data@example.com"]}'`,
    },
  ],
  confirm: ({ ruleEvent }) => enforcementQuestion(ruleEvent),
  done: () => "Replaced how schemas are enforced",
});
