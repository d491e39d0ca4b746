/** Makes the tables of a folder while slices are fetched: the events of a slice are read once, and each goes to the file of its day. */
import { checksum } from "../../runtime/checksum.ts";
import { freeMemory } from "../../runtime/compression/free_memory.ts";
import { join, removeFile } from "../../runtime/files/files.ts";
import { openResumable } from "../../runtime/files/resumable_file.ts";
import { nameOfDay, scannedDay } from "../../streams/events/day_router.ts";
import { JsonScope, JsonSpans } from "../../streams/json/json_spans.ts";
import type { Replacements } from "../../streams/json/json_text.ts";
import { ParquetPart, ParquetParts } from "../../streams/parquet/parquet_parts.ts";
import { columnFinder, type FoundKey, MOST_LASTING_COLUMNS, type RecordColumns } from "../../streams/table/columns.ts";
import { GROWTH_LIMITS } from "../../streams/table/growing_encoder.ts";
import type { EncodingReport } from "../../streams/table/record_encoder.ts";
import { MisfitError } from "../../streams/table/record_misfit.ts";
import type { TableSchema } from "../../streams/table/table_schema.ts";
import { addDays, type DayRange } from "./days.ts";
import type { ManifestOutput } from "./manifest.ts";
import { pathColumn } from "./split.ts";
import { columnsOfFolder } from "./table_columns.ts";
import type { FileContent } from "./write_content.ts";

/** All files hold so much together, before row groups end that are not full. */
const MOST_HELD_BYTES = 24 * 1024 * 1024;

/** A file has probably all its events after so many bytes of lines without one: its row group ends. */
const IDLE_BYTES = 2 * 1024 * 1024;

/** A smaller row group waits for more: it needs little memory, and many of them are read slowly. */
const LEAST_GROUP_BYTES = 512 * 1024;

export interface UnitTablesJob {
  /** For what is written meanwhile. */
  folder: string;
  output: ManifestOutput;
  /** The columns of all files, where they are decided. */
  schema?: TableSchema;
}

/** A slice of whole files. */
export interface UnitSlice {
  /** By which it is known. */
  id: number;
  /** The days of its files. */
  units: readonly DayRange[];
  /** Otherwise an event of a day outside of all units, or of none, goes with the nearest. */
  isStrict: boolean;
}

/** What came of a slice. */
export interface SliceTables {
  /** Whether it is strict and has an event of another day. */
  isForeign: boolean;
  /** What each unit has; undefined where no tables were made. */
  units?: { events: number; bytes: number }[];
  /** Of all its events, where columns are sought. */
  found?: FoundKey[];
}

/** A file as it lies there. */
export interface MadeUnit extends FileContent {
  path: string;
  report: EncodingReport;
}

/** Makes tables, here or elsewhere. */
export interface UnitTableMaker {
  begin(slice: UnitSlice): Promise<void> | void;
  /** Whole lines. They are good until it returns. */
  take(id: number, lines: Uint8Array): Promise<void>;
  /** All lines of the slice have come. */
  whole(id: number): Promise<SliceTables>;
  /** Forgets a slice, and all that was made of it. */
  drop(id: number): Promise<void>;
  /** Ends the file of a unit, so that it has these columns. Undefined when it cannot have them: it has to be made otherwise. */
  finish(id: number, unit: number, schema: TableSchema): Promise<MadeUnit | undefined>;
}

export class UnitTables implements UnitTableMaker {
  readonly #job: UnitTablesJob;
  readonly #slices = new Map<number, SliceOfUnits>();
  /** Of what is made: those that the first events have, where none are given. */
  #schema: TableSchema | undefined;
  #parts: ParquetParts | undefined;
  readonly #replaced: Replacements = { texts: 0 };

  constructor(job: UnitTablesJob) {
    this.#job = job;
    this.#schema = job.schema;
  }

  begin(slice: UnitSlice): void {
    const { output, folder, schema } = this.#job;
    const decide = (finder: RecordColumns) =>
      this.#schema ??= columnsOfFolder(finder, output, output.hive ? [pathColumn(output.split)] : []);
    this.#slices.set(
      slice.id,
      new SliceOfUnits(slice, {
        folder,
        seeks: schema === undefined,
        replaced: this.#replaced,
        schema: () => this.#schema,
        decide,
        parts: () => this.#partsOf(this.#schema as TableSchema),
        mostHeldBytes: () => MOST_HELD_BYTES / [...this.#slices.values()].filter(({ isOpen }) => isOpen).length,
      }),
    );
  }

