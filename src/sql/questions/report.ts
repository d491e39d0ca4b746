/** `POST /insights`: a question as the web page asks it. */
import type { FunnelReport, InsightsReport, RetentionReport } from "../../reports/report.ts";
import type { SqlAsking, SqlQuestion } from "../asking.ts";
import { type AskedReport, readAskedReport } from "./asked_report.ts";
import { funnelQuestion } from "./funnel.ts";
import { insightsQuestion } from "./insights.ts";
import { retentionReportQuestion } from "./retention_report.ts";

export function reportQuestion(asking: SqlAsking): SqlQuestion {
  const asked = readAskedReport(asking);
  switch (asked.report.kind) {
    case "funnel":
      return funnelQuestion(asking, asked as AskedReport<FunnelReport>);
    case "retention":
      return retentionReportQuestion(asking, asked as AskedReport<RetentionReport>);
    case "insights":
      return insightsQuestion(asking, asked as AskedReport<InsightsReport>);
  }
}
