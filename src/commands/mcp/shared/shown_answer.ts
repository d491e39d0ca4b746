/** The short form of a result: what a model reads. */
import { redact } from "../../../client/redact.ts";
import { cleanForTerminal } from "../../../output/clean.ts";
import type { McpAnswer } from "../../../mcp/service.ts";
import type { Result } from "../../../output/print.ts";
import { stringifyJson } from "../../../streams/json/json.ts";
import { answerResource, type Answers, type KeptAnswer } from "./answers.ts";
import { csvRows, type ResultRows, resultRows, rowsWith } from "./result_rows.ts";

export const SHOWN_ROWS = 20;
/** Of the rows, or of a text. About 2000 tokens. */
const MOST_CHARACTERS = 8000;

/** What came of one result, and what is kept because it was cut. */
export async function shownResult(
  tool: string,
  result: Result,
  { search, answers }: { search?: string; answers: Answers },
): Promise<McpAnswer> {
  const found = resultRows(result);
  if (found === undefined) return await shownText(tool, result, answers);
  const matching = search === undefined ? found : { ...found, rows: rowsWith(found.rows, search) };
  const about = search === undefined
    ? []
    : [`${matching.rows.length} of ${found.rows.length} rows contain ${JSON.stringify(search)}.`];
  if (matching.rows.length === 0) return { text: [...about, "No rows."].join("\n") };
  const { lines, shown, isWhole } = someRows(matching);
  const kept = isWhole ? undefined : await answers.keep(tool, result.text, matching);
  const rest = kept === undefined ? [] : [restOf(kept, shown, matching)];
  const text = [...about, ...lines, ...rest, ...totalsOf(found)].join("\n");
  return { text: redact(text), ...kept !== undefined && { resource: answerResource(kept) } };
}

/** Rows from a place on, as `read_answer` shows them. */
export function shownPart(answer: KeptAnswer, rows: Parameters<typeof csvRows>[0], from: number): string {
  const columns = answer.columns ?? [];
  const { lines, shown } = fitting(csvRows([...rows], columns), rows.length);
  const next = from + shown;
  const more = answer.rowCount - next + 1;
  const end = more > 0
    ? `Rows ${from} to ${
      next - 1
    } of ${answer.rowCount}. ${more} more: read_answer {"answer": ${answer.id}, "from": ${next}}`
    : `Rows ${from} to ${next - 1} of ${answer.rowCount}: the end.`;
  return redact([...lines, end].join("\n"));
}

interface SomeRows {
  lines: string[];
  shown: number;
  isWhole: boolean;
}

/** The first rows, or the last of a series. */
function someRows({ rows, columns, isSeries }: ResultRows): SomeRows {
  const chosen = isSeries ? rows.slice(-SHOWN_ROWS) : rows.slice(0, SHOWN_ROWS);
  const { lines, shown, isCut } = fitting(csvRows(chosen, columns), chosen.length);
  return { lines, shown, isWhole: shown === rows.length && !isCut };
}

/** As many lines as there is room for, the header and one row at least, each cut where it alone is too long. */
function fitting([header = "", ...rows]: string[], count: number): { lines: string[]; shown: number; isCut: boolean } {
  let left = MOST_CHARACTERS;
  let isCut = false;
  const cut = (line: string, most: number) => {
    if (line.length <= most) return line;
    isCut = true;
    return `${line.slice(0, most)}… [cut]`;
  };
  const lines = [cut(header, MOST_CHARACTERS / 4)];
  left -= lines[0]!.length;
  for (const row of rows) {
    const line = cut(row, MOST_CHARACTERS / 2);
    if (line.length > left && lines.length > 1) break;
    lines.push(line);
    left -= line.length;
  }
  return { lines, shown: Math.min(lines.length - 1, count), isCut };
}

function restOf({ id }: KeptAnswer, shown: number, { rows, isSeries }: ResultRows): string {
  const more = rows.length - shown;
  if (more === 0) return `Some rows are cut: resource mp://answers/${id} has them whole.`;
  const [which, from] = isSeries ? [`The last ${shown}`, 1] : [`The first ${shown}`, shown + 1];
  return `${which} of ${rows.length} rows; ${more} more: read_answer {"answer": ${id}, "from": ${from}}, ` +
    `or resource mp://answers/${id} for all.`;
}

function totalsOf({ totals = [] }: ResultRows): string[] {
  if (totals.length === 0) return [];
  const told = totals.slice(0, SHOWN_ROWS).map(([column, sum]) => `${cleanForTerminal(column)} ${sum}`);
  const more = totals.length - told.length;
  return [`Totals: ${told.join(", ")}${more > 0 ? `, and ${more} more` : ""}`];
}

/** What is no list: JSON as it came, or text. */
async function shownText(tool: string, result: Result, answers: Answers): Promise<McpAnswer> {
  const whole = result.isText || result.data === undefined ? result.text : stringifyJson(result.data);
  const text = redact(cleanForTerminal(whole.trim()));
  if (text === "") return { text: "Done." };
  if (text.length <= MOST_CHARACTERS) return { text };
  const kept = await answers.keep(tool, result.text, undefined);
  const rest = `… [${text.length - MOST_CHARACTERS} more characters: resource mp://answers/${kept.id} has all]`;
  return { text: `${text.slice(0, MOST_CHARACTERS)}${rest}`, resource: answerResource(kept) };
}
