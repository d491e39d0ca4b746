/** `POST /insights`: a question as the web page asks it. */
import type { FunnelReport } from "../../reports/report.ts";
import { notInSql, type SqlAsking, type SqlQuestion } from "../asking.ts";
import { type AskedReport, askedReport } from "./asked_report.ts";
import { funnelQuestion } from "./funnel.ts";

export function reportQuestion(asking: SqlAsking): SqlQuestion {
  const asked = askedReport(asking);
  switch (asked.report.kind) {
    case "funnel":
      return funnelQuestion(asking, asked as AskedReport<FunnelReport>);
    default:
      throw notInSql("this report");
  }
}
