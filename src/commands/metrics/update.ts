import { updateMetric, updateMetrics } from "../../api/saved_metrics.ts";
import { METRIC_NAMES, updateCommand } from "./shared/family.ts";

export default updateCommand({ update: updateMetric, updateMany: updateMetrics }, METRIC_NAMES);
