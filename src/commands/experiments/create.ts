import { createExperiment } from "../../api/experiments.ts";
import { operationCommand } from "../../cli/operation_command.ts";
import { presentExperiments } from "./shared/present.ts";

export default operationCommand(createExperiment, {
  args: ["name"],
  examples: [
    {
      text: "A draft",
      run: "mp experiments create 'Shorter checkout' --hypothesis 'More people get to the end of it'",
    },
    {
      text: "With variants",
      run: `mp experiments create 'Free delivery' --variants '[{"key": "control"}, {"key": "free"}]'`,
    },
  ],
  present: (experiment) => presentExperiments([experiment]),
  done: ({ id, name }) => `Drafted ${name}: ${id}`,
});
