import { settleAnomalies } from "../shared/settle_anomalies.ts";

export default settleAnomalies({
  status: "dismissed",
  summary: "dismiss anomalies",
  done: "Dismissed",
  examples: [{ text: "Two of them", run: "mp lexicon anomalies dismiss 9401 9402" }],
});
