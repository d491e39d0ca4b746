/** A report as one page: the heading, the picture, the table below it. No scripts, and nothing is fetched. */
import { cleanLine } from "./clean.ts";
import type { CellColumn } from "./cells.ts";
import { formatCount } from "./format.ts";
import type { ReportContent } from "./report.ts";
import { PAGE_STYLE } from "./page_style.ts";
import { drawChart, pagePicture } from "./svg/picture.ts";
import { escapeXml } from "../streams/escape_xml.ts";

/** Of the picture on a wide and on a narrow page, which has another. */
const WIDE = 912;
const NARROW = 358;

/** Longer texts are broken into lines. */
const LONG_TEXT = 48;

/** The page in pieces. */
export function* htmlPage(report: ReportContent): Generator<string> {
  const { heading, chart, columns, rowCount, markNote, notes } = report;
  const text = (content: string) => escapeXml(cleanLine(content));
  yield `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${text(heading.title)}</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<main>
<header>
<h1>${text(heading.title)}</h1>
`;
  if (heading.facts.length > 0) {
    yield `<ul class="facts">${heading.facts.map((fact) => `<li>${text(fact)}</li>`).join("")}</ul>\n`;
  }
  yield "</header>\n";
  if (chart !== undefined) yield* pictures(chart, heading.title);
  for (const note of notes) yield `<p class="note">${text(note)}</p>\n`;
  if (columns.length === 0 || rowCount === 0) yield '<p class="note">No results</p>\n';
  else yield* table(columns, rowCount);
  if (markNote !== undefined) yield `<p class="note">${text(markNote)}</p>\n`;
  if (heading.command !== "") yield `<footer><p>Made by <code>${text(heading.command)}</code></p></footer>\n`;
  yield "</main>\n</body>\n</html>\n";
}

/** The picture in both widths, of which a page shows one; or the one that needs more room than either, in a box that scrolls. */
function* pictures(chart: NonNullable<ReportContent["chart"]>, title: string): Generator<string> {
  const wide = drawChart(chart, WIDE);
  const narrow = drawChart(chart, NARROW);
  yield box(`Picture: ${title}`, "wide", pagePicture(wide, title, "wide", wide.width > WIDE ? "" : "fits"));
  yield box(`Picture: ${title}`, "narrow", pagePicture(narrow, title, "narrow", narrow.width > NARROW ? "" : "fits"));
}

/** What scrolls within itself, and can be reached by keyboard for that. */
const box = (name: string, className: string, content: string): string =>
  `<div class="box ${className}" role="region" aria-label="${
    escapeXml(cleanLine(name))
  }" tabindex="0">\n${content}</div>\n`;

function* table(columns: readonly CellColumn[], rowCount: number): Generator<string> {
  const attributes = columns.map(({ align, texts }) =>
    align === "right" ? ' class="n"' : texts.some(({ length }) => length > LONG_TEXT) ? ' class="t"' : ""
  );
  yield '<div class="box" role="region" aria-labelledby="rows" tabindex="0">\n<table>\n';
  yield `<caption id="rows">${formatCount(rowCount, "row")}</caption>\n<thead><tr>`;
  yield columns.map(({ title }, index) => `<th scope="col"${attributes[index]}>${escapeXml(title)}</th>`).join("");
  yield "</tr></thead>\n<tbody>\n";
  for (let row = 0; row < rowCount; row++) {
    const cells = columns.map(({ texts }, index) =>
      index === 0
        ? `<th scope="row"${attributes[index]}>${escapeXml(texts[row]!)}</th>`
        : `<td${attributes[index]}>${escapeXml(texts[row]!)}</td>`
    );
    yield `<tr>${cells.join("")}</tr>\n`;
  }
  yield "</tbody>\n</table>\n</div>\n";
}
