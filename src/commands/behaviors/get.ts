import { getBehavior } from "../../api/saved_metrics.ts";
import { BEHAVIOR_NAMES, getCommand } from "../metrics/shared/family.ts";

export default getCommand(getBehavior, BEHAVIOR_NAMES);
