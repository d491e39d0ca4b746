import { METRICS } from "../../api/saved_metrics.ts";
import { deleteCommand, METRIC_NAMES } from "./shared/family.ts";

export default deleteCommand(METRICS, METRIC_NAMES);
