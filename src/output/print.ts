/** The one way from a result to standard output, in the format that the user chose. */
import { inputError } from "../errors.ts";
import type { Output } from "../runtime/standard_streams.ts";
import { BYTE_ORDER_MARK } from "../streams/csv/csv.ts";
import { stringifyJson } from "../streams/json/json.ts";
import { type Chart, renderChart } from "./chart.ts";
import { cleanForTerminal, escapeJsonForTerminal } from "./clean.ts";
import { csvLines } from "./csv.ts";
import type { Format } from "./formats.ts";
import { ensureLineEnd, prettyJson } from "./json.ts";
import { jsonLines } from "./jsonl.ts";
import type { Row } from "./row.ts";
import { deriveRows } from "./rows.ts";
import type { TableColumn } from "./cells.ts";
import { type Heading, NO_HEADING, type ReportContent, reportOf } from "./report.ts";
import { type Pivot, pivotRows } from "./series.ts";
import { renderTable } from "./table.ts";

/** What a command has to show, in the forms that it knows. */
export interface Result {
  /** The server's body, unchanged. */
  text: string;
  /** The body, parsed. */
  data: unknown;
  /** One row for each thing, for tables, JSON Lines, CSV and TSV. Default: found in `data`, see `deriveRows`. */
  rows?: Row[];
  /** Which columns the table, CSV and TSV have. Default: all, as first seen. */
  columns?: (string | TableColumn)[];
  /** Makes the table wide: dates down, segments across. The other formats keep the rows as they are. */
  pivot?: Pivot;
  chart?: Chart;
  /** What the numbers alone don't tell, for reports; whoever prints the result says it on standard error. */
  notes?: readonly string[];
  /** The server was asked for something else than JSON: its text is printed as it came, whatever the format. */
  isText?: boolean;
}

/** A result that no server has written: its JSON text is that of the data. */
export function jsonResult(data: unknown, forms: Omit<Result, "text" | "data"> = {}): Result {
  return { text: stringifyJson(data), data, ...forms };
}

export interface PrintOptions {
  format: Format;
  /** A jq program; what it answers is printed instead, whatever the format. */
  jq?: string;
  colour: boolean;
  /** What reports say of where the numbers come from. */
  heading?: Heading;
  /** CSV and TSV begin with a byte order mark. */
  bom?: boolean;
  /** Told when a text of CSV or TSV has U+FFFD in place of half of a surrogate pair. */
  onReplaced?(): Promise<void>;
  /** Told which characters a picture has boxes for, since its font has no glyphs of them. */
  onUndrawn?(characters: string): Promise<void>;
}

/** Text is written in pieces of about this many characters, so that a closed pipe ends the work early. */
const PIECE_CHARACTERS = 64 * 1024;

/**
 * Prints a result. JSON is the server's own text in a pipe, and laid out on a terminal. A terminal never gets a
 * control character that a server sent, in any format. Throws an input error when there is no chart of the
 * result or when jq refuses, and `ClosedPipeError` when nobody reads.
 */
