/**
 * Slices that have been fetched and are not in the output yet: files in a folder, each whole as soon as it has its name.
 *
 * The name says all that has to be known to go on after a crash: `2026-01-01_2026-01-07.e120.b45120.s3999.c0af8d1b2.jsonl.gz`
 * has 120 events in 45,120 bytes, 3,999 stored, with that checksum; `.open` says that its last day was not over, and
 * `.of2026-01-01_2026-01-31` which days one request has brought. So there is no list that could disagree with the files.
 */
import { MpError } from "../../errors.ts";
import { checksum } from "../../runtime/checksum.ts";
import { writeFault } from "../../runtime/files/file_faults.ts";
import { readFileViews } from "../../runtime/files/file_views.ts";
import {
  fileInfo,
  join,
  listFolder,
  makeFolder,
  openSink,
  readTextFile,
  removeFile,
  renameFile,
  writeFileAtomically,
} from "../../runtime/files/files.ts";
import { randomUUID } from "../../runtime/hash.ts";
import { writeBehind } from "../../streams/write_behind.ts";
import { byFirstDay, type DayRange } from "./days.ts";

/** How spooled events are kept: as Mixpanel sends them, or ready to be appended to a plain file. */
export type SpoolEncoding = "gzip" | "plain";

/** A fetched slice. Its events are whole lines, checked. */
export interface SpooledSlice extends DayRange {
  events: number;
  /** Uncompressed. */
  bytes: number;
  storedBytes: number;
  /** Of what is stored. */
  crc32: string;
  /** Whether its last day was not over when it was fetched. */
  isOpen: boolean;
  /** The days of the request that has brought it, where it has brought several slices. */
  together?: DayRange;
  encoding: SpoolEncoding;
  /** The file. */
  path: string;
}

/** What is known of a slice when its events have come. */
export interface SliceInfo extends DayRange {
  events: number;
  bytes: number;
  isOpen: boolean;
  together?: DayRange;
}

/** A file of the spool that is being written. */
export interface SpoolFile {
  /** Takes all bytes; can be called again for more. */
  take(source: AsyncIterable<Uint8Array>): Promise<void>;
  write(bytes: Uint8Array): Promise<void>;
  commit(info: SliceInfo): Promise<SpooledSlice>;
  abort(): Promise<void>;
}

const DAYS = String.raw`(\d{4}-\d\d-\d\d)_(\d{4}-\d\d-\d\d)`;
const FACTS = String.raw`\.e(\d+)\.b(\d+)\.s(\d+)\.c([0-9a-f]{8})`;
const NAME = new RegExp(String.raw`^${DAYS}${FACTS}(?:\.of${DAYS})?(\.open)?\.jsonl(\.gz)?$`);
/** The least that gzip does: what is read once is not worth more. */
const SCRATCH_LEVEL = 1;
const UNFINISHED = /\.part$/;
const QUERY_FILE = "query";

export class Spool {
  readonly folder: string;
  readonly encoding: SpoolEncoding;
  /** How well what did not come compressed is compressed. Default: as for the output. */
  readonly level: number | undefined;
  readonly #slices = new Map<string, SpooledSlice>();

  private constructor(folder: string, encoding: SpoolEncoding, level: number | undefined) {
    this.folder = folder;
    this.encoding = encoding;
    this.level = level;
  }

  /**
   * Opens a folder, making it when it is not there. Slices of the same query that are there and undamaged are kept;
   * everything else that a spool has left is removed, and what is older than `newerThanMs`, since 1970.
   *
   * @param options `isOutput` says whether slices can become files of the output as they are
   * @throws MpError (failure) when the folder cannot be used.
   */
  static async open(
    folder: string,
    fingerprint: string,
    encoding: SpoolEncoding,
    { newerThanMs = -Infinity, isOutput = true }: { newerThanMs?: number; isOutput?: boolean } = {},
  ): Promise<Spool> {
    const spool = new Spool(folder, encoding, isOutput ? undefined : SCRATCH_LEVEL);
    await guarded(folder, async () => {
      await makeFolder(folder, 0o700);
      const isSame = await readTextFile(join(folder, QUERY_FILE)) === fingerprint;
      for (const name of await listFolder(folder)) {
        const slice = spool.#sliceOf(name);
        if (slice === undefined && !UNFINISHED.test(name)) continue;
        if (slice !== undefined && isSame && slice.encoding === encoding && await isWhole(slice, newerThanMs)) {
          spool.#slices.set(slice.path, slice);
        } else await removeFile(join(folder, name));
      }
      if (!isSame) await writeFileAtomically(join(folder, QUERY_FILE), fingerprint);
    });
    await spool.#removeRepeated();
    return spool;
  }

