import { BEHAVIORS, deleteBehavior } from "../../api/saved_metrics.ts";
import { BEHAVIOR_NAMES, deleteCommand } from "../metrics/shared/family.ts";

export default deleteCommand(BEHAVIORS, BEHAVIOR_NAMES, deleteBehavior as never);
