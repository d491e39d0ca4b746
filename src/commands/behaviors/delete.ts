import { deleteBehavior, deleteBehaviors, getBehavior } from "../../api/saved_metrics.ts";
import { BEHAVIOR_NAMES, deleteSavedCommand } from "../metrics/shared/family.ts";

export default deleteSavedCommand({ get: getBehavior, removeMany: deleteBehaviors }, BEHAVIOR_NAMES, deleteBehavior);
