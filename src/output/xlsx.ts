/** A report as a workbook for Excel and other spreadsheets: the table, and on a second sheet where it comes from. */
import { inputError } from "../errors.ts";
import { zipArchive } from "../runtime/compression/zip.ts";
import { stringifyJson } from "../streams/json/json.ts";
import { cleanForTerminal } from "./clean.ts";
import type { CellColumn } from "./cells.ts";
import { formatCount } from "./format.ts";
import type { ReportContent } from "./report.ts";
import { textWidth } from "./text_width.ts";
import { escapeXml } from "../streams/escape_xml.ts";

/** What a sheet has room for. */
const MAX_ROWS = 1_048_576;
const MAX_COLUMNS = 16_384;
const MAX_TEXT = 32_767;
/** Excel keeps fifteen digits of a number; what has more is a text, so that none is lost. */
const MAX_EXACT = 1e15;
const DAY_MS = 86_400_000;
/** Excel's day 0; days before its day 61 are off by one, as its calendar has a 29 February 1900. */
const EPOCH_MS = Date.UTC(1899, 11, 30);
const FIRST_MS = Date.UTC(1900, 2, 1);

/** The places of the formats in the styles below. */
const STYLE = { plain: 0, header: 1, count: 2, share: 3, day: 4, time: 5, duration: 6, openShare: 7 } as const;
type Style = (typeof STYLE)[keyof typeof STYLE];

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE = "http://schemas.openxmlformats.org/package/2006";
const TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml";

/** The file. Throws an input error when the table has more rows or columns than a sheet. */
export async function workbook(report: ReportContent): Promise<Uint8Array<ArrayBuffer>> {
  const { heading, columns, rowCount, openNote, markNote, notes } = report;
  if (rowCount >= MAX_ROWS || columns.length > MAX_COLUMNS) {
    const size = `${formatCount(rowCount, "row")} and ${formatCount(columns.length, "column")}`;
    throw inputError(`Cannot write ${size} as xlsx: a sheet has no room for them`, "use -f csv");
  }
  const about = [
    ["title", heading.title],
    ...heading.facts.map((fact) => ["", fact]),
    ["command", heading.command],
    ...[markNote ?? openNote, ...notes].map((text = "") => ["note", text]),
  ].filter(([, text]) => text !== "") as string[][];
  return await zipArchive([
    { name: "[Content_Types].xml", content: CONTENT_TYPES },
    { name: "_rels/.rels", content: relations([["officeDocument", "xl/workbook.xml"]]) },
    { name: "xl/workbook.xml", content: workbookXml([sheetName(heading.title), "About"]) },
    {
      name: "xl/_rels/workbook.xml.rels",
      content: relations([
        ["worksheet", "worksheets/sheet1.xml"],
        ["worksheet", "worksheets/sheet2.xml"],
        ["styles", "styles.xml"],
      ]),
    },
    { name: "xl/styles.xml", content: STYLES },
    { name: "xl/worksheets/sheet1.xml", content: tableSheet(columns, rowCount) },
    {
      name: "xl/worksheets/sheet2.xml",
      content: sheet([12, 80], about.map((texts, row) => rowXml(row, texts.map((text) => textCell(text)))), false),
    },
  ]);
}

/** A cell before it has a place. */
interface Cell {
  style: Style;
  /** A number, or text. */
  value: number | boolean | string;
}

function tableSheet(columns: readonly CellColumn[], rowCount: number): string {
  const writers = columns.map(cellWriter);
  const rows = [rowXml(0, columns.map(({ title }) => textCell(title, STYLE.header)))];
  for (let row = 0; row < rowCount; row++) {
    rows.push(rowXml(row + 1, columns.map(({ values }, index) => writers[index]!(values[row], row))));
  }
  const widths = columns.map(({ title, texts }) =>
    Math.min(60, texts.reduce((most, text) => Math.max(most, textWidth(text)), textWidth(title)) + 3)
  );
  return sheet(widths, rows, true);
}

/** How the values of a column become cells. Days and times are such only where all texts of the column are. */
function cellWriter(
  { values, isNumeric, isIdentifier, as, open }: CellColumn,
): (value: unknown, row: number) => Cell | undefined {
  const texts = values.filter((value) => value !== null && value !== undefined && value !== "");
  const isTime = texts.length > 0 && texts.every((value) => typeof value === "string" && timeMs(value) !== undefined);
  const isDay = isTime && texts.every((value) => (value as string).length === 10);
  const isCount = isNumeric && !isIdentifier && values.every((value) => value == null || Number.isInteger(value));
  const style = as === "share" ? STYLE.share : as === "seconds" ? STYLE.duration : isCount ? STYLE.count : STYLE.plain;
  return (value, row) => {
    if (value === null || value === undefined || value === "") return undefined;
    if (isTime) return { style: isDay ? STYLE.day : STYLE.time, value: (timeMs(value as string)! - EPOCH_MS) / DAY_MS };
    if (typeof value === "boolean") return { style: STYLE.plain, value };
    if (
      typeof value === "number" && Number.isFinite(value) && !(Number.isInteger(value) && Math.abs(value) >= MAX_EXACT)
    ) {
      const own = style === STYLE.share && open?.[row] ? STYLE.openShare : style;
      return { style: own, value: as === "seconds" ? value * 1000 / DAY_MS : value };
    }
    return textCell(textOf(value));
  };
}

const TIME = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(\.\d{1,3})?)?Z?)?$/;

