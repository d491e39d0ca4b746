import { BEHAVIORS } from "../../api/saved_metrics.ts";
import { BEHAVIOR_NAMES, updateCommand } from "../metrics/shared/family.ts";

export default updateCommand(BEHAVIORS, BEHAVIOR_NAMES);
