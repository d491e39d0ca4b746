import { settleAnomalies } from "../shared/settle_anomalies.ts";

export default settleAnomalies({
  status: "open",
  summary: "open anomalies again that were dismissed",
  done: "Opened",
  examples: [{ text: "One, of an event", run: "mp lexicon anomalies reopen 9401 --class Event" }],
});
