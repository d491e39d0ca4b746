import { listBehaviors } from "../../api/saved_metrics.ts";
import { BEHAVIOR_NAMES, listCommand } from "../metrics/shared/family.ts";

export default listCommand(listBehaviors, BEHAVIOR_NAMES);
