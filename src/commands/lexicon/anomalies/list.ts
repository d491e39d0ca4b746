import { listAnomalies } from "../../../api/data_governance.ts";
import { operationCommand } from "../../../cli/operation_command.ts";

export default operationCommand(listAnomalies, {
  description: "Mixpanel fails when it is asked for a status; --jq selects those that are open.",
  examples: [
    { text: "All anomalies of events", run: "mp lexicon anomalies list" },
    {
      text: "Ids of those that are open",
      run: `mp lexicon anomalies list --jq '.results.anomalies[] | select(.status == "open").id'`,
    },
  ],
  present: ({ anomalies }) => ({
    rows: anomalies.map((one) => ({
      id: one.id,
      class: one.anomalyClass,
      name: one.propertyName ?? one.metricName ?? one.eventName,
      time: one.timestamp,
      count: one.actualCount,
      lower: one.predictedLower,
      upper: one.predictedUpper,
      percent: one.percentVariance,
      status: one.status,
    })),
    columns: [
      { key: "id", identifier: true },
      ...["class", "name", "time", "count", "lower", "upper", "percent", "status"],
    ],
  }),
});
