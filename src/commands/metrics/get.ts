import { METRICS } from "../../api/saved_metrics.ts";
import { getCommand, METRIC_NAMES } from "./shared/family.ts";

export default getCommand(METRICS.get, METRIC_NAMES);
