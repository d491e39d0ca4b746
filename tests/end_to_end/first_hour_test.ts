/**
 * What people do in their first hour, on a terminal of 80 × 24 and one of 100 × 30: no line is wider than the terminal, no number
 * is cut, and the numbers are those of the events themselves. The lists of `first_hour/` have the 38 jobs of a newcomer.
 */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { itUnless } from "../helpers/needs.ts";
import { type S3Server, startS3Server } from "../helpers/s3_server.ts";
import { ANALYST } from "./first_hour/analyst.ts";
import { ANYONE } from "./first_hour/anyone.ts";
import { DEVELOPER } from "./first_hour/developer.ts";
import { ENGINEER } from "./first_hour/engineer.ts";
import { fetchEvents } from "./first_hour/numbers.ts";
import { OPERATOR } from "./first_hour/operator.ts";
import { removeRelease } from "./first_hour/release.ts";
import { noTerminal, type Place, take } from "./first_hour/walk.ts";
import { type SandboxProcess, startSandboxProcess } from "./sandbox_process.ts";
import { openWorkbench, type Workbench } from "./workbench.ts";

const JOBS = 38;
/** Jobs that take more lines than one, and how many. */
const LINES: Readonly<Record<number, number>> = {
  13: 2,
  14: 2,
  15: 2,
  17: 3,
  19: 2,
  21: 3,
  23: 2,
  24: 3,
  28: 2,
  30: 2,
  35: 2,
};
const TERMINALS = [[24, 80], [30, 100]] as const;
const WALKS = [...ANALYST, ...ENGINEER, ...OPERATOR, ...DEVELOPER, ...ANYONE];

describe("the first hour", () => {
  let workbench: Workbench;
  let bucket: S3Server;
  let quotas: SandboxProcess;
  let places: Map<number, Place>;
  before(async () => {
    if (noTerminal) return;
    [workbench, bucket, quotas] = await Promise.all([
      openWorkbench(),
      startS3Server(),
      startSandboxProcess(undefined, ["--quotas"]),
    ]);
    const { sandbox } = workbench;
    const events = await fetchEvents(sandbox);
    places = new Map(TERMINALS.map(([, columns]) => {
      const desk = workbench.newDesk({ accounts: true });
      return [columns, { desk, sandbox, bucket, quotas, events, columns }];
    }));
  });
  after(async () => {
    await Promise.all([workbench?.close(), bucket?.stop(), quotas?.stop()]);
    removeRelease();
  });

  it("has every job, in as few lines as it should take", () => {
    assert.deepEqual(
      [...new Set(WALKS.map(({ job }) => job))].sort((one, other) => one - other),
      Array.from({ length: JOBS }, (_, index) => index + 1),
    );
    for (const { job, who, type } of WALKS) assert.ok(type.length <= (LINES[job] ?? 1), who);
  });

  for (const walk of WALKS) {
    for (const [rows, columns] of TERMINALS) {
      const name = `${walk.job}: ${walk.who}, on ${columns} × ${rows}: ${walk.type.at(-1)}`;
      itUnless(noTerminal, name, { timeout: 120_000 }, () => take(walk, rows, places.get(columns)!));
    }
  }
});