  /** What is there, in the order of days. */
  get slices(): readonly SpooledSlice[] {
    return [...this.#slices.values()].sort(byFirstDay);
  }

  async create(): Promise<SpoolFile> {
    const temporary = join(this.folder, `${randomUUID().slice(0, 8)}.part`);
    const sum = checksum();
    let storedBytes = 0;
    const sink = await guarded(temporary, () => openSink(temporary, { flag: "wx" }));
    let isOpen = true;
    const close = async () => {
      if (isOpen) await sink.close();
      isOpen = false;
    };
    const write = async (bytes: Uint8Array) => {
      sum.update(bytes);
      storedBytes += bytes.length;
      await guarded(temporary, () => sink.write(bytes));
    };
    return {
      write,
      take: (source) => writeBehind(source, write, { waitsForFull: true }),
      commit: (info) =>
        guarded(temporary, async () => {
          await close();
          const slice = { ...info, storedBytes, crc32: sum.hex(), encoding: this.encoding };
          const path = join(this.folder, nameOf(slice));
          await renameFile(temporary, path);
          const spooled = { ...slice, path };
          this.#slices.set(path, spooled);
          return spooled;
        }),
      abort: () =>
        guarded(temporary, async () => {
          await close();
          await removeFile(temporary);
        }),
    };
  }

  /** Forgets a slice that is in the output now; its file may be gone already. */
  async remove(slice: SpooledSlice): Promise<void> {
    this.#slices.delete(slice.path);
    await removeFile(slice.path);
  }

  #sliceOf(name: string): SpooledSlice | undefined {
    const match = NAME.exec(name);
    if (match === null) return undefined;
    const [, from, to, events, bytes, storedBytes, crc32, first, last, open, gz] = match as unknown as string[];
    return {
      from: from as string,
      to: to as string,
      events: Number(events),
      bytes: Number(bytes),
      storedBytes: Number(storedBytes),
      crc32: crc32 as string,
      isOpen: open !== undefined,
      ...(first !== undefined && last !== undefined && { together: { from: first, to: last } }),
      encoding: gz === undefined ? "plain" : "gzip",
      path: join(this.folder, name),
    };
  }

  /** A crash between a slice and the removal of what it replaces leaves both. */
  async #removeRepeated(): Promise<void> {
    let last: SpooledSlice | undefined;
    for (const slice of this.slices) {
      if (last !== undefined && slice.from <= last.to) await this.remove(slice);
      else last = slice;
    }
  }
}

function nameOf(slice: Omit<SpooledSlice, "path">): string {
  const { from, to, events, bytes, storedBytes, crc32, isOpen, together, encoding } = slice;
  const info = `${from}_${to}.e${events}.b${bytes}.s${storedBytes}.c${crc32}`;
  const request = together === undefined ? "" : `.of${together.from}_${together.to}`;
  return `${info}${request}${isOpen ? ".open" : ""}.jsonl${encoding === "gzip" ? ".gz" : ""}`;
}

/** A power cut can leave a name without its content. */
async function isWhole(slice: SpooledSlice, newerThanMs: number): Promise<boolean> {
  const info = await fileInfo(slice.path);
  if (info === undefined || info.sizeBytes !== slice.storedBytes || info.modifiedMs < newerThanMs) return false;
  const sum = checksum();
  for await (const chunk of readFileViews(slice.path)) sum.update(chunk);
  return sum.hex() === slice.crc32;
}

async function guarded<T>(path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (cause) {
    if (cause instanceof MpError) throw cause;
    throw new MpError(`Cannot write ${JSON.stringify(path)}: ${writeFault(cause)}`, {
      category: "failure",
      code: "unwritable_file",
      hint: "run the same command again when there is room: what has been fetched is kept",
      cause,
    });
  }
}
