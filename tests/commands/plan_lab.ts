/** `mp plan` against a project with the demo's definitions. */
import assert from "node:assert/strict";
import { SANDBOX } from "../../src/sandbox/defaults.ts";
import { loadManagedObjects } from "../../src/sandbox/demo/managed_objects.ts";
import { COHORTS } from "../../src/sandbox/demo/saved_reports.ts";
import { COHORT } from "../../src/sandbox/query/saved_cohort.ts";
import { openProgramLab, type ProgramLab } from "../helpers/program_lab.ts";
import { temporaryFolder } from "../helpers/temporary_folder.ts";
import { NOW_MS, type ProgramResult } from "../helpers/world.ts";

export interface PlanLab extends ProgramLab {
  /** Where the plan is, or will be. */
  folder: string;
  plan(...argv: string[]): Promise<ProgramResult>;
  /** Runs `mp plan`, and throws when it does not end with 0. */
  done(...argv: string[]): Promise<ProgramResult>;
  /** What `mp plan diff` finds between the folder and the project. */
  changes(...argv: string[]): Promise<{ action: string; kind: string; name: string; fields?: unknown[] }[]>;
  /** Writes a file of the plan; returns its path. */
  write(path: string, text: string): string;
  /** A project in which nothing is defined. */
  emptyProject(): Promise<string>;
}

/** Gives each work a sandbox and a folder of its own, which is not there yet. */
export function planLabs(): (work: (lab: PlanLab) => Promise<void>) => Promise<void> {
  const files = temporaryFolder();
  let folders = 0;
  return async (work) => {
    const lab = openProgramLab();
    loadManagedObjects(lab.store, SANDBOX.projectId, NOW_MS);
    for (const { id, ...cohort } of COHORTS) lab.store.savedObjects.put(SANDBOX.projectId, COHORT, id, cohort);
    const name = `plan-${++folders}`;
    const folder = files.path(name);
    const plan = (...argv: string[]) => lab.mp(["plan", ...argv]);
    try {
      await work({
        ...lab,
        folder,
        plan,
        async done(...argv) {
          const result = await plan(...argv);
          assert.equal(result.code, 0, result.stderr);
          return result;
        },
        changes: async (...argv) => JSON.parse((await plan("diff", folder, ...argv)).stdout).changes,
        write: (path, text) => files.write(`${name}/${path}`, text),
        emptyProject: async () => (await lab.mp(["projects", "create", "empty", "--jq", ".id"])).stdout.trim(),
      });
    } finally {
      await lab.stop();
    }
  };
}
