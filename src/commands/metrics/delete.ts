import { deleteMetrics, getMetric } from "../../api/saved_metrics.ts";
import { deleteSavedCommand, METRIC_NAMES } from "./shared/family.ts";

export default deleteSavedCommand({ get: getMetric, removeMany: deleteMetrics }, METRIC_NAMES);
