/** JSON that is not JSON Lines as records: a list, objects one after the other, or an object with one list of records. */
import { ElementSplitter } from "../../streams/json/json_elements.ts";
import { isObject } from "../../streams/json/is_object.ts";
import { parseExactJson, parseJson } from "../../streams/json/json.ts";
import { MAX_RECORD_BYTES } from "../../streams/lines.ts";
import { textWithBytes } from "../../streams/shown_bytes.ts";
import { UnreadableRecord } from "./record_block.ts";

/** No event and no profile is larger, so an object that is must be something around records. */
const MAX_OBJECT_BYTES = 1024 * 1024;

/** What programs call a list of records. */
const LIST_NAMES: ReadonlySet<string> = new Set([
  "data",
  "events",
  "records",
  "results",
  "rows",
  "batch",
  "items",
  "profiles",
  "users",
]);

/** An object with one of these is a record itself. */
const RECORD_NAMES: readonly string[] = [
  "event",
  "event_name",
  "event_type",
  "properties",
  "distinct_id",
  "$distinct_id",
  "time",
  "timestamp",
];

const strictDecoder = new TextDecoder("utf-8", { fatal: true });

/** Values, and the text of each that is valid JSON; none where they are parts of another one. */
interface JsonValues {
  values: unknown[];
  texts?: (string | undefined)[];
}

/**
 * Values in groups as they come in. What is not JSON by itself is an `UnreadableRecord`, and the next goes on.
 *
 * @throws JsonShapeError when brackets do not fit or are not closed.
 */
export async function* jsonValues(source: AsyncIterable<Uint8Array>): AsyncGenerator<JsonValues, void> {
  let values: unknown[] = [];
  let texts: (string | undefined)[] = [];
  const splitter = new ElementSplitter(
    { maxBytes: MAX_RECORD_BYTES, maxObjectBytes: MAX_OBJECT_BYTES },
    (bytes, isWhole) => {
      const { value, text } = valueOf(bytes);
      const list = isWhole ? wrappedList(value) : undefined;
      if (list === undefined) {
        values.push(value);
        texts.push(text);
      } else for (const element of list) values.push(element);
    },
  );
  /** What comes before a fault is read all the same. */
  const attempt = (step: () => void): unknown => {
    values = [];
    texts = [];
    try {
      step();
    } catch (error) {
      return error;
    }
  };
  for await (const chunk of source) {
    const failure = attempt(() => splitter.push(chunk));
    if (values.length > 0) yield { values, texts: texts.length === values.length ? texts : undefined };
    if (failure !== undefined) throw failure;
  }
  const failure = attempt(() => splitter.end());
  if (values.length > 0) yield { values, texts: texts.length === values.length ? texts : undefined };
  if (failure !== undefined) throw failure;
}

/** Whether a text is an object with one list of records, and no record itself. */
export function isWrappedList(text: string): boolean {
  try {
    return wrappedList(parseJson(text)) !== undefined;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return false;
  }
}

function wrappedList(value: unknown): unknown[] | undefined {
  if (!isObject(value) || RECORD_NAMES.some((name) => Object.hasOwn(value, name))) return undefined;
  const names = Object.keys(value);
  const lists = names.filter((name) => Array.isArray(value[name]));
  const [name] = lists;
  if (lists.length !== 1 || name === undefined || (names.length > 1 && !LIST_NAMES.has(name))) return undefined;
  const list = value[name] as unknown[];
  return list.every(isObject) ? list : undefined;
}

function valueOf(bytes: Uint8Array): { value: unknown; text?: string } {
  let text: string;
  try {
    text = strictDecoder.decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return { value: new UnreadableRecord("not valid UTF-8", undefined, textWithBytes(bytes), "not_utf8") };
  }
  try {
    return { value: parseExactJson(text), text };
  } catch (error) {
    return { value: UnreadableRecord.ofJson(error, text) };
  }
}
