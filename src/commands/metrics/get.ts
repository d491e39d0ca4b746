import { getMetric } from "../../api/saved_metrics.ts";
import { getCommand, METRIC_NAMES } from "./shared/family.ts";

export default getCommand(getMetric, METRIC_NAMES);
