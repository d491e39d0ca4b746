import { updateBehavior, updateBehaviors } from "../../api/saved_metrics.ts";
import { BEHAVIOR_NAMES, updateCommand } from "../metrics/shared/family.ts";

export default updateCommand({ update: updateBehavior, updateMany: updateBehaviors }, BEHAVIOR_NAMES);
