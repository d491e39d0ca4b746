import type { FromTo } from "../../../cli/comparison.ts";

/** `2026-11-21`, or `2026-11-21 to 2026-11-22`. */
export const daysWords = ({ from, to }: FromTo): string => from === to ? from : `${from} to ${to}`;