  /** One for all slices: they share its memory. */
  #partsOf({ columns, rest }: TableSchema): ParquetParts {
    const isSelection = this.#job.output.columns !== undefined;
    return this.#parts ??= new ParquetParts({ columns, rest: rest as string }, "event", this.#replaced, {
      isSelection,
    });
  }

  async take(id: number, lines: Uint8Array): Promise<void> {
    await this.#slices.get(id)!.take(lines);
  }

  async whole(id: number): Promise<SliceTables> {
    return await this.#slices.get(id)!.whole();
  }

  async drop(id: number): Promise<void> {
    await this.#slices.get(id)?.drop();
    this.#slices.delete(id);
  }

  async finish(id: number, unit: number, schema: TableSchema): Promise<MadeUnit | undefined> {
    return await this.#slices.get(id)!.finish(unit, schema);
  }
}

/** The file of a unit that is being made. */
interface UnitFile {
  part: ParquetPart | undefined;
  path: string;
  events: number;
  /** Of its lines. */
  lineBytes: number;
  bytes: number;
  sum: ReturnType<typeof checksum>;
  /** Of lines of other files since its last event. */
  idleBytes: number;
}

interface SliceSettings {
  folder: string;
  /** Whether columns are sought. */
  seeks: boolean;
  /** Counts texts that UTF-8 cannot have. */
  replaced: Replacements;
  /** The columns that files are made with, when they are decided. */
  schema(): TableSchema | undefined;
  decide(finder: RecordColumns): TableSchema;
  /** Of what the files are, when the columns are decided. */
  parts(): ParquetParts;
  mostHeldBytes(): number;
}

class SliceOfUnits {
  /** Whether lines may come. */
  isOpen = true;
  readonly #slice: UnitSlice;
  readonly #settings: SliceSettings;
  readonly #finder: RecordColumns | undefined;
  readonly #spans: JsonSpans;
  readonly #time: number;
  readonly #unitByDay = new Map<string, number>();
  readonly #files: UnitFile[];
  /** Whether tables are made, or will be when the columns are decided; otherwise days are looked at. */
  #isMade = true;
  /** Whether nothing is looked at any more. */
  #isBroken = false;
  #isForeign = false;
  /** Lines that came before the columns were decided. */
  #head: Uint8Array[] = [];
  #headBytes = 0;
  #lastDay = NaN;
  #lastUnit = 0;

