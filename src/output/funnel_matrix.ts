/** A funnel by segments: a row for each, and for each step how many got there and what share that is. */
import { cleanLine } from "./clean.ts";
import { createStyle } from "./colour.ts";
import { formatCount, formatNumber, formatShare } from "./format.ts";
import { conversion, type FunnelSteps, OVERALL, sortedSegments } from "./funnel_table.ts";
import type { ChartOptions } from "./line_chart.ts";
import { shareBar } from "./share_bar.ts";
import { pad, textWidth, truncate, wrapText } from "./text_width.ts";

const GAP = "  ";
const MIN_LABEL_WIDTH = 12;
const BAR_WIDTH = 10;

/** The parts of a step's cell, so that they stand below each other. */
interface StepColumn {
  title: string;
  counts: string[];
  ofFirst: string[];
  ofPrevious: string[];
}

/**
 * Lines of text, none wider than `width`. On a narrow terminal the bars go first, then the shares of the step before,
 * then steps between the first and the last, and a line says how many. Names of steps are never cut: they stand above, with their numbers.
 */
export function renderFunnelMatrix(
  lists: readonly FunnelSteps[],
  { segmentTitle, width, colour }: { segmentTitle: string } & Omit<ChartOptions, "height">,
): string {
  const rows = sortedSegments(lists).filter(({ steps }) => steps.length > 0);
  if (rows.length === 0) return "no data\n";
  const style = createStyle(colour);
  const longest = rows.reduce((most, row) => row.steps.length > most.steps.length ? row : most).steps;
  const columns = longest.map((_, index) => stepColumn(rows, index));
  const labels = rows.map(({ segment }) => cleanLine(segment ?? ""));
  const fullLabel = Math.max(textWidth(segmentTitle), ...labels.map(textWidth));
  const labelWidth = Math.min(fullLabel, Math.max(MIN_LABEL_WIDTH, Math.floor(width * 0.3)));

  const barWidth = BAR_WIDTH + GAP.length;
  const taken = (shown: readonly StepColumn[], withPrevious: boolean) =>
    labelWidth + shown.reduce((sum, column) => sum + GAP.length + cellWidth(column, withPrevious), 0);
  const hasPrevious = taken(columns, true) <= width;
  let shown = columns;
  // The first and the last step say most.
  while (shown.length > 1 && taken(shown, hasPrevious) > width) {
    shown = shown.toSpliced(Math.max(1, shown.length - 2), 1);
  }
  const hasBars = shown.length === columns.length && taken(shown, hasPrevious) + barWidth <= width;

  const steps = longest.map(({ name }, index) => `${index + 1} ${cleanLine(name)}`).join(" → ");
  const lines = wrapText(steps, width).map((text) => style.bold(text));
  lines.push(style.dim(truncate(`people, share of step 1${hasPrevious ? " (of the step before)" : ""}`, width)), "");
  lines.push(
    style.bold(
      [pad(truncate(segmentTitle, labelWidth), labelWidth)]
        .concat(
          shown.map((column) => pad(pad(column.title, widest(column.counts), "right"), cellWidth(column, hasPrevious))),
        )
        .join(GAP).trimEnd(),
    ),
  );
  const largest = rows.reduce((most, row) => Math.max(most, conversion(row) ?? 0), 0) || 1;
  rows.forEach((row, index) => {
    const label = pad(truncate(labels[index]!, labelWidth), labelWidth);
    const cells = shown.map((column) => cell(column, index, hasPrevious));
    const bar = hasBars ? [style.series(0, shareBar((conversion(row) ?? 0) / largest, BAR_WIDTH))] : [];
    lines.push([row.segment === OVERALL ? style.bold(label) : label, ...cells, ...bar].join(GAP).trimEnd());
  });
  const hidden = columns.length - shown.length;
  if (hidden > 0) {
    lines.push(...wrapText(`+${formatCount(hidden, "step")}: widen the terminal, or use -f csv`, width).map(style.dim));
  }
  return lines.join("\n") + "\n";
}

function stepColumn(rows: readonly FunnelSteps[], index: number): StepColumn {
  const steps = rows.map((row) => row.steps[index]);
  return {
    title: String(index + 1),
    counts: steps.map((step) => step === undefined ? "" : formatNumber(step.count)),
    ofFirst: index === 0 ? [] : steps.map((step) => shareText(step?.ofFirst)),
    // Of the second step, both shares are the same.
    ofPrevious: index < 2 ? [] : steps.map((step) => step?.ofPrevious == null ? "" : `(${shareText(step.ofPrevious)})`),
  };
}

function cell({ counts, ofFirst, ofPrevious }: StepColumn, index: number, hasPrevious: boolean): string {
  const parts = [pad(counts[index]!, widest(counts), "right")];
  if (ofFirst.length > 0) parts.push(pad(ofFirst[index]!, widest(ofFirst), "right"));
  if (hasPrevious && ofPrevious.length > 0) parts.push(pad(ofPrevious[index]!, widest(ofPrevious), "right"));
  return parts.join(" ");
}

function cellWidth({ title, counts, ofFirst, ofPrevious }: StepColumn, hasPrevious: boolean): number {
  const extra = (texts: readonly string[]) => texts.length === 0 ? 0 : widest(texts) + 1;
  return Math.max(title.length, widest(counts) + extra(ofFirst) + (hasPrevious ? extra(ofPrevious) : 0));
}

const shareText = (share: number | null | undefined): string => share == null ? "" : formatShare(share);
const widest = (texts: readonly string[]): number => texts.reduce((most, text) => Math.max(most, textWidth(text)), 0);
