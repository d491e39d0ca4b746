/** What a profile export has done so far, beside its output, so that the next run goes on there. */
import { inputError } from "../../errors.ts";
import { join, readTextFile, removeFile, writeFileAtomically } from "../../runtime/files/files.ts";
import { type Column } from "../../streams/table/record_encoder.ts";
import { parseJson, stringifyJson } from "../../streams/json/json.ts";
import type { PageInfo } from "./profile_pages.ts";

/** Version of the file. */
const VERSION = 1;
const STATE_FILE = "state.json";

/** What must be the same for an export to be gone on with. */
export interface ExportIdentity {
  host: string;
  project?: string;
  query: Readonly<Record<string, unknown>>;
  compression: string;
  findsColumns: boolean;
}

/** Pages that are whole on disk. */
export interface CollectedPages {
  /** The first page's; its session is that of all. */
  first: PageInfo;
  pages: number;
  profiles: number;
  /** The moment that behaviours are counted at, where the query does not say. */
  asOfSeconds?: number;
  /** Of the profiles as JSON Lines, uncompressed. */
  lineBytes: number;
  /** Of the file that holds them. */
  fileBytes: number;
  /** What was found of the columns, where they are looked for. */
  columns?: Column[];
}

/** The folder of an export that is under way. It has to be there. */
export class ExportState {
  readonly pagesPath: string;
  readonly #path: string;
  readonly #identity: ExportIdentity;

  constructor(readonly folder: string, identity: ExportIdentity) {
    this.pagesPath = join(folder, "profiles.part");
    this.#path = join(folder, STATE_FILE);
    this.#identity = identity;
  }

  /**
   * What an earlier run has collected; undefined when there was none.
   *
   * @throws MpError (input) when the folder belongs to another export.
   */
  async read(): Promise<CollectedPages | undefined> {
    const text = await readTextFile(this.#path);
    if (text === undefined) return undefined;
    const state = readState(text);
    if (state === undefined) {
      throw this.#foreign(text.includes('"mp_export"') ? "it is one of events" : "its state cannot be read");
    }
    if (state.mp_profile_export !== VERSION) throw this.#foreign("another version of mp has begun it");
    if (stringifyJson(state.identity) !== stringifyJson(this.#identity)) {
      throw this.#foreign("it was begun with another project, filter or format");
    }
    return state.collected;
  }

  async write(collected: CollectedPages): Promise<void> {
    const state = { mp_profile_export: VERSION, identity: this.#identity, collected };
    await writeFileAtomically(this.#path, stringifyJson(state, 2) + "\n", { mode: 0o600 });
  }

  /** Forgets what was collected. */
  async clear(): Promise<void> {
    await removeFile(this.#path);
  }

  async remove(): Promise<void> {
    await removeFile(this.folder);
  }

  #foreign(state: string) {
    return inputError(
      `Cannot go on with the export in ${JSON.stringify(this.folder)}: ${state}`,
      "finish it with the command that began it, or begin anew with --restart",
      "other_export",
    );
  }
}

interface StoredState {
  mp_profile_export: number;
  identity: ExportIdentity;
  collected: CollectedPages;
}

function readState(text: string): StoredState | undefined {
  try {
    const state = parseJson(text) as StoredState;
    return typeof state?.mp_profile_export === "number" ? state : undefined;
  } catch {
    return undefined;
  }
}
