/** Reads which files make up a Delta table, from its log (the Delta Transaction Log Protocol). */
import { inputError, type MpError } from "../../../errors.ts";
import { parseExactJson } from "../../../streams/json/json.ts";
import { readRecords } from "../read_records.ts";
import type { RecordSource } from "../record_source.ts";
import { columnTypes, partitionValue } from "./partition_values.ts";
import { below, duckdbCopy, type TablePlace } from "./table_place.ts";

export const DELTA_LOG = "_delta_log";

/** The values of a file's partition columns, by its path. */
export type DeltaFiles = ReadonlyMap<string, Readonly<Record<string, unknown>>>;

const COMMIT = /^(\d{20})\.json$/;
const CHECKPOINT = /^(\d{20})\.checkpoint(?:\.(\d{10})\.(\d{10})|\.[0-9a-f-]{36})?\.(?:parquet|json)$/;

/** What readers of a table must know, and what is known here. The others are refused, each with a name. */
const FEATURES = new Set([
  "columnMapping",
  "deletionVectors",
  "timestampNtz",
  "typeWidening",
  "typeWidening-preview",
  "v2Checkpoint",
  "vacuumProtocolCheck",
  "variantType",
  "variantType-preview",
]);
const LAST_VERSION_WITHOUT_FEATURES = 2;

interface AddedFile {
  path: string;
  partitionValues?: Record<string, string | null> | null;
  deletionVector?: unknown;
}

/** An entry of the log; checkpoints have null for what an entry has not. */
interface Action {
  add?: AddedFile | null;
  remove?: { path: string } | null;
  metaData?: { schemaString?: unknown; configuration?: Record<string, string | null> | null } | null;
  protocol?: { minReaderVersion?: number | null; readerFeatures?: string[] | null } | null;
  sidecar?: { path: string } | null;
}

/**
 * The files that the table has now.
 *
 * @throws MpError (input) for a log that is not whole, and for a table that needs more than reading its files
 */
export async function deltaFiles(place: TablePlace, root: string): Promise<DeltaFiles> {
  const state = new TableState(place, root);
  const folder = below(root, DELTA_LOG);
  const { checkpoint, commits } = planOf(await place.names(folder), place.addressOf(root));
  for (const name of [...checkpoint, ...commits]) await state.read(below(folder, name));
  return state.files();
}

/** The files of the log that tell the newest version: a checkpoint, if there is one, and the commits after it. */
function planOf(names: readonly string[], address: string): { checkpoint: string[]; commits: string[] } {
  const checkpoints = new Map<number, string[]>();
  const versions = new Map<number, string>();
  for (const name of [...names].sort()) {
    const commit = COMMIT.exec(name), part = CHECKPOINT.exec(name);
    if (commit !== null) versions.set(Number(commit[1]), name);
    if (part === null) continue;
    const version = Number(part[1]);
    if (part[3] === undefined) checkpoints.set(version, [name]);
    else {
      const parts = names.filter((other) =>
        other.startsWith(`${part[1]}.checkpoint.`) && CHECKPOINT.exec(other)?.[3] === part[3]
      );
      if (parts.length === Number(part[3]) && !checkpoints.has(version)) checkpoints.set(version, parts.sort());
    }
  }
  const base = Math.max(-1, ...checkpoints.keys());
  const commits: string[] = [];
  const newest = Math.max(base, ...versions.keys());
  for (let version = base + 1; version <= newest; version++) {
    const name = versions.get(version);
    if (name === undefined) throw notWhole(address, `the log has no version ${version}, but version ${newest}`);
    commits.push(name);
  }
  if (newest < 0) throw notWhole(address, "its log has no version");
  return { checkpoint: checkpoints.get(base) ?? [], commits };
}

const notWhole = (address: string, reason: string): MpError =>
  inputError(
    `Cannot read ${address}: it is a Delta table, and ${reason}`,
    "is the whole folder there?",
    "bad_table_log",
  );

class TableState {
  readonly #place: TablePlace;
  readonly #root: string;
  readonly #added = new Map<string, AddedFile>();
  #types = new Map<string, string>();

  constructor(place: TablePlace, root: string) {
    this.#place = place;
    this.#root = root;
  }

  /** Takes in a commit, a checkpoint, or a file that a checkpoint refers to. */
  async read(path: string): Promise<void> {
    const source = await this.#place.source(path);
    if (source === undefined) throw notWhole(this.#address, `${this.#place.addressOf(path)} is not there`);
    for await (const action of actions(source)) {
      try {
        this.#take(action);
      } catch (error) {
        // An entry with other parts than the protocol says.
        if (!(error instanceof TypeError || error instanceof SyntaxError)) throw error;
        throw notWhole(this.#address, `${source.name} has an entry that is not understood`);
      }
      if (action.sidecar) await this.read(below(this.#root, `${DELTA_LOG}/_sidecars/${action.sidecar.path}`));
    }
  }

  files(): DeltaFiles {
    const files = new Map<string, Record<string, unknown>>();
    for (const [path, { partitionValues, deletionVector }] of this.#added) {
      if (deletionVector) throw this.#refused("some of its rows are deleted by deletion vectors");
      if (/^[a-z][a-z0-9+.-]*:|^\//i.test(path)) throw this.#refused(`its file ${path} is in another place`);
      const columns = Object.entries(partitionValues ?? {})
        .map(([name, text]) => [name, partitionValue(text, this.#types.get(name))] as const)
        .filter(([, value]) => value !== undefined);
      files.set(below(this.#root, path), Object.fromEntries(columns));
    }
    return files;
  }

  #take({ add, remove, metaData, protocol }: Action): void {
    if (add) this.#added.set(decoded(add.path), add);
    if (remove) this.#added.delete(decoded(remove.path));
    if (metaData) {
      const mapping = metaData.configuration?.["delta.columnMapping.mode"];
      if (mapping && mapping !== "none") throw this.#refused("its columns have other names in its files");
      this.#types = columnTypes(metaData.schemaString);
    }
    if (protocol) {
      const { minReaderVersion, readerFeatures } = protocol;
      const unknown = (readerFeatures ?? []).filter((feature) => !FEATURES.has(feature));
      if (unknown.length > 0) throw this.#refused(`it needs ${unknown.join(", ")}`);
      if ((minReaderVersion ?? 1) > LAST_VERSION_WITHOUT_FEATURES + 1) {
        throw this.#refused(`it needs version ${minReaderVersion} of the protocol`);
      }
    }
  }

  get #address(): string {
    return this.#place.addressOf(this.#root);
  }

  #refused(reason: string): MpError {
    return inputError(
      `Cannot read ${this.#address}: it is a Delta table, and ${reason}`,
      duckdbCopy("delta_scan", this.#address),
      "table_refused",
    );
  }
}

async function* actions(source: RecordSource): AsyncGenerator<Action, void> {
  const decoder = new TextDecoder();
  for await (const block of readRecords([source], source.name.endsWith(".json") ? { format: "jsonl" } : {})) {
    if (block.kind === "values") yield* block.values as Action[];
    else {
      for (const line of block.lines) {
        const text = decoder.decode(line).trim();
        if (text !== "") yield actionOf(text, source.name);
      }
    }
  }
}

function actionOf(text: string, name: string): Action {
  try {
    return parseExactJson(text) as Action;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw inputError(
      `Cannot read ${name}: the log of a Delta table has a line that is not JSON`,
      undefined,
      "bad_table_log",
    );
  }
}

/** Paths are written as in an address. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
    return path;
  }
}
