/** Findings as a person reads them at a terminal: one line each, and what mends it below. */
import { cleanLine } from "../../output/clean.ts";
import { createStyle } from "../../output/colour.ts";
import type { Finding } from "./finding.ts";

export function findingsPage(findings: readonly Finding[], options: { colour: boolean }): string {
  const style = createStyle(options.colour);
  const signs = { ok: style.green("✓"), warning: style.yellow("!"), problem: style.red("✗"), skipped: style.dim("–") };
  const width = Math.max(...findings.map(({ check }) => check.length));
  return findings.map(({ check, result, detail, fix }) => {
    const line = `${signs[result]} ${check.padEnd(width)}  ${cleanLine(detail)}\n`;
    return fix === undefined ? line : `${line}  ${" ".repeat(width)}  ${style.bold(`→ ${cleanLine(fix)}`)}\n`;
  }).join("");
}
