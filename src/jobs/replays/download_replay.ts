/**
 * Loads recordings of sessions into folders, file by file. A file has its name only when it is whole, so that the same
 * command continues after the last one that is there.
 */
import { z } from "zod";
import { call } from "../../api/call.ts";
import { RETENTION_DAYS, type SignedReplay, signReplays } from "../../api/replays.ts";
import { Attempts, Failed, ruleFor } from "../../client/attempts.ts";
import { REQUEST_RULES } from "../../client/retry.ts";
import type { Client } from "../../client/types.ts";
import { MpError } from "../../errors.ts";
import type { Clock } from "../../runtime/clock.ts";
import { sha256Hex } from "../../runtime/hash.ts";
import type { Transport } from "../../runtime/network/transport.ts";
import type { Storage } from "../../storage/storage.ts";
import { download } from "../download.ts";
import type { JobProgress } from "../progress.ts";
import { readState, type StateFormat, storedState, writeState } from "../state_file.ts";
import { storedTarget } from "../target.ts";

export interface ReplayOptions {
  client: Client;
  /** The content network gets no credentials: what opens the recording stands in its address. */
  transport: Transport;
  userAgent: string;
  storage: Storage;
  env: "prod" | "dev";
  /** For how many days it is kept. Default: found by trying what is possible. */
  retention?: number;
  /** Load what is there again. */
  restart?: boolean;
  clock: Clock;
  signal?: AbortSignal;
  progress: JobProgress;
}

/** What has become of a recording. */
export interface LoadedReplay {
  replay_id: string;
  folder: string;
  files: number;
  /** Of what was loaded now. */
  bytes: number;
  retention: number;
  /** Whether an earlier run had loaded all of it. */
  had: boolean;
}

/** What is kept beside the files. */
interface ReplayState {
  replay_id: string;
  retention: number;
  /** Known when all are there. */
  files?: number;
}

const STATE_FILE = "replay.json";

const FORMAT: StateFormat<ReplayState> = {
  marker: "mp_replay",
  version: 1,
  schema: () => z.looseObject({ replay_id: z.string(), retention: z.number(), files: z.number().optional() }),
  hint: "--restart loads everything again",
  code: "bad_replay_folder",
  indent: 2,
};

/** Numbers have four digits. */
const MOST_FILES = 10_000;

/**
 * Loads one recording into a folder of its own.
 *
 * @throws MpError (not_found) when none of its files is there, (auth) when its address is refused again and again.
 */
export async function downloadReplay(replayId: string, options: ReplayOptions): Promise<LoadedReplay> {
  const { storage, restart } = options;
  const folder = folderOf(replayId);
  const place = storedState(storage, `${folder}/${STATE_FILE}`);
  const before = restart ? undefined : await readState(place, FORMAT);
  if (before?.files !== undefined) {
    const { files, retention } = before;
    return { replay_id: replayId, folder: storage.addressOf(folder), files, bytes: 0, retention, had: true };
  }
  const replay = new RemoteReplay(replayId, options);
  let retention = before?.retention;
  let files = 0;
  let bytes = 0;
  const load = async (number: number, days: number): Promise<boolean> => {
    const size = await replay.load(number, days, `${folder}/${nameOf(number)}`);
    if (size === undefined) return false;
    bytes += size;
    options.progress.advance({ steps: 1, bytes: size });
    return true;
  };
  if (retention === undefined) {
    const wanted = options.retention === undefined ? [30, 90, 7, 1] : [options.retention];
    for (const days of wanted) {
      if (!await load(0, days)) continue;
      retention = days;
      files = 1;
      break;
    }
    if (retention === undefined) throw nothingThere(replayId, wanted);
    await writeState(place, FORMAT, { replay_id: replayId, retention });
  } else {
    while (await storage.info(`${folder}/${nameOf(files)}`) !== undefined) files++;
  }
  while (files < MOST_FILES && await load(files, retention)) files++;
  await writeState(place, FORMAT, { replay_id: replayId, retention, files });
  return { replay_id: replayId, folder: storage.addressOf(folder), files, bytes, retention, had: false };
}

/** `0007.json` */
const nameOf = (number: number): string => `${String(number).padStart(4, "0")}.json`;

/** Ids come from a server: what could leave the folder, or what some file system refuses, is no part of a name. */
function folderOf(replayId: string): string {
  const safe = replayId.replace(/[^\w-]+/g, "_").slice(0, 100);
  return safe === replayId ? safe : `${safe}-${sha256Hex(replayId).slice(0, 8)}`;
}

/** A recording on the content network, with an address that is renewed when it has run out. */
class RemoteReplay {
  #signed: SignedReplay | undefined;

  constructor(private readonly id: string, private readonly options: ReplayOptions) {}

  /** Loads one file, and returns its size; undefined when there is no such file. */
  async load(number: number, retention: number, path: string): Promise<number | undefined> {
    const { clock, signal } = this.options;
    let isRenewed = false;
    for (;;) {
      const isNew = this.#signed === undefined;
      const signed = this.#signed ??= await this.#sign();
      const address = `${signed.url}${nameOf(number).replace(".json", `-${retention}.json`)}?${signed.query_string}`;
      const outcome = await new Attempts({ rules: REQUEST_RULES, clock, signal, onWait: this.options.progress.wait })
        .run(() => this.#attempt(address, path));
      if (outcome !== "refused") return outcome;
      if (isNew || isRenewed) throw refusedAgain(this.id);
      isRenewed = true;
      this.#signed = undefined;
    }
  }

  async #attempt(address: string, path: string): Promise<number | "refused" | undefined | Failed> {
    const { transport, storage, userAgent, client, signal } = this.options;
    const { timeoutMs } = client.connection;
    try {
      return await download(transport, address, storedTarget(storage, path), { timeoutMs, userAgent, signal });
    } catch (error) {
      if (!(error instanceof MpError)) throw error;
      if (error.status === 404) return undefined;
      if (error.status === 403) return "refused";
      if (ruleFor(error, REQUEST_RULES) === undefined) throw error;
      return new Failed(error, error.status === undefined ? "no connection" : `it answered ${error.status}`);
    }
  }

  async #sign(): Promise<SignedReplay> {
    const { client, env, signal } = this.options;
    const answer = await call(client, signReplays, { replays: [{ replay_id: this.id, replay_env: env }] }, { signal });
    const signed = answer.result().find(({ replay_id }) => replay_id === this.id);
    if (signed === undefined) throw nothingThere(this.id, RETENTION_DAYS);
    return signed;
  }
}

function nothingThere(id: string, retentions: readonly number[]): MpError {
  return new MpError(`Cannot find recording ${JSON.stringify(id)}: the content network has no file of it`, {
    category: "not_found",
    code: "no_replay",
    hint: `it may be older than the ${Math.max(...retentions)} days that it is kept, or of another --env; ` +
      "'mp replays find' shows recordings",
  });
}

function refusedAgain(id: string): MpError {
  return new MpError(`Cannot load recording ${JSON.stringify(id)}: a new address was refused, too`, {
    category: "auth",
    code: "replay_refused",
    hint: "check that this machine's clock and the region are right: mp whoami",
    status: 403,
  });
}
