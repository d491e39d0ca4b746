import { deleteMetrics, getMetric } from "../../api/saved_metrics.ts";
import { deleteCommand, METRIC_NAMES } from "./shared/family.ts";

export default deleteCommand({ get: getMetric, removeMany: deleteMetrics }, METRIC_NAMES);
