/**
 * Which columns are durations, by the schema that Arrow's writers keep beside Parquet's, which has no such type: a
 * flatbuffer in base64.
 */

/** How long one of a column's numbers is. */
export type DurationUnit = "seconds" | "milliseconds" | "microseconds" | "nanoseconds";

/** The key of that schema among the facts of a file. */
export const ARROW_SCHEMA_KEY = "ARROW:schema";

const UNITS: readonly DurationUnit[] = ["seconds", "milliseconds", "microseconds", "nanoseconds"];
const MILLISECONDS = 1;
const DURATION = 18;
/** The numbers of members in the tables of Arrow's format. */
const Message = { header: 2 }, Schema = { fields: 1 }, Field = { name: 0, typeKind: 2, type: 3, children: 5 };
const Duration = { unit: 0 };
/** Structures in each other; more are not looked into. */
const MOST_DEPTH = 16;

/** The units by the paths of columns. Nothing for what is no such schema. */
export function arrowDurations(base64: string): Map<string, DurationUnit> {
  const units = new Map<string, DurationUnit>();
  try {
    const bytes = Uint8Array.fromBase64(base64);
    const reader = new FlatReader(bytes);
    // Newer writers put a mark before the length.
    const start = reader.view.getInt32(0, true) === -1 ? 8 : 4;
    const schema = reader.table(
      reader.table(start + reader.view.getUint32(start, true), Message.header),
      Schema.fields,
    );
    for (const field of reader.elements(schema)) addDurations(reader, field, [], units);
  } catch (error) {
    // expected: RangeError and SyntaxError, for what is no schema: then the columns are what Parquet says
    if (!(error instanceof RangeError || error instanceof SyntaxError)) throw error;
    units.clear();
  }
  return units;
}

function addDurations(reader: FlatReader, field: number, above: readonly string[], units: Map<string, DurationUnit>) {
  const path = [...above, reader.text(reader.table(field, Field.name))];
  const kind = reader.member(field, Field.typeKind);
  if (kind > 0 && reader.view.getUint8(kind) === DURATION) {
    const unit = reader.member(reader.table(field, Field.type), Duration.unit);
    const known = UNITS[unit > 0 ? reader.view.getInt16(unit, true) : MILLISECONDS];
    if (known !== undefined) units.set(path.join("."), known);
  }
  const children = reader.table(field, Field.children);
  if (path.length < MOST_DEPTH) {
    for (const child of reader.elements(children)) addDurations(reader, child, path, units);
  }
}

/** Reads a flatbuffer; 0 stands for what is not there. All reading beyond its end is a RangeError. */
class FlatReader {
  readonly view: DataView;

  constructor(readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  /** Where a member of the table stands. */
  member(table: number, number: number): number {
    if (table === 0) return 0;
    const { view } = this;
    const offsets = table - view.getInt32(table, true);
    const at = 4 + 2 * number;
    const offset = at < view.getUint16(offsets, true) ? view.getUint16(offsets + at, true) : 0;
    return offset === 0 ? 0 : table + offset;
  }

  /** What a member of the table points to. */
  table(table: number, number: number): number {
    const at = this.member(table, number);
    return at === 0 ? 0 : at + this.view.getUint32(at, true);
  }

  text(at: number): string {
    if (at === 0) return "";
    return new TextDecoder().decode(this.bytes.subarray(at + 4, at + 4 + this.view.getUint32(at, true)));
  }

  *elements(vector: number): Generator<number, void> {
    if (vector === 0) return;
    const count = this.view.getUint32(vector, true);
    for (let index = 0; index < count; index++) {
      const at = vector + 4 + 4 * index;
      yield at + this.view.getUint32(at, true);
    }
  }
}
