/** An export of profiles to a file of its own, with a server that answers as a test wants. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { MpError } from "../../../src/errors.ts";
import {
  exportProfiles,
  type ProfilesExport,
  type ProfilesSummary,
} from "../../../src/jobs/profiles/export_profiles.ts";
import { SILENT_PROGRESS } from "../../../src/jobs/progress.ts";
import { storedTarget } from "../../../src/jobs/target.ts";
import { localStorage } from "../../../src/storage/files/local.ts";
import { type FakeClock, fakeClock } from "../../helpers/fake_clock.ts";
import { temporaryFolder } from "../../helpers/temporary_folder.ts";
import type { ProfileServer } from "./profile_server.ts";

const folder = temporaryFolder();
let outputs = 0;

export interface Lab {
  path: string;
  state: string;
  clock: FakeClock;
  notes: string[];
  seen: { records: number; bytes: number; steps: number; earlier?: number };
  run(server: ProfileServer, job?: Partial<ProfilesExport>, signal?: AbortSignal): Promise<ProfilesSummary>;
  text(): string;
}

/** An export to a file of its own, as JSON Lines unless the job says otherwise. */
export function lab(name = "profiles.jsonl", concurrency = 4): Lab {
  const path = folder.path(`${++outputs}-${name}`);
  const own: Lab = {
    path,
    state: `${path}.state`,
    clock: fakeClock(),
    notes: [],
    seen: { records: 0, bytes: 0, steps: 0 },
    run: (server, job = {}, signal) =>
      exportProfiles(server, {
        query: {},
        form: { format: "jsonl", compression: "none" },
        target: storedTarget(localStorage(folder.path("")), basename(path)),
        stateFolder: own.state,
        ...job,
      }, {
        clock: own.clock,
        concurrency,
        signal,
        onNote: (line) => Promise.resolve(void own.notes.push(line)),
        progress: {
          ...SILENT_PROGRESS,
          advance({ records = 0, bytes = 0, steps = 0 }) {
            own.seen.records += records;
            own.seen.bytes += bytes;
            own.seen.steps += steps;
          },
          total: (_total, earlier) => void (own.seen.earlier = earlier?.records),
        },
      }),
    text: () => readFileSync(path, "utf8"),
  };
  return own;
}

/** A run that is stopped when this page is asked for. */
export async function stopAt(
  page: number,
  own: Lab,
  server: ProfileServer,
  job: Partial<ProfilesExport> = {},
): Promise<void> {
  const stop = new AbortController();
  server.before = (asked) => {
    if (asked >= page) stop.abort(new MpError("Interrupted", { category: "interrupted" }));
  };
  await assert.rejects(own.run(server, job, stop.signal), {
    message: "Interrupted",
    category: "interrupted",
    hint: "the same command goes on after the pages that are there, and with --restart starts over",
  });
  server.before = undefined;
  server.pages.length = 0;
}
