/** JSON that was typed, as the lines that a file would have. */
import { ElementSplitter } from "../../streams/json/json_elements.ts";
import { withoutLineEnds } from "../../streams/json/json_text.ts";
import type { RecordSource } from "./record_source.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A source of one record, or of a list's, from valid JSON. Each keeps its text. */
export function jsonSource(name: string, json: string): RecordSource {
  const lines: string[] = [];
  const splitter = new ElementSplitter(
    { maxBytes: Infinity, maxObjectBytes: Infinity },
    (bytes) => lines.push(withoutLineEnds(decoder.decode(bytes))),
  );
  splitter.push(encoder.encode(json));
  splitter.end();
  return { name, open: () => new Blob([lines.join("\n")]).stream() };
}
