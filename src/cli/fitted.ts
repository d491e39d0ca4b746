import type { Output } from "../runtime/standard_streams.ts";

/** A caret below an expression, which must stay where it is. */
const CARET = /^\s*\^/m;

/** A text in lines that are no wider than the terminal; elsewhere as it is. */
export async function fitted(
  text: string,
  { isTerminal, columns }: Pick<Output, "isTerminal" | "columns">,
): Promise<string> {
  if (!isTerminal || text.length <= columns() || CARET.test(text)) return text;
  const { wrapLines } = await import("../output/text_width.ts");
  return wrapLines(text, columns());
}
