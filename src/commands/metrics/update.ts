import { METRICS } from "../../api/saved_metrics.ts";
import { METRIC_NAMES, updateCommand } from "./shared/family.ts";

export default updateCommand(METRICS, METRIC_NAMES);
