/** What a copy from one project to another has done so far, so that the same command goes on there. */
import { inputError } from "../../errors.ts";
import { join, readTextFile, removeFile, writeFileAtomically } from "../../runtime/files.ts";
import type { Settled } from "../import/deliver.ts";
import { writingFile } from "../write_fault.ts";

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
}

interface PartUnderWay {
  name: string;
  /** Tells whether its records are still the same ones. */
  version: string;
  settled: Settled;
  rejectsBytes: number;
}

interface StateFile {
  mp_copy: 1;
  identity: CopyIdentity;
  parts: CopiedPart[];
  /** Bytes of the rejects that belong to these parts. */
  rejectsBytes: number;
  underWay?: PartUnderWay;
}

const VERSION = 1;
const SAVE_EVERY_MS = 1000;

export class CopyState {
  readonly #path: string;
  readonly #now: () => number;
  #file: StateFile;
  #savedAtMs = -Infinity;
  #isSaved = true;

  private constructor(path: string, now: () => number, file: StateFile) {
    this.#path = path;
    this.#now = now;
    this.#file = file;
  }

  /**
   * Opens the state in a folder, which has to be there.
   *
   * @throws MpError (input) when it belongs to another copy.
   */
  static async open(
    folder: string,
    identity: CopyIdentity,
    options: { restart: boolean; now(): number },
  ): Promise<CopyState> {
    const path = join(folder, "state.json");
    const fresh: StateFile = { mp_copy: VERSION, identity, parts: [], rejectsBytes: 0 };
    const text = options.restart ? undefined : await readTextFile(path);
    return new CopyState(path, options.now, text === undefined ? fresh : readState(text, path, identity));
  }

  /** What has been copied whole. */
  get parts(): readonly CopiedPart[] {
    return this.#file.parts;
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

  /** Notes what is settled of a part, at most once a second on disk. */
  async settle(underWay: PartUnderWay, sync: () => Promise<void>): Promise<void> {
    this.#file = { ...this.#file, underWay };
    this.#isSaved = false;
    if (this.#now() - this.#savedAtMs >= SAVE_EVERY_MS) await this.save(sync);
  }

  /** Notes that a part is done. */
  async finish(part: CopiedPart, rejectsBytes: number, sync: () => Promise<void>): Promise<void> {
    this.#file = { ...this.#file, parts: [...this.#file.parts, part], rejectsBytes, underWay: undefined };
    this.#isSaved = false;
    await this.save(sync);
  }

  /** Writes down what is not yet written; `sync` brings the rejects to disk before. */
  async save(sync: () => Promise<void>): Promise<void> {
    if (this.#isSaved) return;
    await sync();
    this.#isSaved = true;
    this.#savedAtMs = this.#now();
    await writingFile(
      this.#path,
      writeFileAtomically(this.#path, JSON.stringify(this.#file, null, 2) + "\n", { mode: 0o600 }),
    );
  }

  async remove(): Promise<void> {
    this.#isSaved = true;
    await removeFile(this.#path);
  }
}

function readState(text: string, path: string, identity: CopyIdentity): StateFile {
  const refuse = (state: string) =>
    inputError(
      `Cannot go on with the copy in ${JSON.stringify(path)}: ${state}`,
      "--restart begins anew, which changes nothing for events that are there already; or choose another --state",
      "other_copy",
    );
  let file: StateFile;
  try {
    file = JSON.parse(text) as StateFile;
  } catch {
    throw refuse("it cannot be read");
  }
  if (file?.mp_copy !== VERSION || !Array.isArray(file.parts)) throw refuse("another version of mp has written it");
  if (JSON.stringify(file.identity) !== JSON.stringify(identity)) throw refuse("it is of another copy");
  return file;
}
