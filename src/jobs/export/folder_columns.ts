/** The columns of a folder of tables: known, or found in the first events, and what does not fit them. */
import { changedNotes } from "../../streams/table/changed_notes.ts";
import type { FoundKey } from "../../streams/table/columns.ts";
import type { EncodingReport, OtherProperty } from "../../streams/table/record_encoder.ts";
import type { TableSchema } from "../../streams/table/table_schema.ts";
import { FoundColumns } from "./found_columns.ts";
import type { Manifest, ManifestOutput } from "./manifest.ts";
import { pathColumn } from "./split.ts";
import type { LookAtSlice } from "./slice_look.ts";
import type { SpooledSlice } from "./spool.ts";
import { columnsOfFolder, knownColumns, noteRenamed, noteUnseen, othersNotes } from "./table_columns.ts";

export class FolderColumns {
  /** What all files have from now on; undefined as long as there are no events, and for what is no table. */
  decided: TableSchema | undefined;
  /** While files are rewritten with more columns: those that they had. */
  earlier: TableSchema | undefined;
  readonly #output: ManifestOutput;
  readonly #note: ((line: string) => void) | undefined;
  readonly #found: FoundColumns | undefined;
  /** Of files without events, as long as there are no others. */
  #provisional: TableSchema | undefined;
  readonly #others = new Map<string, OtherProperty>();
  readonly #changed = { nuls: 0, replaced: 0 };

  /** @param there the columns of the files that are there */
  constructor(
    output: ManifestOutput,
    there: Pick<Manifest, "schema" | "earlier_schema">,
    note?: (line: string) => void,
  ) {
    this.#output = output;
    this.#note = note;
    if (output.format === "jsonl") return;
    this.decided = there.schema ?? knownColumns(output);
    this.earlier = there.earlier_schema;
    if (this.decided === undefined) this.#found = new FoundColumns();
  }

  /** Whether all events have to be seen before a file can be written. */
  get areSought(): boolean {
    return this.#found !== undefined;
  }

  /** For slices that are fetched, as long as columns are sought. */
  get look(): LookAtSlice | undefined {
    return this.#found?.look;
  }

  async observe(slice: SpooledSlice): Promise<void> {
    await this.#found?.observe(slice);
  }

  /** Takes what was found in a slice that others have read. */
  absorb({ slice, found }: { slice: SpooledSlice; found?: readonly FoundKey[] }): void {
    if (found !== undefined) this.#found?.absorb(slice, found);
  }

  /** Decides by the events that were seen. Returns whether all files get other columns by it. */
  decide(): boolean {
    if (this.#found === undefined) return false;
    const { hive, split } = this.#output;
    const schema = columnsOfFolder(this.#found.finder, this.#output, hive ? [pathColumn(split)] : []);
    this.#provisional = schema;
    if (this.#found.isEmpty) return false;
    noteRenamed(schema.columns, this.#output, this.#note);
    noteUnseen(this.#found.finder, this.#output, this.#note);
    this.decided = schema;
    return true;
  }

  get ofNextFile(): TableSchema | undefined {
    return this.decided ?? this.#provisional;
  }

  readonly onEncoded = ({ others, nuls, replaced }: EncodingReport): void => {
    this.#changed.nuls += nuls;
    this.#changed.replaced += replaced;
    for (const other of others) {
      const before = this.#others.get(other.name);
      this.#others.set(other.name, { ...other, events: other.events + (before?.events ?? 0) });
    }
  };

  get others(): readonly OtherProperty[] {
    return [...this.#others.values()];
  }

  /** Says what could not be written as it came. */
  noteAll(): void {
    for (const line of othersNotes(this.others, this.decided)) this.#note?.(line);
    for (const line of changedNotes(this.#changed)) this.#note?.(line);
  }
}
