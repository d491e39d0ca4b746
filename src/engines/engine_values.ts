/** Values of an engine's JSON answer, which writes numbers as texts where a double would not hold them. */

/** A whole number: a bigint beyond 2^53. Undefined for what is none. */
function wholeNumber(text: string): number | bigint | undefined {
  if (!/^-?\d+$/.test(text)) return undefined;
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : BigInt(text);
}

/** A number of a column of numbers; what is no number, or endless, is null. */
function numericValue(value: unknown): number | bigint | null {
  if (typeof value === "bigint") return value;
  if (typeof value === "string") return wholeNumber(value) ?? finite(Number(value === "" ? NaN : value));
  return typeof value === "number" ? finite(value) : null;
}

const finite = (number: number): number | null => Number.isFinite(number) ? number : null;

/** Whether an answer has rows, as lists of values. */
export const isRows = (data: unknown): data is unknown[][] => Array.isArray(data) && data.every(Array.isArray);

/** The values of rows, as the types of their columns have them. */
export function typedRows(rows: readonly (readonly unknown[])[], isNumeric: readonly boolean[]): unknown[][] {
  return rows.map((row) => row.map((value, index) => isNumeric[index] && value !== null ? numericValue(value) : value));
}
