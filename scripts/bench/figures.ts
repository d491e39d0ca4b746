/** The table of all that was measured, and the page of the docs that holds it. */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { cpus, loadavg, totalmem } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { DENO, ROOT } from "../project.ts";
import type { Row } from "./comparison.ts";

/** Most times on Deno of what the same takes when it is compiled with Bun, unless a row has a limit of its own. */
const MOST_OF_BUN = 1.5;

/** The same work on both programs. */
export interface Measured {
  row: Row | undefined;
  onDeno: Row | undefined;
}

export interface TableFacts {
  events: number;
  rounds: number;
  /** How the program on Deno was made. */
  denoIs: string;
  /** Processes that wanted a core before anything was measured. */
  load: number;
}

/** The load of the machine, now. */
export const loadNow = (): number => loadavg()[0] ?? 0;

/** Whether what was measured on Deno is within its limit, where it has one. */
export function isOnDenoGood({ row, onDeno }: Measured): boolean {
  if (onDeno === undefined) return true;
  if (onDeno.mostOnDeno !== undefined) return (onDeno.ratio ?? 0) <= onDeno.mostOnDeno;
  const times = timesOfBun({ row, onDeno });
  if (times !== undefined) return times <= MOST_OF_BUN;
  // Memory has a limit for the compiled program alone.
  return onDeno.isGood || onDeno.ratio !== undefined || onDeno.against === "peak memory";
}

/** With the other program's time as the measure, since the machine's load changes. */
function timesOfBun({ row, onDeno }: Measured): number | undefined {
  return row?.ratio === undefined || onDeno?.ratio === undefined ? undefined : onDeno.ratio / row.ratio;
}

/** A line about the run, and the table, as Markdown. */
export function tableOf(measured: readonly Measured[], { events, rounds, denoIs, load }: TableFacts): string {
  const machine = `${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GB`;
  const date = new Date().toISOString().slice(0, 10);
  const lines = [
    `Measured on ${date}, ${process.platform} ${process.arch}, ${machine}, with ${
      events.toLocaleString("en-US")
    } events, ` +
    `${rounds} rounds in turn, load ${
      load.toFixed(1)
    } before (\`bun scripts/bench/all.ts\`; medians, then the range).` +
    (denoIs === "" ? "" : ` On Deno: ${denoIs}.`),
    "",
    "| Measured | Against | Limit | Compiled with Bun | On Deno | Figures |",
    "| --- | --- | --- | --- | --- | --- |",
  ];
  for (const each of measured) {
    const { what, against, limit, detail } = (each.row ?? each.onDeno) as Row;
    const onBun = each.row === undefined ? "" : marked(each.row.figure, each.row.isGood);
    const details = each.onDeno === undefined || each.row === undefined
      ? detail
      : `${detail}; on Deno ${each.onDeno.detail}`;
    lines.push(`| ${[what, against, limit, onBun, denoCell(each), details].join(" | ")} |`);
  }
  return lines.join("\n");
}

function denoCell(each: Measured): string {
  const { onDeno } = each;
  if (onDeno === undefined) return "";
  const { mostOnDeno } = onDeno;
  const times = timesOfBun(each);
  // Which of the two has a limit.
  const figure = mostOnDeno !== undefined
    ? `, limit ${mostOnDeno.toFixed(2)} ×`
    : times !== undefined
    ? `, ${times.toFixed(2)} × Bun`
    : "";
  return marked(onDeno.figure + figure, isOnDenoGood(each));
}

const marked = (figure: string, isGood: boolean) => isGood ? figure : `${figure} **missed**`;

/** Replaces `docs/figures.md`. */
export function writeFigures(table: string): void {
  const path = join(ROOT, "docs", "figures.md");
  writeFileSync(path, `# Figures\n\n${EXPLANATION}\n\n${table}\n`);
  spawnSync(DENO, ["fmt", "--quiet", path], { cwd: ROOT, stdio: "inherit" });
}

const EXPLANATION =
  "Each program takes its turn in the same rounds, so that what counts are ratios. A floor is a minimal script for Bun " +
  "that does only what cannot be avoided. A file is on disk before it gets its name, which a busy disk shows in the first " +
  `rows. On Deno work may take ${MOST_OF_BUN} times of what it takes compiled with Bun, in times of the program that both ` +
  "are held against, unless its cell names a limit of its own; start-up is held against a program that prints one line on " +
  "the same runtime.";
