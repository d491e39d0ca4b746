/** The numbers of a board's reports as files. */
import { call } from "../../../api/call.ts";
import type { Board } from "../../../api/dashboards.ts";
import { savedFlows } from "../../../api/flows.ts";
import { insights } from "../../../api/insights.ts";
import type { Client } from "../../../client/types.ts";
import type { Context } from "../../../cli/context.ts";
import { ifUnderstood } from "../../../cli/operation_command.ts";
import { csvLines } from "../../../output/csv.ts";
import { ensureLineEnd } from "../../../output/json.ts";
import { presentReport } from "../../query/shared/report_shapes.ts";

export type NumbersForm = "csv" | "json";

export interface BoardReport {
  id: number | bigint;
  name: string;
  type: string;
  /** `01-sign-ups-and-purchases.csv`: unlike any other of the board. */
  file: string;
}

/** The reports of a board, as they stand on it. */
export function boardReports({ layout, contents }: Board, form: NumbersForm): BoardReport[] {
  const cells = (layout?.order ?? []).flatMap((row) => layout?.rows[row]?.cells ?? []);
  const reports = cells.flatMap(({ content_id, content_type }) => {
    const report = content_type === "report" ? contents?.report?.[String(content_id)] : undefined;
    return report === undefined ? [] : [report];
  });
  return reports.map(({ id, name, type }, index) => {
    const ending = type === "flows" ? "json" : form;
    const place = String(index + 1).padStart(2, "0");
    return { id: BigInt(id), name, type, file: `${place}-${fileWord(name)}.${ending}` };
  });
}

const LONGEST_WORD = 60;

/** A name as a part of a file's name on any system: `sign-ups-and-purchases`. */
function fileWord(name: string): string {
  const word = name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-").slice(0, LONGEST_WORD).replace(/^-+|-+$/g, "");
  return word === "" ? "report" : word;
}

/** The numbers as the text of a file. Where no table can be made of them, as the server has them. */
export async function reportNumbers(
  context: Context,
  client: Client,
  { id, type, file }: BoardReport,
): Promise<string> {
  if (type === "flows") return ensureLineEnd((await call(client, savedFlows, { bookmark_id: id })).text);
  const answer = await call(client, insights, { bookmark_id: id });
  if (file.endsWith(".json")) return ensureLineEnd(answer.text);
  const result = answer.result();
  const { rows = [] } = await ifUnderstood(context, () => presentReport(result.series, result.headers)) ?? {};
  return [...csvLines(rows)].join("");
}
