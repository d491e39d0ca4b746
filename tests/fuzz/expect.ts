/** What is right, found in the slow way, and comparisons whose failures show the bytes that they are about. */

/** Bytes as text in quotes, short enough to be read. */
export function describeBytes(bytes: Uint8Array): string {
  const most = 3000;
  const text = JSON.stringify(Buffer.from(bytes.subarray(0, most)).toString("latin1"));
  return bytes.length > most ? `${text} and ${bytes.length - most} bytes more` : text;
}

/** Throws when two texts differ. */
export function requireSameBytes(actual: Uint8Array, expected: Uint8Array, input: Uint8Array): void {
  if (Buffer.compare(actual, expected) === 0) return;
  const at = expected.findIndex((byte, index) => byte !== actual[index]);
  const near = (bytes: Uint8Array) => describeBytes(bytes.subarray(Math.max(0, at - 40), at + 80));
  throw new Error(
    `${actual.length} bytes came out instead of ${expected.length}; at ${at} ${near(actual)} instead of ` +
      `${near(expected)}. The input was ${describeBytes(input)}`,
  );
}

/** Whether a line is an event, by `JSON.parse`. */
export function isEvent(line: Uint8Array): boolean {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(line));
    if (typeof value !== "object" || value === null) return false;
    const { event, properties } = value as Record<string, unknown>;
    return typeof event === "string" && typeof properties === "object" && properties !== null &&
      !Array.isArray(properties);
  } catch {
    return false;
  }
}
