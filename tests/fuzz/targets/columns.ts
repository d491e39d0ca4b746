/** What tables of events have in common, whatever their format. */

type Event = Record<string, unknown> & { properties: Record<string, unknown> };

/** The value that a column shows: that of a property, or of the record itself where the name says so. */
export function columnValue(record: Event, name: string): unknown {
  if (name === "event") return record.event;
  const [, scope = "properties", key = ""] = /^(?:(record|properties)\.)?(.*)$/s.exec(name)!;
  const object = scope === "record" ? record : record.properties;
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** Whole lines without the blank ones. */
export function withoutBlankLines(block: Uint8Array): Uint8Array {
  const lines = Buffer.from(block).toString("latin1").split("\n").filter((line) => line !== "" && line !== "\r");
  return Buffer.from(lines.map((line) => line + "\n").join(""), "latin1");
}
