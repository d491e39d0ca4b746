import { listMetrics } from "../../api/saved_metrics.ts";
import { listCommand, METRIC_NAMES } from "./shared/family.ts";

export default listCommand(listMetrics, METRIC_NAMES);
