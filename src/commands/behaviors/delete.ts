import { deleteBehavior, deleteBehaviors, getBehavior } from "../../api/saved_metrics.ts";
import { BEHAVIOR_NAMES, deleteFamilyCommand } from "../metrics/shared/family.ts";

export default deleteFamilyCommand({ get: getBehavior, removeMany: deleteBehaviors }, BEHAVIOR_NAMES, deleteBehavior);
