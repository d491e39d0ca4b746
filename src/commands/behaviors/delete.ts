import { deleteBehavior, deleteBehaviors, getBehavior } from "../../api/saved_metrics.ts";
import { BEHAVIOR_NAMES, deleteCommand } from "../metrics/shared/family.ts";

export default deleteCommand({ get: getBehavior, removeMany: deleteBehaviors }, BEHAVIOR_NAMES, deleteBehavior);
