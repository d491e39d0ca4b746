/** What a profile export has done so far, beside its output, so that the next run goes on there. */
import { z } from "zod";
import { join, removeFile } from "../../runtime/files/files.ts";
import { type Column } from "../../streams/table/record_encoder.ts";
import { stringifyJson } from "../../streams/json/json.ts";
import { localState, readState, type StateFormat, type StatePlace, unusableState, writeState } from "../state_file.ts";
import type { PageInfo } from "./profile_pages.ts";

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

interface Collecting {
  identity: ExportIdentity;
  collected: CollectedPages;
}

const COLLECTING: StateFormat<Collecting> = {
  marker: "mp_profile_export",
  version: 1,
  hint: "finish it with the command that began it, or start over with --restart",
  code: "other_export",
  indent: 2,
  schema() {
    const count = z.int();
    return z.object({
      identity: z.unknown(),
      collected: z.object({
        first: z.looseObject({ profiles: count, pageSize: count }),
        pages: count,
        profiles: count,
        lineBytes: count,
        fileBytes: count,
      }),
    });
  },
};

/** The folder of an export that is under way. It has to be there. */
export class ExportState {
  readonly pagesPath: string;
  readonly #place: StatePlace;
  readonly #identity: ExportIdentity;

  constructor(readonly folder: string, identity: ExportIdentity) {
    this.pagesPath = join(folder, "profiles.part");
    this.#place = localState(join(folder, "state.json"));
    this.#identity = identity;
  }

  /**
   * What an earlier run has collected; undefined when there was none.
   *
   * @throws MpError (input) when the folder belongs to another export.
   */
  async read(): Promise<CollectedPages | undefined> {
    const state = await readState(this.#place, COLLECTING);
    if (state === undefined) return undefined;
    if (stringifyJson(state.identity) !== stringifyJson(this.#identity)) {
      throw unusableState(this.#place, COLLECTING, "it was begun with another project, filter or format");
    }
    return state.collected;
  }

  async write(collected: CollectedPages): Promise<void> {
    await writeState(this.#place, COLLECTING, { identity: this.#identity, collected });
  }

  /** Forgets what was collected. */
  async clear(): Promise<void> {
    await this.#place.remove();
  }

  async remove(): Promise<void> {
    await removeFile(this.folder);
  }
}
