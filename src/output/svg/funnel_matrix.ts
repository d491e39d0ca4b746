/** A funnel by segments: a row for each, and for each step how many got there, what share that is, and a bar of it. */
import { cleanLine } from "../clean.ts";
import { formatCount, formatNumber, formatShare } from "../format.ts";
import { type FunnelCount, type FunnelSteps, OVERALL, sortedSegments } from "../funnel_table.ts";
import { wrapText } from "../text_width.ts";
import { type Drawing, label, NOTHING, svgElement, tooltip, widestOf, widthOf } from "./marks.ts";

const PITCH = 56;
const GAP = 18;
const LINE = 17;
const BAR = 7;
const MIN_STEP = 128;

/** As wide as asked for, or wider where the steps need it. Names of steps are never cut. */
export function drawFunnelMatrix(lists: readonly FunnelSteps[], segmentTitle: string, width: number): Drawing {
  const rows = sortedSegments(lists).filter(({ steps }) => steps.length > 0);
  if (rows.length === 0) return NOTHING;
  const steps = rows.reduce((most, row) => row.steps.length > most.steps.length ? row : most).steps;
  const labels = rows.map(({ segment }) => segment ?? "");
  const labelWidth = Math.min(200, widestOf([segmentTitle, ...labels]) + 6);
  const step = Math.max(MIN_STEP, (width - labelWidth) / steps.length - GAP);
  const x = (index: number) => labelWidth + GAP + index * (step + GAP);

  const names = steps.map(({ name }, index) =>
    wrapText(`${index + 1} ${cleanLine(name)}`, Math.floor(step / widthOf("0")))
  );
  const header = names.reduce((most, { length }) => Math.max(most, length), 1) * LINE;
  const titles = names.flatMap((lines, index) =>
    lines.map((text, line) => label(text, x(index), header - (lines.length - line - 1) * LINE, { class: "b" }))
  );
  const body = rows.map((row, index) => {
    const top = header + 14 + index * PITCH;
    const isOverall = row.segment === OVERALL;
    const cells = row.steps.map((count, at) => cell(count, at, x(at), top, step, labels[index]!));
    return svgElement("path", { class: "g", d: `M0 ${top}H${Math.round(x(steps.length) - GAP)}` }) +
      label(labels[index]!, 0, top + 23, { class: isOverall ? "b" : "", room: labelWidth + 4 }) + cells.join("");
  });
  return {
    width: Math.max(width, x(steps.length) - GAP),
    height: header + 14 + rows.length * PITCH,
    body: label(segmentTitle, 0, header, { class: "m l" }) + titles.join("") + body.join(""),
    description: `Funnel with ${formatCount(steps.length, "step")} for ${formatCount(rows.length, "segment")}: ` +
      steps.map(({ name }) => cleanLine(name)).join(", then ") + ".",
  };
}

/** The count and its share of the first step, the bar of the share, and the share of the step before. */
function cell(count: FunnelCount, index: number, x: number, top: number, width: number, segment: string): string {
  const ofFirst = count.ofFirst ?? 0;
  const share = count.ofFirst === null ? "" : formatShare(count.ofFirst);
  // Of the second step, both shares are the same.
  const before = index < 2 || count.ofPrevious === null ? "" : `${formatShare(count.ofPrevious)} of step ${index}`;
  const told = `${segment}, ${count.name}: ${formatNumber(count.count)}${share === "" ? "" : `, ${share} of step 1`}`;
  const bar = { x, y: top + 30, height: BAR, rx: 2 };
  return svgElement(
    "g",
    {},
    [
      label(formatNumber(count.count), x, top + 23, { class: "b" }),
      label(share, x + width, top + 23, { class: "e" }),
      svgElement("rect", { ...bar, class: "tint", width }),
      svgElement("rect", { ...bar, class: "f0", width: Math.max(ofFirst > 0 ? 2 : 0, Math.min(1, ofFirst) * width) }),
      before === "" ? "" : label(before, x + width, top + 50, { class: "m e l" }),
      tooltip(told),
    ].join(""),
  );
}
