import { funnelsList } from "../../api/funnels.ts";
import { operationCommand } from "../../cli/operation_command.ts";

export default operationCommand(funnelsList, {
  examples: [{ text: "Saved funnels with their ids", run: "mp funnels list" }],
  present: (funnels) => ({ rows: funnels, columns: [{ key: "funnel_id", identifier: true }, "name"] }),
});
