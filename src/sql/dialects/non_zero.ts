/** A divisor, NULL where it is 0. */
export function nonZero(divisor: string): string {
  return /^[1-9]\d*$/.test(divisor) ? divisor : `nullif(${divisor}, 0)`;
}
