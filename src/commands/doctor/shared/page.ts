/** Findings as a person reads them at a terminal: one line each, and what fixes it below. */
import { paragraph } from "../../../cli/help_text.ts";
import { cleanLine } from "../../../output/clean.ts";
import { createStyle } from "../../../output/colour.ts";
import { pad, textWidth, wrapText } from "../../../output/text_width.ts";
import type { Finding } from "./finding.ts";

/** With less room beside what was looked at, such as for a long path, what was found is below it. */
const ROOMY_COLUMNS = 40;

export function findingsPage(findings: readonly Finding[], options: { colour: boolean; columns: number }): string {
  const { colour, columns } = options;
  const style = createStyle(colour);
  const signs = { ok: style.green("✓"), warning: style.yellow("!"), problem: style.red("✗"), skipped: style.dim("–") };
  const width = Math.max(...findings.map(({ check }) => textWidth(check)));
  const indent = " ".repeat(width + 4);
  if (columns - indent.length < Math.max(ROOMY_COLUMNS, ...findings.map(longestWord))) {
    const below = (text: string) => paragraph(cleanLine(text), Math.max(20, columns - 4)).replace(/^/gm, "    ") + "\n";
    return findings.map(({ check, result, detail, fix }) =>
      `${signs[result]} ${check}\n${below(detail)}${fix === undefined ? "" : style.bold(below(`→ ${fix}`))}`
    ).join("");
  }
  const beside = (text: string) => wrapText(cleanLine(text), columns - indent.length).join(`\n${indent}`);
  return findings.map(({ check, result, detail, fix }) => {
    const line = `${signs[result]} ${pad(check, width)}  ${beside(detail)}\n`;
    return fix === undefined ? line : `${line}${indent}${style.bold(beside(`→ ${fix}`))}\n`;
  }).join("");
}

const longestWord = ({ detail, fix = "" }: Finding): number =>
  Math.max(...`${cleanLine(detail)} → ${cleanLine(fix)}`.split(/\s+/).map(textWidth));
