/** A project with four events of two days, two of which are the same, for tests that export them. */
import assert from "node:assert/strict";
import { after, before, beforeEach } from "node:test";
import { SANDBOX } from "../../../src/sandbox/defaults.ts";
import { fakeClock } from "../../helpers/fake_clock.ts";
import { openProgramLab, type ProgramLab, type SeenRequest } from "../../helpers/program_lab.ts";
import { temporaryFolder } from "../../helpers/temporary_folder.ts";
import { NOW_MS, type ProgramResult } from "../../helpers/world.ts";
import { addFaults } from "../../helpers/sandbox_faults.ts";

const EVENTS = [[20, "E", "i-1"], [21, "E", "i-2"], [21, "F", "i-3"], [21, "F", "i-3"]] as const;

/** Flags for all of them. */
export const days = ["--from", "2026-11-20", "--to", "2026-11-21"];

export interface EventsLab {
  folder: ReturnType<typeof temporaryFolder>;
  /** Requests that have come since the test began. */
  readonly requests: SeenRequest[];
  /** `mp export …`. */
  mp(words: readonly string[], env?: Record<string, string>): Promise<ProgramResult>;
  /** A path where nothing is yet. */
  newPath(name: string): string;
  fault(body: unknown): Promise<unknown>;
}

/** For a file of tests: the project is there while they run. */
export function openEventsLab(): EventsLab {
  const folder = temporaryFolder();
  let lab: ProgramLab;
  let paths = 0;
  before(async () => {
    lab = openProgramLab({}, fakeClock(NOW_MS));
    const lines = EVENTS.map(([day, name, id]) => {
      const time = Date.UTC(2026, 10, day, 10) / 1000;
      return `{"event":"${name}","properties":{"time":${time},"distinct_id":"a","$insert_id":"${id}","n":12345678901234567}}`;
    });
    const answer = await fetch(`${lab.url}/import?strict=1&project_id=${SANDBOX.projectId}`, {
      method: "POST",
      headers: {
        "content-type": "application/x-ndjson",
        authorization: `Basic ${btoa(`${SANDBOX.username}:${SANDBOX.serviceSecret}`)}`,
      },
      body: lines.join("\n"),
    });
    assert.equal(answer.status, 200);
  });
  after(() => lab.stop());
  beforeEach(async () => {
    lab.requests.length = 0;
    await fetch(`${lab.url}/sandbox/faults`, { method: "DELETE" });
  });
  return {
    folder,
    get requests() {
      return lab.requests;
    },
    mp: (words, env) =>
      lab.mp(["export", ...words], {
        env: { XDG_STATE_HOME: folder.path("state"), HOME: folder.path("home"), ...env },
      }),
    newPath: (name) => folder.path(`${++paths}-${name}`),
    fault: (body) => addFaults(lab.url, body),
  };
}
