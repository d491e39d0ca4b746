import { BEHAVIORS } from "../../api/saved_metrics.ts";
import { BEHAVIOR_NAMES, listCommand } from "../metrics/shared/family.ts";

export default listCommand(BEHAVIORS.list, BEHAVIOR_NAMES);