  constructor(slice: UnitSlice, settings: SliceSettings) {
    this.#slice = slice;
    this.#settings = settings;
    this.#finder = settings.seeks ? columnFinder("event", settings.replaced) : undefined;
    this.#spans = this.#finder?.spans ?? new JsonSpans("event", { maxKeys: Infinity, replaced: settings.replaced });
    this.#time = this.#spans.watch(JsonScope.properties, "time");
    this.#files = slice.units.map(({ from }) => {
      const path = join(settings.folder, `${slice.id}-${from}.parquet`);
      return { part: undefined, path, events: 0, lineBytes: 0, bytes: 0, sum: checksum(), idleBytes: 0 };
    });
    for (const [unit, { from, to }] of slice.units.entries()) {
      for (let day = from; day <= to; day = addDays(day, 1)) this.#unitByDay.set(day, unit);
    }
  }

  async take(lines: Uint8Array): Promise<void> {
    if (this.#isBroken || this.#isForeign || (!this.#isMade && !this.#slice.isStrict)) return;
    try {
      if (this.#isMade && this.#finder !== undefined && this.#settings.schema() === undefined) {
        this.#finder.observe(lines);
        this.#head.push(lines.slice());
        this.#headBytes += lines.length;
        if (this.#headBytes >= GROWTH_LIMITS.headBytes) this.#settings.decide(this.#finder);
        return;
      }
      await this.#takeHead();
      await this.#route(lines, this.#isMade ? this.#finder : undefined);
    } catch {
      // expected: a line that is no event, or a full disk: it is said when the slice is read from the spool
      this.#isBroken = true;
    }
  }

  async whole(): Promise<SliceTables> {
    this.isOpen = false;
    try {
      await this.#takeHead();
    } catch {
      // expected: a line that is no event, or a full disk, as in `take`
      this.#isBroken = true;
    }
    const isWhole = this.#isMade && this.#settings.schema() !== undefined && !this.#isForeign && !this.#isBroken;
    if (!isWhole) {
      await this.drop();
      return { isForeign: this.#isForeign };
    }
    for (const file of this.#files) {
      file.part?.rest();
      await write(file);
    }
    const units = this.#files.map(({ events, lineBytes }) => ({ events, bytes: lineBytes }));
    return { isForeign: false, units, found: this.#finder?.found };
  }

  async drop(): Promise<void> {
    this.isOpen = false;
    this.#isBroken = true;
    for (const { part, path, bytes } of this.#files) {
      part?.rest();
      if (bytes > 0) await removeFile(path);
    }
  }

  async finish(unit: number, schema: TableSchema): Promise<MadeUnit | undefined> {
    const file = this.#files[unit] as UnitFile;
    const part = this.#partOf(file);
    const fits = await part.endWith(schema);
    if (fits) await write(file);
    else await removeFile(file.path);
    file.part = undefined;
    return fits ? { path: file.path, bytes: file.bytes, crc32: file.sum.hex(), report: part.report } : undefined;
  }

  /** Takes the lines that came before the columns were decided. Without columns they are only looked at. */
  async #takeHead(): Promise<void> {
    for (const lines of this.#head.splice(0)) await this.#route(lines, undefined);
  }

  /** @param finder looks at the records, unless it has done so */
  async #route(lines: Uint8Array, finder: RecordColumns | undefined): Promise<void> {
    const spans = this.#spans;
    if (this.#hasTooManyKeys()) this.#isMade = false;
    const isMade = this.#isMade && this.#settings.schema() !== undefined;
    for (const file of this.#files) file.idleBytes += lines.length;
    let line = 0;
    for (let start = 0; start < lines.length;) {
      const replaced = spans.replaced.texts;
      line++;
      const end = finder === undefined ? spans.scanLine(lines, start) : finder.readLine(lines, start, line);
      if (end < 0) throw new MisfitError("is not a JSON object", line);
      const day = scannedDay(lines, spans, this.#time);
      if (day !== this.#lastDay) this.#changeDay(day);
      if (this.#isForeign) return;
      const file = this.#files[this.#lastUnit] as UnitFile;
      file.events++;
      file.idleBytes = 0;
      file.lineBytes += end + 1 - start;
      if (isMade) (file.part ?? this.#partOf(file)).add(lines, end - start, replaced);
      start = end + 1;
    }
    if (isMade) await this.#writeAll();
  }

  #changeDay(day: number): void {
    const name = nameOfDay(day);
    const unit = this.#unitByDay.get(name);
    const { units, isStrict } = this.#slice;
    if (unit === undefined && isStrict) this.#isForeign = true;
    this.#lastDay = day;
    this.#lastUnit = unit ?? (name < (units[0] as DayRange).from ? 0 : units.length - 1);
  }

  /** Not all of them will have columns: which do, the last event decides. */
  #hasTooManyKeys(): boolean {
    return this.#finder !== undefined && this.#spans.keys.count > MOST_LASTING_COLUMNS;
  }

  #partOf(file: UnitFile): ParquetPart {
    return file.part ??= new ParquetPart(this.#settings.parts(), this.#spans);
  }

  /**
   * Row groups end that have had no events for a while: these mostly come in the order of time, and it is the day before. Where
   * much is held nevertheless, the one ends that holds most.
   */
  async #writeAll(): Promise<void> {
    for (const { part, idleBytes } of this.#files) {
      if (idleBytes >= IDLE_BYTES && part !== undefined && part.heldBytes >= LEAST_GROUP_BYTES) part.rest();
    }
    let held = this.#files.reduce((sum, { part }) => sum + (part?.heldBytes ?? 0), 0);
    const current = this.#files[this.#lastUnit];
    const mostBytes = this.#settings.mostHeldBytes();
    while (held > mostBytes) {
      const others = this.#files.filter((file) => file !== current && (file.part?.heldBytes ?? 0) > 0);
      const largest = others.toSorted((one, other) => other.part!.heldBytes - one.part!.heldBytes)[0]?.part;
      if (largest === undefined) break;
      held -= largest.heldBytes;
      largest.rest();
    }
    for (const file of this.#files) await write(file);
  }
}

/** Writes what there is of a file, behind what it has. */
async function write(file: UnitFile): Promise<void> {
  const pieces = await file.part?.takeWritten() ?? [];
  if (pieces.length === 0) return;
  const sink = await openResumable(file.path, file.bytes);
  try {
    for (const piece of pieces) {
      await sink.write(piece);
      file.sum.update(piece);
      file.bytes += piece.length;
      freeMemory(piece);
    }
  } finally {
    await sink.close();
  }
}
