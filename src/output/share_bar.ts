const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/** A bar of this many cells, to an eighth of one; whatever is more than nothing is seen. */
export function barOf(value: number, cells: number): string {
  const eighths = Math.max(value > 0 ? 1 : 0, Math.round(cells * 8));
  return "█".repeat(eighths >> 3) + EIGHTHS[eighths & 7];
}

/** The bar of a share from 0 to 1, of which 1 is `width` cells. */
export const shareBar = (share: number, width: number): string => barOf(share, Math.max(0, Math.min(1, share)) * width);
