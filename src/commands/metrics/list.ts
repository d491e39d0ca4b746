import { METRICS } from "../../api/saved_metrics.ts";
import { listCommand, METRIC_NAMES } from "./shared/family.ts";

export default listCommand(METRICS.list, METRIC_NAMES);
