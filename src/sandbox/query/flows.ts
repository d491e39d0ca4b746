/** `/arb_funnels`: flows as the web page asks for them, and saved ones by their ids. (facts 2.12, 3.1) */
import { savedBookmark } from "../app/saved_bookmark.ts";
import type { SandboxCall } from "../call.ts";
import { jsonAnswer, type SandboxEndpoint } from "../endpoint.ts";
import type { Fields } from "../fields.ts";
import { Refusal } from "../refusal.ts";
import { clauseOf } from "./bookmarks/clause.ts";
import { FLOW_QUERIES, flowsAnswer } from "./bookmarks/flows.ts";
import { askedReport } from "./insights.ts";
import { report } from "./report.ts";

export const flowEndpoints: SandboxEndpoint[] = [report("/arb_funnels", flows, ["GET", "POST"])];

/** The web page's tables of funnels come from here, too: those have `sections`. */
function flows(call: SandboxCall, fields: Fields): Response {
  const given = fields.json("bookmark");
  const params = given === undefined ? savedParams(call, fields) : clauseOf(given, "bookmark");
  if (params.sections !== undefined) return askedReport(call, params, fields);
  if (fields.choice("format", ["json", "csv"]) === "csv") throw new Refusal(400, "flows have no CSV");
  const query = fields.choice("query_type", FLOW_QUERIES) ?? "flows_sankey";
  return jsonAnswer(flowsAnswer(call, params, query));
}

function savedParams(call: SandboxCall, fields: Fields) {
  const id = fields.count("bookmark_id");
  if (id === undefined) throw new Refusal(400, "Missing required parameter: bookmark");
  const saved = savedBookmark(call, id);
  if (saved === undefined) throw new Refusal(404, `Report ${id} not found`);
  return clauseOf(saved.params, "params");
}
