/** What the Lexicon says of properties, as comments of columns. */
import { inputError } from "../../../errors.ts";
import { isObject } from "../../../streams/json/is_object.ts";
import { parseJson } from "../../../streams/json/json.ts";
import { columnKey } from "../../../streams/table/column_names.ts";
import { JsonScope } from "../../../streams/json/json_spans.ts";
import type { ColumnSource } from "../../../streams/table/column_names.ts";
import { JSON_COMMENT } from "../../../sql/ddl/lake_table.ts";
import type { ColumnType } from "../../../streams/table/record_encoder.ts";
import { OTHER_PROPERTIES } from "../../../streams/table/table_schema.ts";

/** A column, and where its values stand in an event when its name does not say so. */
interface NamedColumn {
  name: string;
  type: ColumnType;
  source?: ColumnSource;
}

/** Of the columns that every table of events has. */
const OWN: Readonly<Record<string, string>> = {
  event: "The name of the event",
  time: "When it happened, in UTC",
  distinct_id: "Whose event it is",
  $insert_id: "Events with the same name, time, distinct_id and $insert_id are copies of one",
};

const OTHERS = "an object of the properties that have no column, or another type than theirs";

/**
 * The columns with comments.
 *
 * @param descriptions by property
 */
export function withComments<T extends NamedColumn>(
  columns: readonly T[],
  descriptions: ReadonlyMap<string, string>,
): (T & { comment?: string })[] {
  return columns.map((column) => {
    const { scope, key } = column.source ?? columnKey("event", column.name);
    const isOwn = scope === JsonScope.record ? key === "event" : key in OWN && key !== "event";
    const said = column.name === OTHER_PROPERTIES
      ? OTHERS
      : (scope === JsonScope.properties ? descriptions.get(key) : undefined) ?? (isOwn ? OWN[key] : undefined);
    const comment = column.type === "json" ? [JSON_COMMENT, said].filter(Boolean).join(": ") : said;
    return comment === undefined ? column : { ...column, comment };
  });
}

/**
 * The descriptions of properties in a Lexicon as `mp export lexicon` writes it: a list, or a line for each entry. Where events
 * describe a property in different words, the words of most of them count.
 *
 * @param shown how messages name the file
 * @throws MpError (input) for a text that is none
 */
export function lexiconDescriptions(text: string, shown: string): Map<string, string> {
  const votes = new Map<string, Map<string, number>>();
  const vote = (property: unknown, description: unknown) => {
    if (typeof property !== "string" || typeof description !== "string" || description.trim() === "") return;
    const ofProperty = votes.get(property) ?? new Map<string, number>();
    const words = description.trim().replace(/\s+/g, " ");
    ofProperty.set(words, (ofProperty.get(words) ?? 0) + 1);
    votes.set(property, ofProperty);
  };
  for (const entry of entriesIn(text, shown)) {
    if (!isObject(entry)) continue;
    // The reference's form has properties apart.
    if (entry.type === "property") vote(entry.name, entry.description);
    const { properties } = isObject(entry.schemaJson) ? entry.schemaJson : {};
    if (entry.entityType !== "event" || !isObject(properties)) continue;
    for (const [name, property] of Object.entries(properties)) {
      if (isObject(property)) vote(name, property.description);
    }
  }
  return new Map([...votes].map(([property, words]) => {
    const [[most = ""] = []] = [...words].sort(([, one], [, other]) => other - one);
    return [property, most];
  }));
}

function entriesIn(text: string, shown: string): unknown[] {
  const trimmed = text.trim();
  try {
    if (!trimmed.startsWith("[")) return trimmed.split("\n").filter((line) => line.trim() !== "").map(parseJson);
    return parseJson(trimmed) as unknown[];
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw inputError(
      `Cannot read the Lexicon in ${shown}: it is not JSON`,
      "'mp export lexicon -o lexicon.json' writes one",
      "bad_lexicon",
    );
  }
}
