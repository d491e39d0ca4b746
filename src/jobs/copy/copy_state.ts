/** What a copy from one project to another has done so far, so that the same command goes on there. */
import { z } from "zod";
import { join } from "../../runtime/files/files.ts";
import { type DayRange, joinDays } from "../export/days.ts";
import type { Settled } from "../import/deliver.ts";
import { localState, readState, type StateFormat, type StatePlace, unusableState, writeState } from "../state_file.ts";
import { STATE_FILE } from "./copy_folder.ts";

/** A project, as far as requests to it tell. */
export interface ProjectAddress {
  host: string;
  project: string;
}

/** What makes a copy the same one as another. */
export interface CopyIdentity {
  source: ProjectAddress;
  target: ProjectAddress;
  /** What is copied, and how it is changed. */
  recipe: unknown;
}

/** A part that has been copied: some days of events, or all profiles of a kind. */
export interface CopiedPart {
  name: string;
  /** Days of events. */
  from?: string;
  to?: string;
  exported: number;
  accepted: number;
  rejected: number;
  /** On purpose, such as identity events. */
  leftOut: number;
  /** Sent, and no answer says what became of them; only of a part that could not be finished. */
  inDoubt?: number;
}

interface PartUnderWay {
  name: string;
  /** Tells whether its records are still the same ones. */
  version: string;
  settled: Settled;
  rejectsBytes: number;
}

interface StateFile {
  identity: CopyIdentity;
  /** What any run of this copy was to copy: days that are named by today move on. */
  days: DayRange[];
  parts: CopiedPart[];
  /** Bytes of the rejects that belong to these parts. */
  rejectsBytes: number;
  underWay?: PartUnderWay;
}

const COPY: StateFormat<StateFile> = {
  marker: "mp_copy",
  version: 2,
  hint: "--restart starts over, which changes nothing for events that are there already; or choose another --state",
  code: "other_copy",
  indent: 2,
  schema() {
    const count = z.int();
    return z.object({
      identity: z.unknown(),
      days: z.array(z.object({ from: z.string(), to: z.string() })),
      parts: z.array(z.object({ name: z.string(), exported: count, accepted: count, rejected: count, leftOut: count })),
      rejectsBytes: count,
      underWay: z.object({
        name: z.string(),
        version: z.string(),
        settled: z.looseObject({ records: count, summary: z.looseObject({ read: count }) }),
        rejectsBytes: count,
      }).optional(),
    });
  },
};

const SAVE_EVERY_MS = 1000;

export class CopyState {
  /** Brings the rejected records to disk, before the file says that they are there. */
  syncRejects: () => Promise<void> = () => Promise.resolve();
  /** Whether no earlier run has left anything. */
  readonly isFresh: boolean;
  readonly #place: StatePlace;
  readonly #now: () => number;
  #file: StateFile;
  #savedAtMs = -Infinity;
  #isSaved = true;

  private constructor(place: StatePlace, now: () => number, file: StateFile, isFresh: boolean) {
    this.#place = place;
    this.#now = now;
    this.#file = file;
    this.isFresh = isFresh;
  }

  /**
   * Opens the state in a folder, which has to be there.
   *
   * @throws MpError (input) when it belongs to another copy.
   */
  static async open(folder: string, identity: CopyIdentity, now: () => number): Promise<CopyState> {
    const place = localState(join(folder, STATE_FILE));
    const file = await readState(place, COPY);
    if (file !== undefined && JSON.stringify(file.identity) !== JSON.stringify(identity)) {
      throw unusableState(place, COPY, "it is of another copy");
    }
    const fresh: StateFile = { identity, days: [], parts: [], rejectsBytes: 0 };
    return new CopyState(place, now, file ?? fresh, file === undefined);
  }

  /** Days that earlier runs were to copy, in order. */
  get days(): readonly DayRange[] {
    return this.#file.days;
  }

  /** What has been copied whole. */
  get parts(): readonly CopiedPart[] {
    return this.#file.parts;
  }

  partOf(name: string): CopiedPart | undefined {
    return this.parts.find((part) => part.name === name);
  }

  /** How much of the file of rejects counts: what is behind it was written by a run that was killed. */
  get rejectsBytes(): number {
    return this.#file.underWay?.rejectsBytes ?? this.#file.rejectsBytes;
  }

  /** What an earlier run has settled of a part, when its records are the same. */
  earlierOf(name: string, version: string): Settled | undefined {
    const { underWay } = this.#file;
    return underWay?.name === name && underWay.version === version ? underWay.settled : undefined;
  }

  /** Writes down that there is a copy, before it writes into a file of the user's: a later run has to know that file. */
  async begin(): Promise<void> {
    this.#isSaved = false;
    await this.save();
  }

  /** Adds days to those that are to be copied. */
  async addDays(range: DayRange): Promise<void> {
    const days = joinDays([...this.#file.days, range]);
    if (JSON.stringify(days) === JSON.stringify(this.#file.days)) return;
    await this.#change({ days });
  }

  /**
   * Forgets what is settled of the part under way, when it is not the one that comes now or its records are others.
   * Returns how many bytes of rejects belong to the parts that are done.
   */
  async giveUpPart(): Promise<number> {
    if (this.#file.underWay !== undefined) await this.#change({ underWay: undefined });
    return this.#file.rejectsBytes;
  }

  /** Notes what is settled of a part, at most once a second on disk. */
  async settle(underWay: PartUnderWay): Promise<void> {
    this.#file = { ...this.#file, underWay };
    this.#isSaved = false;
    if (this.#now() - this.#savedAtMs >= SAVE_EVERY_MS) await this.save();
  }

  /** Notes that the part under way is done. */
  async finish(part: CopiedPart, rejectsBytes: number): Promise<void> {
    this.#file = { ...this.#file, rejectsBytes, underWay: undefined };
    await this.add(part);
  }

  /** Notes a part that is done in one go, and leaves the one under way as it is. */
  async add(part: CopiedPart): Promise<void> {
    const others = this.#file.parts.filter(({ name }) => name !== part.name);
    await this.#change({ parts: [...others, part] });
  }

  async #change(changed: Partial<StateFile>): Promise<void> {
    this.#file = { ...this.#file, ...changed };
    this.#isSaved = false;
    await this.save();
  }

  /** Writes down what is not yet written. */
  async save(): Promise<void> {
    if (this.#isSaved) return;
    await this.syncRejects();
    this.#isSaved = true;
    this.#savedAtMs = this.#now();
    await writeState(this.#place, COPY, this.#file);
  }
}
