import { BEHAVIORS } from "../../api/saved_metrics.ts";
import { BEHAVIOR_NAMES, getCommand } from "../metrics/shared/family.ts";

export default getCommand(BEHAVIORS.get, BEHAVIOR_NAMES);
