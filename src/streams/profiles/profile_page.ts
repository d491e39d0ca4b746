/** Cuts a page of a profile query into its profiles. They are not parsed, so that no digit and no byte is changed. */
import { JsonScanner } from "../json/json_scanner.ts";
import { isKeyNamed } from "../json/json_text.ts";

/** A page as it came. */
export interface ProfilePage {
  /** One profile a line, each with its line feed; a view of the page's memory, which was written over. */
  lines: Uint8Array;
  profiles: number;
  /** What the page says besides its profiles, parsed: `session_id`, `page_size`, `total`, … */
  info: Readonly<Record<string, unknown>>;
}

const LINE_FEED = 10;
const SPACE = 32;

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const RESULTS = bytesOf("results");
const DISTINCT_ID = bytesOf("$distinct_id");

const decoder = new TextDecoder();

/** Told where in the bytes the id of a profile stands, its quotes included. */
export type OnProfileId = (bytes: Uint8Array, start: number, end: number) => void;

/**
 * Splits `{…, "results": [{"$distinct_id": …, "$properties": {…}}, …]}`. Undefined when it has another form: not JSON,
 * cut off, or with something in `results` that is no profile; the bytes are as they were then. Of a page that is not
 * wanted no ids are told.
 */
export function splitProfilePage(
  bytes: Uint8Array,
  onId?: OnProfileId,
  isWanted: (info: ProfilePage["info"]) => boolean = () => true,
): ProfilePage | undefined {
  const scanner = new JsonScanner();
  scanner.use(bytes);
  const info: Record<string, unknown> = {};
  /** Where profiles begin and end, by turns. */
  const spans: number[] = [];
  /** Where ids do. They are passed on only when the page is known to be whole. */
  const ids: number[] = [];
  let hasResults = false;

  const skipProfile = (start: number): number => {
    let hasId = false;
    const end = scanner.skipObject(start, (keyStart, keyEnd, valueStart) => {
      const valueEnd = scanner.skipValue(valueStart);
      if (valueEnd >= 0 && isKeyNamed(bytes, keyStart, keyEnd, DISTINCT_ID)) {
        hasId = true;
        if (onId !== undefined) ids.push(valueStart, valueEnd);
      }
      return valueEnd;
    });
    spans.push(start, end);
    return hasId ? end : -1;
  };
  const end = scanner.skipObject(scanner.skipSpace(0), (keyStart, keyEnd, start) => {
    if (isKeyNamed(bytes, keyStart, keyEnd, RESULTS)) {
      hasResults = true;
      spans.length = ids.length = 0;
      return scanner.skipList(start, skipProfile);
    }
    const valueEnd = scanner.skipValue(start);
    if (valueEnd >= 0) info[readJson(bytes, keyStart - 1, keyEnd + 1) as string] = readJson(bytes, start, valueEnd);
    return valueEnd;
  });
  if (end < 0 || scanner.skipSpace(end) !== bytes.length || !hasResults) return undefined;
  if (!isWanted(info)) ids.length = 0;
  for (let index = 0; index < ids.length; index += 2) onId?.(bytes, ids[index]!, ids[index + 1]!);
  return { lines: takeLines(bytes, spans), profiles: spans.length / 2, info };
}

/** Where a comma and perhaps white space stood between two profiles, there is room for a line feed: nothing is copied. */
function takeLines(bytes: Uint8Array, spans: readonly number[]): Uint8Array {
  // Inside a value it can only be white space between its tokens.
  for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1)) bytes[at] = SPACE;
  const first = spans[0] ?? 0;
  let to = first;
  for (let index = 0; index < spans.length; index += 2) {
    const start = spans[index]!;
    const end = spans[index + 1]!;
    if (start !== to) bytes.copyWithin(to, start, end);
    to += end - start;
    bytes[to++] = LINE_FEED;
  }
  return bytes.subarray(first, to);
}

function readJson(bytes: Uint8Array, start: number, end: number): unknown {
  return JSON.parse(decoder.decode(bytes.subarray(start, end)));
}