/** The moment that a text says, as its clock shows it; undefined for other texts, and for days that Excel does not have. */
function timeMs(text: string): number | undefined {
  const match = TIME.exec(text);
  if (match === null) return undefined;
  const [year, month, day, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map((part) => Number(part ?? 0));
  const ms = Date.UTC(year!, month! - 1, day!, hour, minute, second) + Math.round(Number(match[7] ?? 0) * 1000);
  const back = new Date(ms);
  const isReal = back.getUTCMonth() === month! - 1 && back.getUTCDate() === day && hour < 24 && minute < 60 &&
    second < 60;
  return isReal && ms >= FIRST_MS ? ms : undefined;
}

const textOf = (value: unknown): string => typeof value === "object" ? stringifyJson(value) : String(value);

const textCell = (text: string, style: Style = STYLE.plain): Cell => ({ style, value: text });

function rowXml(row: number, cells: readonly (Cell | undefined)[]): string {
  const own = cells.map((cell, column) => cell === undefined ? "" : cellXml(cell, `${columnName(column)}${row + 1}`));
  return `<row r="${row + 1}">${own.join("")}</row>`;
}

function cellXml({ style, value }: Cell, place: string): string {
  const open = `<c r="${place}"${style === STYLE.plain ? "" : ` s="${style}"`}`;
  if (typeof value === "number") return `${open}><v>${value}</v></c>`;
  if (typeof value === "boolean") return `${open} t="b"><v>${value ? 1 : 0}</v></c>`;
  return `${open} t="inlineStr"><is><t xml:space="preserve">${escapeText(value)}</t></is></c>`;
}

/** A text of a cell: an underscore that would begin an escape of Excel's (`_x0041_`) is escaped itself. */
function escapeText(text: string): string {
  const clean = cleanForTerminal(text);
  const short = clean.length > MAX_TEXT ? `${clean.slice(0, MAX_TEXT - 1).toWellFormed()}…` : clean;
  return escapeXml(short.replace(/_(?=x[0-9a-f]{4}_)/gi, "_x005F_"));
}

/** `A`, …, `Z`, `AA`, … */
function columnName(index: number): string {
  const last = String.fromCharCode(65 + index % 26);
  return index < 26 ? last : columnName(Math.floor(index / 26) - 1) + last;
}

function sheet(widths: readonly number[], rows: readonly string[], hasHeader: boolean): string {
  const view = hasHeader
    ? '<sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView>'
    : '<sheetView workbookViewId="0"/>';
  const columns = widths.map((width, index) =>
    `<col min="${index + 1}" max="${index + 1}" width="${width}" customWidth="1"/>`
  );
  return `${HEAD}<worksheet xmlns="${MAIN}"><sheetViews>${view}</sheetViews>` +
    (columns.length === 0 ? "" : `<cols>${columns.join("")}</cols>`) +
    `<sheetData>${rows.join("")}</sheetData></worksheet>`;
}

/** What Excel takes as the name of a sheet. */
function sheetName(title: string): string {
  const name = title.replace(/[[\]:*?/\\]/g, " ").replace(/^'|'$/g, "").slice(0, 31).toWellFormed().trim();
  return /^(|history|about)$/i.test(name) ? "Result" : name;
}

const workbookXml = (names: readonly string[]): string =>
  `${HEAD}<workbook xmlns="${MAIN}" xmlns:r="${RELATIONS}"><sheets>${
    names.map((name, index) => `<sheet name="${escapeXml(name)}" sheetId="${index + 1}" r:id="rId${index + 1}"/>`).join(
      "",
    )
  }</sheets></workbook>`;

const relations = (targets: readonly (readonly [kind: string, target: string])[]): string =>
  `${HEAD}<Relationships xmlns="${PACKAGE}/relationships">${
    targets.map(([kind, target], index) =>
      `<Relationship Id="rId${index + 1}" Type="${RELATIONS}/${kind}" Target="${target}"/>`
    ).join("")
  }</Relationships>`;

const CONTENT_TYPES = `${HEAD}<Types xmlns="${PACKAGE}/content-types">` +
  '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' +
  '<Default Extension="xml" ContentType="application/xml"/>' +
  `<Override PartName="/xl/workbook.xml" ContentType="${TYPES}.sheet.main+xml"/>` +
  `<Override PartName="/xl/worksheets/sheet1.xml" ContentType="${TYPES}.worksheet+xml"/>` +
  `<Override PartName="/xl/worksheets/sheet2.xml" ContentType="${TYPES}.worksheet+xml"/>` +
  `<Override PartName="/xl/styles.xml" ContentType="${TYPES}.styles+xml"/></Types>`;

const FORMAT_CODES = ["0.0%", "yyyy\\-mm\\-dd", "yyyy\\-mm\\-dd\\ hh:mm:ss", "[h]:mm:ss", "0.0%\\*"];
const FIRST_OWN_FORMAT = 164;
/** In the order of `STYLE`: number format and font. `3` is `#,##0`. */
const CELL_FORMATS = [[0, 0], [0, 1], [3, 0], ...FORMAT_CODES.map((_, index) => [FIRST_OWN_FORMAT + index, 0])];

const STYLES = `${HEAD}<styleSheet xmlns="${MAIN}"><numFmts count="${FORMAT_CODES.length}">` +
  FORMAT_CODES.map((code, index) => `<numFmt numFmtId="${FIRST_OWN_FORMAT + index}" formatCode="${code}"/>`).join("") +
  '</numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>' +
  '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>' +
  '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>' +
  '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>' +
  '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>' +
  `<cellXfs count="${CELL_FORMATS.length}">` +
  CELL_FORMATS.map(([format, font]) =>
    `<xf numFmtId="${format}" fontId="${font}" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"${
      font === 1 ? ' applyFont="1"' : ""
    }/>`
  ).join("") +
  '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>';
