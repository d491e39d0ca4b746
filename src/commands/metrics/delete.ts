import { deleteMetrics, getMetric } from "../../api/saved_metrics.ts";
import { deleteFamilyCommand, METRIC_NAMES } from "./shared/family.ts";

export default deleteFamilyCommand({ get: getMetric, removeMany: deleteMetrics }, METRIC_NAMES);