export async function printResult(output: Output, result: Result, options: PrintOptions): Promise<void> {
  if (options.jq !== undefined) {
    const { runJq } = await import("./jq.ts");
    const answer = await runJq(result.text, options.jq);
    await writeText(output, output.isTerminal ? cleanForTerminal(answer) : answer);
    return;
  }
  if (result.isText) {
    const text = ensureLineEnd(result.text);
    return await writeText(output, output.isTerminal ? cleanForTerminal(text) : text);
  }
  switch (options.format) {
    case "json":
      return await writeText(
        output,
        output.isTerminal ? prettyJson(result.text, options) : ensureLineEnd(result.text),
      );
    case "jsonl":
      await writeLines(output, jsonLines(recordsOf(result)), escapeJsonForTerminal);
      return;
    case "csv":
    case "tsv": {
      const columns = result.columns?.filter((column) => typeof column === "string" || column.isPicture !== true)
        .map((column) => typeof column === "string" ? column : column.key);
      const separator = options.format === "csv" ? "," : "\t";
      if (options.bom) await writeText(output, BYTE_ORDER_MARK);
      const areWhole = await writeLines(output, csvLines(recordsOf(result), { columns, separator }), cleanForTerminal);
      if (!areWhole) await options.onReplaced?.();
      return;
    }
    case "table":
      return await writeText(output, tableOf(result, output, options.colour));
    case "chart":
      if (!result.chart) {
        throw noChart();
      }
      return await writeText(
        output,
        renderChart(result.chart, { width: output.columns(), colour: options.colour }),
      );
    case "svg": {
      if (!result.chart) throw noChart();
      const { pictureFile } = await import("./svg/picture.ts");
      return await writeText(output, pictureFile(result.chart, options.heading ?? NO_HEADING));
    }
    case "png": {
      if (!result.chart) throw noChart();
      const [{ pictureFile }, { pngOf, undrawnCharacters }] = await Promise.all([
        import("./svg/picture.ts"),
        import("./svg/png.ts"),
      ]);
      const picture = pictureFile(result.chart, options.heading ?? NO_HEADING, { isLight: true });
      const undrawn = undrawnCharacters(picture);
      if (undrawn !== "") await options.onUndrawn?.(undrawn);
      return await output.write(await pngOf(picture));
    }
    case "html": {
      const { htmlPage } = await import("./html.ts");
      await writeLines(output, htmlPage(reportOfResult(result, options)), cleanForTerminal);
      return;
    }
    case "md": {
      const { markdownLines } = await import("./markdown.ts");
      await writeLines(output, markdownLines(reportOfResult(result, options)), cleanForTerminal);
      return;
    }
    case "xlsx": {
      const { workbook } = await import("./xlsx.ts");
      return await output.write(await workbook(reportOfResult(result, options)));
    }
  }
}

const noChart = () =>
  inputError("Cannot draw a chart of this result: it has no values to compare", "use -f table or -f json");

function reportOfResult(result: Result, { format, heading = NO_HEADING }: PrintOptions): ReportContent {
  if (result.data === undefined && result.rows === undefined && result.text.trim() !== "") {
    throw inputError(
      `Cannot write this answer as ${format}: it is not JSON`,
      "use -f json, which writes it as it came",
    );
  }
  return reportOf({ ...result, rows: result.rows ?? deriveRows(result.data).rows }, heading);
}

function tableOf(result: Result, output: Output, colour: boolean): string {
  // A pipe has no width: cutting there would lose data.
  const width = output.isTerminal ? output.columns() : Infinity;
  const rows = result.rows ?? deriveRows(result.data).rows;
  if (result.data === undefined && result.rows === undefined) return ensureLineEnd(cleanForTerminal(result.text));
  if (rows.length === 0) return "No results\n";
  if (!result.pivot) return renderTable(rows, { columns: result.columns, width, colour });
  const wide = pivotRows(rows, result.pivot);
  return renderTable(wide.rows, { columns: wide.columns, width, colour });
}

/** The rows for formats that programs read, where a single object is one record and not a list of its fields. */
function recordsOf(result: Result): Row[] {
  if (result.rows) return result.rows;
  const derived = deriveRows(result.data);
  return derived.record ? [derived.record] : derived.rows;
}

async function writeText(output: Output, text: string): Promise<void> {
  if (text !== "") await output.write(text);
}

/** Returns whether UTF-8 can have all of the text. */
async function writeLines(output: Output, lines: Iterable<string>, clean: (text: string) => string): Promise<boolean> {
  let pending = "";
  let areWhole = true;
  const writePending = async () => {
    areWhole &&= pending.isWellFormed();
    await writeText(output, output.isTerminal ? clean(pending) : pending);
    pending = "";
  };
  for (const line of lines) {
    pending += line;
    if (pending.length >= PIECE_CHARACTERS) await writePending();
  }
  await writePending();
  return areWhole;
}
