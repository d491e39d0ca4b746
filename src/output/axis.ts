/** Where the ticks of a chart's axes stand, and what is written at them. */

/** A vertical axis: its ends are ticks themselves. */
export interface Scale {
  low: number;
  high: number;
  ticks: number[];
}

/** Beyond these, the arithmetic of ticks overflows or vanishes; such values are drawn at the edge. */
const LARGEST = 1e300;
const SMALLEST_RANGE = 1e-290;
/** The least distance of values, in parts of their size, that ticks can show. */
const CLOSEST = 1e-12;

/**
 * A scale of round numbers over finite values. It starts at zero, as counts want to be compared by
 * height, unless all values lie close together far from it. At most `maxTicks` ticks, which is at least
 * three (for values on both sides of zero), at least two.
 */
export function valueScale(values: number[], maxTicks: number): Scale {
  let low = Math.max(-LARGEST, values.reduce((least, value) => Math.min(least, value), Infinity));
  let high = Math.min(LARGEST, values.reduce((most, value) => Math.max(most, value), -Infinity));
  // Ticks that are closer than a double can count them have no place of their own.
  const size = Math.max(Math.abs(low), Math.abs(high));
  const isNarrow = high - low < size * 0.1 && high - low > size * CLOSEST;
  if (!isNarrow) {
    low = Math.min(0, low);
    high = Math.max(0, high);
  }
  if (high - low < SMALLEST_RANGE) [low, high] = [0, 1];
  const integers = values.every(Number.isInteger);
  for (let step = firstStep((high - low) / Math.max(1, maxTicks - 1), integers);; step = nextStep(step, integers)) {
    const first = Math.floor(low / step);
    const last = Math.ceil(high / step);
    if (last - first + 1 > maxTicks) continue;
    const ticks = [];
    for (let index = first; index <= last; index++) ticks.push(roundTo(index * step, step));
    return { low: ticks[0], high: ticks[ticks.length - 1], ticks };
  }
}

/** 1, 2, 2.5 and 5 times a power of ten; of these only integers where the values are. */
const STEPS = [1, 2, 2.5, 5];

function firstStep(atLeast: number, integers: boolean): number {
  const power = 10 ** Math.floor(Math.log10(atLeast));
  if (integers && power < 1) return 1;
  return power;
}

function nextStep(step: number, integers: boolean): number {
  let power = 10 ** Math.floor(Math.log10(step) + 1e-9);
  // The logarithm of a large number is not exact.
  if (power * 10 <= step * 1.001) power *= 10;
  const next = STEPS.find((factor) => factor * power > step * 1.001 && !(integers && factor * power % 1 !== 0));
  return next === undefined ? power * 10 : next * power;
}

/** Takes the noise of binary fractions out of a multiple of `step`. */
function roundTo(value: number, step: number): number {
  const digits = Math.max(0, 1 - Math.floor(Math.log10(step)));
  return digits > 100 || Math.abs(value) >= 1e21 ? value : Number(value.toFixed(digits));
}

/** A text at a place on the horizontal axis. */
export interface Tick {
  /** The index of the point that it belongs to. */
  index: number;
  text: string;
}

const DATE = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2}))?/;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/**
 * The labels that fit `width` cells without crowding, at regular distances: dates as `Aug 1` (with the
 * year when there are several), months as `Aug 2026`, times as `13:00`, other labels as they are.
 */
export function labelTicks(labels: string[], width: number): Tick[] {
  const texts = shortLabels(labels);
  const widest = texts.reduce((most, text) => Math.max(most, text.length), 1);
  const room = Math.max(1, Math.floor(width / (widest + 3)));
  const step = STRIDES.find((stride) => labels.length / stride <= room) ?? Math.ceil(labels.length / room);
  const ticks = [];
  for (let index = 0; index < labels.length; index += step) ticks.push({ index, text: texts[index] });
  return ticks;
}

/** Distances at which a calendar's dates are easy to count: days and weeks, and, for hours, parts of a day. */
const STRIDES = [1, 2, 3, 7, 14, 28];

function shortLabels(labels: string[]): string[] {
  const dates = labels.map((label) => DATE.exec(label));
  if (!dates.every((date) => date !== null)) return labels.map((label) => [...label].slice(0, 16).join(""));
  const distinct = (part: number) => new Set(dates.map((date) => date[part])).size;
  const hasTimes = distinct(4) > 1 || distinct(5) > 1;
  const severalYears = distinct(1) > 1;
  const months = !hasTimes && labels.length > 1 && dates.every((date) => date[3] === "01");
  const severalDays = distinct(1) + distinct(2) + distinct(3) > 3;
  return dates.map(([, year, month, day, hour, minute]) => {
    const monthName = MONTHS[Number(month) - 1] ?? month;
    const date = `${monthName} ${Number(day)}`;
    if (hasTimes) return severalDays ? `${date} ${hour}:${minute}` : `${hour}:${minute}`;
    if (months) return severalYears ? `${monthName} ${year}` : monthName;
    return severalYears ? `${year}-${month}-${day}` : date;
  });
}
